export { huntingHandlers } from './handlers.ts'
