import { z } from 'zod'
import { flatEvent } from '../event.ts'
import { ledgerMinuteSchema } from '../ledger.ts'
import { ruleDetailSchema, ruleSchema } from '../rule.ts'
import { sourceStatusSchema } from '../source.ts'
import { byId, period } from './parameters.ts'
import { route } from './route.ts'

/** Rules, sources with their ledger, events. */
export const detectionRoutes = {
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
} as const
