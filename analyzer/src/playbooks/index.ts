export { playbooksHandlers } from './handlers.ts'
export { readPlaybooks, tasksOf, type PlaybookLibrary, type RefusedPlaybook } from './library.ts'
export { checkPlaybook, type PlaybookProblem } from './validate.ts'
