export { playbooksHandlers } from './handlers.ts'
export { readPlaybooks, tasksOf, type PlaybookLibrary } from './library.ts'
