import { z } from 'zod'
import { alertChangeSchema, alertDetailSchema, alertSchema, alertStatusSchema } from './alert.ts'
import { auditEntrySchema, auditVerdictSchema } from './audit.ts'
import { caseChangeSchema, caseDetailSchema, caseSchema, caseStatusSchema, newCaseSchema, taskChangeSchema } from './case.ts'
import { agencySchema, localizedTextSchema } from './config.ts'
import { flatEvent } from './event.ts'
import { ledgerMinuteSchema } from './ledger.ts'
import { pageOf, pageQuery } from './page.ts'
import { playbookSummarySchema } from './playbook.ts'
import { noticeSchema } from './report.ts'
import { route } from './route.ts'
import { ruleDetailSchema, ruleSchema, severitySchema } from './rule.ts'
import { sourceStatusSchema } from './source.ts'
import { newUserSchema, passwordSchema, sessionSchema, userChangeSchema, userNameSchema, userSchema } from './user.ts'

const byId = z.object({ id: z.string().min(1).max(200) })
const language = z.enum(['vi', 'en']).default('vi')
const period = { from: z.iso.datetime(), to: z.iso.datetime() }
const docx = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'

/** `a,b` in a query string, or the parameter repeated. */
function listOf<T extends z.ZodType>(item: T) {
  return z.preprocess((value) => (typeof value === 'string' ? value.split(',').filter(Boolean) : value), z.array(item).max(100)).optional()
}

/** Every operation of the API. */
export const routes = {
  setupState: route({
    method: 'GET',
    path: '/api/setup',
    summary: 'Whether the first administrator is still to be made',
    tag: 'set-up',
    role: 'public',
    reply: z.object({ needed: z.boolean() }),
  }),
  setup: route({
    method: 'POST',
    path: '/api/setup',
    summary: 'Make the first administrator with the token of the one-time link, and sign in',
    tag: 'set-up',
    role: 'public',
    body: z.object({
      token: z.string().min(1).max(200),
      userName: userNameSchema,
      displayName: z.string().trim().min(1).max(120),
      password: passwordSchema,
    }),
    reply: sessionSchema,
  }),
  signIn: route({
    method: 'POST',
    path: '/api/session',
    summary: 'Sign in',
    tag: 'session',
    role: 'public',
    body: z.object({ userName: z.string().trim().toLowerCase().max(100), password: z.string().max(256) }),
    reply: sessionSchema,
  }),
  session: route({
    method: 'GET',
    path: '/api/session',
    summary: 'Who is signed in',
    tag: 'session',
    role: 'viewer',
    reply: sessionSchema,
  }),
  signOut: route({ method: 'DELETE', path: '/api/session', summary: 'Sign out', tag: 'session', role: 'viewer' }),
  changePassword: route({
    method: 'PUT',
    path: '/api/session/password',
    summary: 'Change one’s own password; other sessions of the user end',
    tag: 'session',
    role: 'viewer',
    body: z.object({ current: z.string().max(256), next: passwordSchema }),
  }),

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

  listCases: route({
    method: 'GET',
    path: '/api/cases',
    summary: 'Cases, newest first',
    tag: 'cases',
    role: 'viewer',
    query: z.object({
      ...pageQuery,
      status: listOf(caseStatusSchema),
      severity: listOf(severitySchema),
      agency: z.string().max(63).optional(),
    }),
    reply: pageOf(caseSchema),
  }),
  createCase: route({
    method: 'POST',
    path: '/api/cases',
    summary: 'Open a case',
    tag: 'cases',
    role: 'analyst',
    body: newCaseSchema,
    reply: caseSchema,
  }),
  readCase: route({
    method: 'GET',
    path: '/api/cases/:id',
    summary: 'A case with its legal clocks',
    tag: 'cases',
    role: 'viewer',
    params: byId,
    reply: caseDetailSchema,
  }),
  changeCase: route({
    method: 'PATCH',
    path: '/api/cases/:id',
    summary: 'Change a case',
    tag: 'cases',
    role: 'analyst',
    params: byId,
    body: caseChangeSchema,
    reply: caseSchema,
  }),
  addCaseNote: route({
    method: 'POST',
    path: '/api/cases/:id/notes',
    summary: 'Add a note',
    tag: 'cases',
    role: 'analyst',
    params: byId,
    body: z.object({ text: z.string().trim().min(1).max(20_000) }),
    reply: caseSchema,
  }),
  addCaseTask: route({
    method: 'POST',
    path: '/api/cases/:id/tasks',
    summary: 'Add a task',
    tag: 'cases',
    role: 'analyst',
    params: byId,
    body: z.object({ title: z.string().trim().min(1).max(300), version: z.int().positive() }),
    reply: caseSchema,
  }),
  changeCaseTask: route({
    method: 'PATCH',
    path: '/api/cases/:id/tasks/:task',
    summary: 'Change a task',
    tag: 'cases',
    role: 'analyst',
    params: z.object({ id: z.string(), task: z.string() }),
    body: taskChangeSchema,
    reply: caseSchema,
  }),
  fulfilObligation: route({
    method: 'PUT',
    path: '/api/cases/:id/obligations/:obligation',
    summary: 'Mark a legal duty as fulfilled, or take the mark back',
    tag: 'cases',
    role: 'analyst',
    params: z.object({ id: z.string(), obligation: z.string() }),
    body: z.object({ done: z.boolean(), version: z.int().positive() }),
    reply: caseDetailSchema,
  }),
  readNotice: route({
    method: 'GET',
    path: '/api/cases/:id/notice',
    summary: 'The incident notice with the fields still missing',
    tag: 'reports',
    role: 'viewer',
    params: byId,
    reply: noticeSchema,
  }),
  fillNotice: route({
    method: 'PUT',
    path: '/api/cases/:id/notice',
    summary: 'Fill in fields of the incident notice',
    tag: 'reports',
    role: 'analyst',
    params: byId,
    body: z.object({ values: z.record(z.string().max(100), z.string().max(20_000)), version: z.int().positive() }),
    reply: noticeSchema,
  }),
  noticeDocx: route({
    method: 'GET',
    path: '/api/cases/:id/notice.docx',
    summary: 'The incident notice as DOCX',
    tag: 'reports',
    role: 'analyst',
    params: byId,
    query: z.object({ language }),
    produces: docx,
  }),
  noticePdf: route({
    method: 'GET',
    path: '/api/cases/:id/notice.pdf',
    summary: 'The incident notice as PDF',
    tag: 'reports',
    role: 'analyst',
    params: byId,
    query: z.object({ language }),
    produces: 'application/pdf',
  }),

  listRules: route({
    method: 'GET',
    path: '/api/rules',
    summary: 'Rules and whether they can fire',
    tag: 'rules',
    role: 'viewer',
    reply: z.object({ items: z.array(ruleSchema) }),
  }),
  readRule: route({
    method: 'GET',
    path: '/api/rules/:id',
    summary: 'A rule with its text',
    tag: 'rules',
    role: 'viewer',
    params: byId,
    reply: ruleDetailSchema,
  }),
  changeRule: route({
    method: 'PATCH',
    path: '/api/rules/:id',
    summary: 'Switch a rule on or off',
    tag: 'rules',
    role: 'manager',
    params: byId,
    body: z.object({ enabled: z.boolean(), note: z.string().max(1_000).optional() }),
    reply: ruleSchema,
  }),

  listSources: route({
    method: 'GET',
    path: '/api/sources',
    summary: 'Sources with their counts',
    tag: 'sources',
    role: 'viewer',
    reply: z.object({ items: z.array(sourceStatusSchema) }),
  }),
  readLedger: route({
    method: 'GET',
    path: '/api/sources/:id/ledger',
    summary: 'A source’s ledger, minute by minute',
    tag: 'sources',
    role: 'viewer',
    params: byId,
    query: z.object(period),
    reply: z.object({ items: z.array(ledgerMinuteSchema) }),
  }),
  listRejected: route({
    method: 'GET',
    path: '/api/sources/:id/rejected',
    summary: 'The newest rejected frames of a source, with their bytes',
    tag: 'sources',
    role: 'viewer',
    params: byId,
    query: z.object({ limit: z.coerce.number().int().min(1).max(200).default(50) }),
    reply: z.object({ items: z.array(flatEvent) }),
  }),

  readEvent: route({
    method: 'GET',
    path: '/api/events/:id',
    summary: 'An event',
    tag: 'events',
    role: 'viewer',
    params: byId,
    reply: z.object({ event: flatEvent }),
  }),
  volume: route({
    method: 'GET',
    path: '/api/volume',
    summary: 'Events and alerts over time',
    tag: 'events',
    role: 'viewer',
    query: z.object({ ...period, buckets: z.coerce.number().int().min(1).max(500).default(60), source: z.string().max(63).optional() }),
    reply: z.object({
      bucketSeconds: z.number(),
      items: z.array(z.object({ at: z.iso.datetime(), events: z.int(), alerts: z.record(z.string(), z.int()) })),
      /** Events by source in the whole period. */
      sources: z.record(z.string(), z.int()),
    }),
  }),

  listPlaybooks: route({
    method: 'GET',
    path: '/api/playbooks',
    summary: 'Playbooks that a case can start from',
    tag: 'playbooks',
    role: 'viewer',
    reply: z.object({ items: z.array(playbookSummarySchema) }),
  }),
  listAgencies: route({
    method: 'GET',
    path: '/api/agencies',
    summary: 'Agencies within the session’s scope',
    tag: 'agencies',
    role: 'viewer',
    reply: z.object({ items: z.array(agencySchema) }),
  }),

  listUsers: route({
    method: 'GET',
    path: '/api/users',
    summary: 'Users',
    tag: 'users',
    role: 'viewer',
    reply: z.object({ items: z.array(userSchema) }),
  }),
  createUser: route({
    method: 'POST',
    path: '/api/users',
    summary: 'Add a user',
    tag: 'users',
    role: 'administrator',
    body: newUserSchema,
    reply: userSchema,
  }),
  changeUser: route({
    method: 'PATCH',
    path: '/api/users/:id',
    summary: 'Change a user',
    tag: 'users',
    role: 'administrator',
    params: byId,
    body: userChangeSchema,
    reply: userSchema,
  }),

  listAudit: route({
    method: 'GET',
    path: '/api/audit',
    summary: 'The audit chain, newest first',
    tag: 'audit',
    role: 'manager',
    query: z.object({ ...pageQuery, agency: z.string().max(63).optional() }),
    reply: pageOf(auditEntrySchema),
  }),
  verifyAudit: route({
    method: 'GET',
    path: '/api/audit/verify',
    summary: 'Check the hashes of the audit chain',
    tag: 'audit',
    role: 'manager',
    reply: z.object({ items: z.array(auditVerdictSchema) }),
  }),

  about: route({
    method: 'GET',
    path: '/api/about',
    summary: 'The product’s version and what this installation is called',
    tag: 'about',
    role: 'public',
    reply: z.object({ name: z.string(), version: z.string(), operator: localizedTextSchema }),
  }),
} as const

export type Routes = typeof routes
export type RouteName = keyof Routes

/** `GET`, `text/event-stream`: see stream.ts. Not in `routes`, since a stream has no single reply. */
export const streamPath = '/api/stream'
