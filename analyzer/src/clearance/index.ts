export { cleared } from './cleared.ts'
