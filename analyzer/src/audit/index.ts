export { auditHandlers } from './audit-handlers.ts'
export { chainOf, verifyChain } from './chain.ts'
export { createAuditRecorder } from './chained-recorder.ts'
export type { AuditAction, AuditRecorder } from './recorder.ts'
