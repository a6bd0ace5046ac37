import { z } from 'zod'
import { localizedTextSchema } from './config.ts'
import { flatEvent } from './event.ts'
import { severitySchema } from './rule.ts'
import { tlpSchema } from './scope.ts'

/** `new` → `acknowledged` (somebody looks) → `closed` with a resolution; `escalated` when it is part of a case. */
export const alertStatusSchema = z.enum(['new', 'acknowledged', 'escalated', 'closed'])
export type AlertStatus = z.infer<typeof alertStatusSchema>
export const alertResolutionSchema = z.enum(['true-positive', 'benign', 'false-positive', 'duplicate'])
export type AlertResolution = z.infer<typeof alertResolutionSchema>

/**
 * Hits of one rule in one agency, grouped by the rule's `group_by` fields within one hour of event time.
 * The id is made of exactly these, so that evaluating an event again changes nothing. In a flood, groups beyond 5,000 of one rule, agency and hour
 * share one alert whose group values are `*`.
 */
export const alertSchema = z.object({
  id: z.string(),
  agency: z.string(),
  tlp: tlpSchema,
  rule: z.object({
    id: z.string(),
    title: z.string(),
    titles: localizedTextSchema.optional(),
    level: severitySchema,
    tags: z.array(z.string()),
  }),
  severity: severitySchema,
  /** 0-100: severity, raised by the number of hits. */
  risk: z.number().min(0).max(100),
  status: alertStatusSchema,
  resolution: alertResolutionSchema.optional(),
  assignee: z.string().optional(),
  case: z.string().optional(),
  /** The values of the fields that the hits were grouped by. */
  group: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  sources: z.array(z.string()),
  hits: z.object({
    count: z.int().positive(),
    firstAt: z.iso.datetime(),
    lastAt: z.iso.datetime(),
    /** The first events, 50 at most; `count` tells how many there are. */
    events: z.array(z.string()),
    /** Highest journal position counted, by collector: a repeated event is known by it. */
    upTo: z.record(z.string(), z.int()),
  }),
  /** Attacker and target as far as the events name them, for lists. */
  entities: z.object({ source: z.array(z.string()), user: z.array(z.string()), host: z.array(z.string()) }),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  version: z.int().positive(),
})
export type Alert = z.infer<typeof alertSchema>

/** One condition of the rule that an event met, to be put in words by the console. */
export const findingSchema = z.object({
  field: z.string(),
  /** The test's kind of the predicate IR: equals, prefix, suffix, contains, glob, regex, network, compare, timePart, exists, null, equalsField. */
  test: z.string(),
  /** What the rule asks for. */
  expected: z.string(),
  /** The event's values that satisfy it. */
  actual: z.array(z.string()),
  negated: z.boolean(),
})
export type Finding = z.infer<typeof findingSchema>

export const alertEventSchema = z.object({ event: flatEvent, findings: z.array(findingSchema) })

export const alertDetailSchema = z.object({
  alert: alertSchema,
  rule: z.object({
    description: z.string().optional(),
    /** The author's reason in plain words, when the rule has one. */
    reason: localizedTextSchema.optional(),
    falsePositives: z.array(z.string()),
    references: z.array(z.string()),
    playbook: z.string().optional(),
  }),
  events: z.array(alertEventSchema),
  notes: z.array(z.object({ at: z.iso.datetime(), by: z.string(), text: z.string() })),
})
export type AlertDetail = z.infer<typeof alertDetailSchema>

export const alertChangeSchema = z
  .object({
    status: z.enum(['new', 'acknowledged', 'closed']).optional(),
    resolution: alertResolutionSchema.optional(),
    /** A user id; null takes the assignee away. */
    assignee: z.string().nullable().optional(),
    note: z.string().trim().min(1).max(5_000).optional(),
    version: z.int().positive(),
  })
  .refine((change) => change.status !== 'closed' || change.resolution !== undefined, {
    path: ['resolution'],
    message: 'a closed alert needs a resolution',
  })
