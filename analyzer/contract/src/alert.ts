import { z } from 'zod'
import { localizedListSchema, localizedTextSchema } from './text.ts'
import { flatEvent } from './event.ts'
import { severitySchema } from './rule.ts'
import { tlpSchema } from './scope.ts'
import { valueSentences } from './value-sentences.ts'

/**
 * `new` → `acknowledged` (somebody looks) → `closed` with a resolution; `escalated` when it is part of a case.
 * An alert that was closed as `true-positive` and gets new hits is opened again, as `new` or, in a case, as `escalated`: the attack goes on. One closed as
 * `benign`, `false-positive` or `duplicate` stays closed and counts them: they have been judged.
 */
export const alertStatusSchema = z.enum(['new', 'acknowledged', 'escalated', 'closed'])
export type AlertStatus = z.infer<typeof alertStatusSchema>
export const alertResolutionSchema = z.enum(['true-positive', 'benign', 'false-positive', 'duplicate'])
export type AlertResolution = z.infer<typeof alertResolutionSchema>

/**
 * Hits of one rule in one agency, grouped by the rule's `group_by` fields within one hour of event time. A correlation rule has a hit when the events that it counts
 * have come together, in the hour of the last of them; what its alert counts and names are these events.
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
  /** Found by a rule that was run over history. */
  retrospective: z.literal(true).optional(),
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
    /** Highest journal position counted, by collector: a repeated event is known by it. Of a correlation rule, the number of its last hit, under `correlation`. */
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
  /** The test's kind of the predicate IR: equals, prefix, suffix, contains, glob, regex, network, compare, timePart, moment, exists, null, equalsField. */
  test: z.string(),
  /** What the rule asks for. */
  expected: z.string(),
  /** The event's values that satisfy it. */
  actual: z.array(z.string()),
  negated: z.boolean(),
  /** For each value in `actual`, the stretches (start, end in UTF-16 units) that the test found in it; none where a test is not of a stretch of text. */
  spans: z.array(z.array(z.tuple([z.int().nonnegative(), z.int().nonnegative()]))).optional(),
})
export type Finding = z.infer<typeof findingSchema>

const ruleNameSchema = z.object({ id: z.string(), title: z.string(), titles: localizedTextSchema.optional() })

export const alertEventSchema = z.object({
  event: flatEvent,
  findings: z.array(findingSchema),
  /** In a correlation's alert: which of the rules that it rests on are true of the event; the findings are theirs. */
  rules: z.array(ruleNameSchema).optional(),
})

export const alertDetailSchema = z.object({
  alert: alertSchema,
  rule: z.object({
    description: z.string().optional(),
    descriptions: localizedTextSchema.optional(),
    /** The author's reason in plain words, when the rule has one. */
    reason: localizedTextSchema.optional(),
    falsePositives: z.array(z.string()),
    falsePositiveTexts: localizedListSchema.optional(),
    references: z.array(z.string()),
    playbook: z.string().optional(),
    /** Of a correlation rule: how many of which events within what time, by group. */
    correlation: z
      .object({
        /** Sigma's type: event_count, value_count, temporal, temporal_ordered, value_sum, value_avg, value_percentile, value_median. */
        type: z.string(),
        /** Of the count, sum, average, percentile or number of rules; empty where a condition over rules decides. */
        comparisons: z.array(z.object({ operator: z.enum(['gt', 'gte', 'lt', 'lte', 'eq', 'neq']), value: z.number() })),
        /** Fields whose values are counted or added up. */
        fields: z.array(z.string()),
        timespanSeconds: z.number().positive(),
        groupBy: z.array(z.string()),
        /** The rules that it refers to; in order for temporal_ordered. */
        rules: z.array(ruleNameSchema),
      })
      .optional(),
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
    tlp: tlpSchema.optional(),
    note: z.string().trim().min(1).max(5_000).optional(),
    version: z.int().positive(),
  })
  .refine((change) => change.status !== 'closed' || change.resolution !== undefined, {
    path: ['resolution'],
    message: valueSentences['resolution-missing'],
  })
