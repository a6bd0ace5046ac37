import { z } from 'zod'
import { flatEvent } from '../event.ts'
import {
  clockSchema,
  eventOrderSchema,
  explanationSchema,
  huntDraftSchema,
  huntRunSchema,
  huntSchema,
  kqlSchema,
  retroHuntSchema,
} from '../hunt.ts'
import { pageOf, pageQuery, versionSchema } from '../page.ts'
import { severitySchema } from '../rule.ts'
import { byId, period } from './parameters.ts'
import { route } from './route.ts'

const query = { ...period, query: kqlSchema.default(''), clock: clockSchema.default('received') }
const field = z.string().min(1).max(200)
const value = z.union([z.string(), z.number(), z.boolean(), z.null()])

/** Searching events, saved hunts, rules over history. */
export const huntingRoutes = {
  searchEvents: route({
    method: 'POST',
    path: '/api/events/search',
    summary: 'Events that a KQL query finds, a page at a time',
    tag: 'events',
    role: 'viewer',
    body: z.strictObject({
      ...query,
      order: eventOrderSchema.default('newest'),
      limit: z.int().min(1).max(500).default(100),
      after: z.string().max(2_000).optional(),
    }),
    reply: pageOf(flatEvent).extend({ explanation: explanationSchema }),
  }),
  countEvents: route({
    method: 'POST',
    path: '/api/events/histogram',
    summary: 'How many events a KQL query finds, over time',
    tag: 'events',
    role: 'viewer',
    body: z.strictObject({ ...query, buckets: z.int().min(1).max(500).default(60), split: field.optional() }),
    reply: z.object({
      total: z.int(),
      bucketSeconds: z.number(),
      items: z.array(z.object({ at: z.iso.datetime(), count: z.int(), parts: z.record(z.string(), z.int()).optional() })),
    }),
  }),
  listFields: route({
    method: 'POST',
    path: '/api/events/fields',
    summary: 'The fields of the newest events that a KQL query finds, with their most frequent values among them',
    tag: 'events',
    role: 'viewer',
    body: z.strictObject(query),
    reply: z.object({
      /** So many of the newest events were looked at. */
      sampled: z.int(),
      items: z.array(
        z.object({
          name: z.string(),
          type: z.enum(['text', 'number', 'boolean', 'address', 'time']),
          events: z.int(),
          values: z.array(z.object({ value, count: z.int() })),
        }),
      ),
    }),
  }),
  fieldValues: route({
    method: 'POST',
    path: '/api/events/values',
    summary: 'The most frequent or rarest values of a field, and what it measures',
    tag: 'events',
    role: 'viewer',
    body: z.strictObject({ ...query, field, first: z.enum(['most', 'rarest']).default('most'), size: z.int().min(1).max(100).default(10) }),
    reply: z.object({
      items: z.array(z.object({ value, count: z.int() })),
      measure: z.object({
        events: z.int(),
        distinct: z.int(),
        exact: z.boolean(),
        numbers: z.object({ minimum: z.number(), maximum: z.number(), mean: z.number(), sum: z.number() }).optional(),
      }),
    }),
  }),
  exportEvents: route({
    method: 'GET',
    path: '/api/events/export',
    summary: 'Every event that a KQL query finds, oldest first, as a file',
    tag: 'events',
    role: 'analyst',
    query: z.object({
      ...query,
      format: z.enum(['ndjson', 'csv']).default('ndjson'),
      /** Columns of the CSV, by commas; by default those of the console's table. */
      fields: z.string().max(4_000).optional(),
    }),
    produces: 'application/x-ndjson',
  }),
  writeSigmaRule: route({
    method: 'POST',
    path: '/api/events/sigma',
    summary: 'A KQL query as a Sigma rule',
    tag: 'hunts',
    role: 'analyst',
    body: z.strictObject({
      query: kqlSchema,
      title: z.string().trim().min(1).max(200),
      description: z.string().max(4_000).default(''),
      severity: severitySchema,
      logsource: z.strictObject({ category: z.string().optional(), product: z.string().optional(), service: z.string().optional() }),
      techniques: huntDraftSchema.shape.techniques,
    }),
    reply: z.object({ yaml: z.string() }),
  }),
  listHunts: route({
    method: 'GET',
    path: '/api/hunts',
    summary: 'Saved hunts, by title',
    tag: 'hunts',
    role: 'viewer',
    query: z.object(pageQuery),
    reply: pageOf(huntSchema),
  }),
  createHunt: route({
    method: 'POST',
    path: '/api/hunts',
    summary: 'Save a hunt',
    tag: 'hunts',
    role: 'analyst',
    body: huntDraftSchema,
    reply: huntSchema,
  }),
  readHunt: route({
    method: 'GET',
    path: '/api/hunts/:id',
    summary: 'A saved hunt with its last runs',
    tag: 'hunts',
    role: 'viewer',
    params: byId,
    reply: huntSchema,
  }),
  changeHunt: route({
    method: 'PUT',
    path: '/api/hunts/:id',
    summary: 'Change a saved hunt',
    tag: 'hunts',
    role: 'analyst',
    params: byId,
    body: huntDraftSchema.extend({ version: versionSchema }),
    reply: huntSchema,
  }),
  removeHunt: route({
    method: 'DELETE',
    path: '/api/hunts/:id',
    summary: 'Delete a saved hunt',
    tag: 'hunts',
    role: 'analyst',
    params: byId,
    query: z.object({ version: z.coerce.number().int().positive() }),
  }),
  runHunt: route({
    method: 'POST',
    path: '/api/hunts/:id/runs',
    summary: 'Run a scheduled hunt now',
    tag: 'hunts',
    role: 'analyst',
    params: byId,
    reply: huntRunSchema,
  }),
  listRetroHunts: route({
    method: 'GET',
    path: '/api/retro-hunts',
    summary: 'Rules that were run over history, newest first',
    tag: 'hunts',
    role: 'viewer',
    query: z.object(pageQuery),
    reply: pageOf(retroHuntSchema),
  }),
  startRetroHunt: route({
    method: 'POST',
    path: '/api/retro-hunts',
    summary: 'Run rules over history',
    tag: 'hunts',
    role: 'analyst',
    body: z.strictObject({
      ...period,
      /** Ids of rules; empty: every rule that is on. */
      rules: z.array(z.string().max(200)).max(5_000).default([]),
      mode: z.enum(['preview', 'alerts']).default('preview'),
    }),
    reply: retroHuntSchema,
  }),
  readRetroHunt: route({
    method: 'GET',
    path: '/api/retro-hunts/:id',
    summary: 'How far a run over history is and what it found',
    tag: 'hunts',
    role: 'viewer',
    params: byId,
    reply: retroHuntSchema,
  }),
  steerRetroHunt: route({
    method: 'POST',
    path: '/api/retro-hunts/:id/steer',
    summary: 'Pause, resume or cancel a run over history',
    tag: 'hunts',
    role: 'analyst',
    params: byId,
    body: z.strictObject({ action: z.enum(['pause', 'resume', 'cancel']) }),
    reply: retroHuntSchema,
  }),
} as const
