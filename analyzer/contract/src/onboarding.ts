import { z } from 'zod'
import { ledgerCountsSchema } from './ledger.ts'
import { versionSchema } from './page.ts'
import { saidSchema } from './sentence.ts'
import { sourceSchema, sourceIdSchema, type Transport } from './source-config.ts'
import { valueSentences } from './value-sentences.ts'

/** Of information security, by Vietnamese law: 1 (lowest) to 5. */
export const systemLevelSchema = z.int().min(1).max(5)

const person = z.strictObject({ name: z.string().max(200), phone: z.string().max(50).default(''), email: z.string().max(200).default('') })

export const systemDraftSchema = z.strictObject({
  name: z.string().trim().min(1).max(200),
  agency: z.string().min(1).max(63),
  level: systemLevelSchema,
  /** Who answers for it before the law ("chủ quản") and who runs it ("vận hành"). */
  owner: person,
  operator: person,
  description: z.string().max(4_000).default(''),
  /** Addresses and networks of the system: events of them are marked as its own. */
  networks: z.array(z.string().max(50)).max(500).default([]),
})
export type SystemDraft = z.infer<typeof systemDraftSchema>

/** A monitored information system of an agency. */
export const systemSchema = systemDraftSchema.extend({
  id: z.string(),
  version: versionSchema,
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  sources: z.int(),
})
export type MonitoredSystem = z.infer<typeof systemSchema>

const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, valueSentences['clock-form'])

/** When a source is expected to send; outside of it, silence is no alarm. Times are those of Asia/Ho_Chi_Minh. */
export const calendarSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('always') }),
  z.strictObject({
    kind: z.literal('hours'),
    /** 1 is Monday, 7 Sunday. */
    days: z.array(z.int().min(1).max(7)).min(1).max(7),
    from: clockTime,
    to: clockTime,
    /** Whether it also rests on public holidays, Tết by the lunar calendar among them. */
    restsOnHolidays: z.boolean(),
  }),
])
export type Calendar = z.infer<typeof calendarSchema>

const eventsPerHourSchema = z.array(z.int().nonnegative()).length(168)

/** What the ledger knows of a source as its expectation, for somebody to look at and accept. */
export const volumeProposalSchema = z.object({
  /** Days that it was made from; null for what they are too few to tell. */
  days: z.int(),
  eventsPerDay: z.int().positive().nullable(),
  eventsPerHour: eventsPerHourSchema.nullable(),
})
export type VolumeProposal = z.infer<typeof volumeProposalSchema>

export const expectationSchema = z.strictObject({
  calendar: calendarSchema.default({ kind: 'always' }),
  /** Silence of so many minutes within the calendar raises an alarm; 0: never. */
  silenceMinutes: z.int().min(0).max(10_080).default(15),
  /** What it sends on an ordinary day; far more or far less raises an alarm. null: not known. */
  eventsPerDay: z.int().positive().nullable().default(null),
  /** What it sends in each hour of an ordinary week, from Monday at midnight on, and of its calendar's days alone; then hours are judged, and not days. */
  eventsPerHour: eventsPerHourSchema.nullable().default(null),
})
export type Expectation = z.infer<typeof expectationSchema>

export const sourceDraftSchema = z.strictObject({
  config: sourceSchema,
  /** Id of the system that it belongs to. */
  system: z.string().max(100),
  expectation: expectationSchema.prefault({}),
  /** Its events are kept so long; null: as long as the platform keeps events. */
  retentionDays: z.int().min(1).max(3_650).nullable().default(null),
  paused: z.boolean().default(false),
  /** Why it is paused, for whoever sees it silent. */
  pauseReason: z.string().trim().max(1_000).default(''),
})
export type SourceDraft = z.infer<typeof sourceDraftSchema>

/** A source as it was registered in the console. Its tokens and certificates are shown once, when they are issued. */
export const registeredSourceSchema = sourceDraftSchema.extend({
  id: sourceIdSchema,
  version: versionSchema,
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  tokens: z.array(z.object({ id: z.string(), issuedAt: z.iso.datetime(), issuedBy: z.string() })),
  certificates: z.array(
    z.object({
      serial: z.string(),
      issuedAt: z.iso.datetime(),
      notAfter: z.iso.datetime(),
      issuedBy: z.string(),
      revokedAt: z.iso.datetime().optional(),
    }),
  ),
})
export type RegisteredSource = z.infer<typeof registeredSourceSchema>

export const shipperSchema = z.enum([
  'rsyslog',
  'rsyslog-relp',
  'syslog-ng',
  'systemd-journal-upload',
  'filebeat',
  'winlogbeat',
  'vector',
  'fluent-bit',
  'opentelemetry',
  'logstash',
  'curl',
  'docker',
  'python',
])
export type Shipper = z.infer<typeof shipperSchema>

/** What can send to a source of each transport, the likeliest first. */
export const shippersOf: Readonly<Partial<Record<Transport, readonly Shipper[]>>> = {
  syslog: ['rsyslog', 'rsyslog-relp', 'syslog-ng', 'vector', 'fluent-bit', 'opentelemetry', 'logstash'],
  http: ['filebeat', 'winlogbeat', 'vector', 'fluent-bit', 'opentelemetry', 'logstash', 'rsyslog', 'syslog-ng', 'curl'],
  lumberjack: ['filebeat', 'winlogbeat'],
  gelf: ['docker', 'python', 'syslog-ng'],
  journald: ['systemd-journal-upload'],
}

/** Stands in a snippet where the token is to be: nobody knows it any more once it has been shown. */
export const tokenPlaceholder = 'PUT-THE-TOKEN-OF-THE-SOURCE-HERE'

const textFileSchema = z.object({ file: z.string(), text: z.string() })
/** The shipper's configuration, and the other files that it names. */
export const snippetSchema = textFileSchema.extend({ others: z.array(textFileSchema) })
export type Snippet = z.infer<typeof snippetSchema>

/**
 * A step of the live check, in its order: each needs the one before. What its figures and names are:
 * `connection`: `connections` open now, `secondsAgo` since the last frame. `frames`: `received`, `rejected` in the last hour. `parsed`: `read`, `unread`
 * in the last hour; names: reasons of rejection. `fields`: `found`, `missing` of those that rules read; names: the missing ones. `rules`: `seeing`,
 * `blind`; names: titles of those that see.
 */
export const checkStepSchema = z.object({
  step: z.enum(['connection', 'frames', 'parsed', 'fields', 'rules']),
  /** `applying`: a change was made just now, and the collectors are about to take it over. */
  state: z.enum(['waiting', 'applying', 'done', 'problem']),
  /** Figures that the console puts into words. */
  numbers: z.record(z.string(), z.number()).default({}),
  /** Names: fields found or missing, rules that can now see, reasons of rejection. */
  names: z.array(z.string()).default([]),
})
export type CheckStep = z.infer<typeof checkStepSchema>

/** What is known to keep a source from working. `text` says it in English, `detail` only what no code tells: the reason of a pause, what a collector cannot use. */
export const sourceTroubleSchema = z.object({
  code: z.enum(['paused', 'no-token', 'no-collector', 'collector-behind', 'collector-refuses']),
  collector: z.string().default(''),
  detail: z.string().default(''),
  /** The detail with its codes; left out where it has none. */
  said: saidSchema.optional(),
  text: z.string(),
})
export type SourceTrouble = z.infer<typeof sourceTroubleSchema>

export const sourceCheckSchema = z.object({
  steps: z.array(checkStepSchema),
  lastHour: ledgerCountsSchema,
  /** The newest frames that no parser read, as text. */
  unread: z.array(z.string()),
  trouble: z.array(sourceTroubleSchema),
})
export type SourceCheck = z.infer<typeof sourceCheckSchema>

export const parserNameSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, valueSentences['parser-name-form'])

export const parserSummarySchema = z.object({
  name: parserNameSchema,
  description: z.string(),
  dataset: z.string(),
  /** Those that come with the product cannot be changed, only copied. */
  origin: z.enum(['product', 'agency']),
  agency: z.string().optional(),
  version: versionSchema.optional(),
})
export type ParserSummary = z.infer<typeof parserSummarySchema>
