export { huntingHandlers, type HuntingDeps } from './handlers.ts'
