export { casesHandlers } from './handlers.ts'
export { caseKind } from './kind.ts'
export { localTime } from './wording.ts'
