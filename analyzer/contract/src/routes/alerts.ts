import { z } from 'zod'
import { alertChangeSchema, alertDetailSchema, alertSchema, alertStatusSchema } from '../alert.ts'
import { caseSchema } from '../case.ts'
import { pageOf, pageQuery } from '../page.ts'
import { severitySchema } from '../rule.ts'
import { byId, listOf } from './parameters.ts'
import { route } from './route.ts'

/** Triage. */
export const alertRoutes = {
  listAlerts: route({
    method: 'GET',
    path: '/api/alerts',
    summary: 'Alerts, newest first',
    tag: 'alerts',
    role: 'viewer',
    query: z.object({
      ...pageQuery,
      status: listOf(alertStatusSchema),
      severity: listOf(severitySchema),
      rule: z.string().max(200).optional(),
      agency: z.string().max(63).optional(),
      assignee: z.string().max(100).optional(),
      /** A value of the alert's entities (address, user, host), whole. */
      entity: z.string().max(300).optional(),
    }),
    reply: pageOf(alertSchema).extend({
      counts: z.object({ status: z.record(z.string(), z.int()), severity: z.record(z.string(), z.int()) }),
    }),
  }),
  readAlert: route({
    method: 'GET',
    path: '/api/alerts/:id',
    summary: 'An alert with its events and the reason',
    tag: 'alerts',
    role: 'viewer',
    params: byId,
    reply: alertDetailSchema,
  }),
  changeAlert: route({
    method: 'PATCH',
    path: '/api/alerts/:id',
    summary: 'Change status or assignee, add a note',
    tag: 'alerts',
    role: 'analyst',
    params: byId,
    body: alertChangeSchema,
    reply: alertSchema,
  }),
  escalateAlert: route({
    method: 'POST',
    path: '/api/alerts/:id/case',
    summary: 'Make a case of the alert, or add it to one',
    tag: 'alerts',
    role: 'analyst',
    params: byId,
    body: z.object({ case: z.string().optional(), title: z.string().trim().min(1).max(300).optional(), playbook: z.string().optional() }),
    reply: caseSchema,
  }),
} as const
