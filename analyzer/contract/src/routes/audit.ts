import { z } from 'zod'
import { auditVerdictSchema, shownAuditEntrySchema } from '../audit.ts'
import { pageOf, pageQuery } from '../page.ts'
import { route } from './route.ts'

/** The audit chain. */
export const auditRoutes = {
  listAudit: route({
    method: 'GET',
    path: '/api/audit',
    summary: 'The audit chain, newest first',
    tag: 'audit',
    role: 'manager',
    query: z.object({ ...pageQuery, agency: z.string().max(63).optional() }),
    reply: pageOf(shownAuditEntrySchema),
  }),
  verifyAudit: route({
    method: 'GET',
    path: '/api/audit/verify',
    summary: 'Check the hashes of the audit chain',
    tag: 'audit',
    role: 'manager',
    reply: z.object({ items: z.array(auditVerdictSchema) }),
  }),
} as const
