import { z } from 'zod'
import { severitySchema } from './rule.ts'
import { saidSchema } from './sentence.ts'
import { versionSchema } from './page.ts'

export const clockSchema = z.enum(['received', 'occurred'])
export type QueryClock = z.infer<typeof clockSchema>

/** KQL, as Kibana's users know it (rules/sigma/docs); the empty text asks for everything. */
export const kqlSchema = z.string().max(10_000)

export const extentSchema = z.object({ units: z.int(), events: z.int(), bytes: z.int() })

/** What a search had to read and why the rest not: for people who wonder why it is fast or slow. */
export const explanationSchema = z.object({
  unit: z.enum(['segment', 'index']),
  all: extentSchema,
  scanned: extentSchema,
  /** `time`, `agency`, `dataset`, `values`, `damaged`. */
  pruned: z.array(z.object({ by: z.string(), units: z.int(), events: z.int() })),
  verified: z.boolean(),
  /** Which fields the patterns of fields in the query stood for: the first hundred names, and how many they are. */
  patterns: z.array(z.object({ pattern: z.string(), fields: z.array(z.string()), count: z.int() })),
})
export type SearchExplanation = z.infer<typeof explanationSchema>

export const eventOrderSchema = z.union([
  z.enum(['newest', 'oldest']),
  z.strictObject({ field: z.string().min(1).max(200), direction: z.enum(['ascending', 'descending']) }),
])
export type EventOrder = z.infer<typeof eventOrderSchema>

/**
 * When a saved hunt runs by itself, and what raises an alert. Runs look at what was received within windows that lie end to end, each
 * `everyMinutes` long, so that no event is missed or counted twice; what came due while the analyzer was down is made up for.
 */
export const huntScheduleSchema = z.strictObject({
  everyMinutes: z.int().min(1).max(10_080),
  /** How far the first run looks back. */
  lookbackMinutes: z.int().min(1).max(43_200),
  /** So many events of one run, or more, raise an alert. */
  threshold: z.int().min(1).default(1),
  severity: severitySchema,
})
export type HuntSchedule = z.infer<typeof huntScheduleSchema>

export const huntDraftSchema = z.strictObject({
  title: z.string().trim().min(1).max(200),
  description: z.string().max(4_000).default(''),
  query: kqlSchema,
  /** Columns of the table of events; empty: the usual ones. */
  columns: z.array(z.string().max(200)).max(30).default([]),
  schedule: huntScheduleSchema.nullable().default(null),
  /** ATT&CK techniques, such as `T1110.001`. */
  techniques: z
    .array(z.string().regex(/^T\d{4}(\.\d{3})?$/))
    .max(20)
    .default([]),
})
export type HuntDraft = z.infer<typeof huntDraftSchema>

export const huntRunSchema = z.object({
  at: z.iso.datetime(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  found: z.int(),
  /** Why it could not run; the next one looks at its window again. */
  error: saidSchema.optional(),
  /** What was not looked at: windows that passed too long ago, events that a collector still held. */
  note: saidSchema.optional(),
  /** The alert that it raised. */
  alert: z.string().optional(),
})
export type HuntRun = z.infer<typeof huntRunSchema>

export const huntSchema = huntDraftSchema.extend({
  id: z.string(),
  version: versionSchema,
  agency: z.string(),
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  /** The newest first, a few. */
  runs: z.array(huntRunSchema),
})
export type Hunt = z.infer<typeof huntSchema>

/** Rules over what is stored already. */
export const retroHuntSchema = z.object({
  id: z.string(),
  version: versionSchema,
  agency: z.string(),
  rules: z.array(z.string()),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  /** `alerts`: findings become alerts marked as retrospective. */
  mode: z.enum(['preview', 'alerts']),
  state: z.enum(['running', 'paused', 'done', 'cancelled', 'failed']),
  /** Of the period, 0 to 1. */
  progress: z.number(),
  scanned: z.int(),
  /** By rule: how often it matched, and its first events. */
  findings: z.array(z.object({ rule: z.string(), hits: z.int(), events: z.array(z.string()) })),
  /** Alerts that it made; those that a crash left of a part of the period that was looked at again are not counted. */
  alerts: z.int(),
  /** Rules that could not take part, and why. */
  skipped: z.array(z.object({ rule: z.string(), reason: saidSchema })),
  error: saidSchema.optional(),
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().optional(),
})
export type RetroHunt = z.infer<typeof retroHuntSchema>
