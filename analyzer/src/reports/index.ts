export { readForm, type Form } from './form.ts'
export { reportsHandlers } from './handlers.ts'
