export { FolderError, lockFolder, openFolder } from './data-folder.ts'
export { ensureFolder, syncFolder, writeAtomically } from './files.ts'
export { closeServer, listen, ListenError, type RunningServer } from './listen.ts'
