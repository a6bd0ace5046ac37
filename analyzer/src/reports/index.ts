export { readForm, type Form } from './form.ts'
export { reportsHandlers, type ReportsDeps } from './handlers.ts'
