import { z } from 'zod'

/**
 * Flat ECS: one JSON object, dotted keys, values scalar or arrays of scalars. Nested input is flattened by the collector, so that
 * a field is one look-up everywhere: in the matcher, in Parquet columns, in Elasticsearch mappings.
 */
export type FieldName = string
export type Scalar = string | number | boolean | null
export type FieldValue = Scalar | readonly Scalar[]
export type FlatEvent = Readonly<Record<FieldName, FieldValue>>

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()])

export const flatEvent: z.ZodType<FlatEvent, FlatEvent> = z.record(z.string(), z.union([scalar, z.array(scalar)]))

/** The fields that every stored event carries, put there by the collector. */
export const requiredEventFields = ['@timestamp', 'event.id', 'event.dataset', 'organization.id', 'vonggac.source.id'] as const

/** Where the fields of Vọng Gác's own live; everything else is ECS. */
export const fields = {
  timestamp: '@timestamp',
  id: 'event.id',
  /** When the collector received the frame, UTC; `@timestamp` is the time that the system itself wrote. */
  received: 'event.created',
  dataset: 'event.dataset',
  kind: 'event.kind',
  original: 'event.original',
  agency: 'organization.id',
  source: 'vonggac.source.id',
  logSourceCategory: 'vonggac.logsource.category',
  logSourceProduct: 'vonggac.logsource.product',
  logSourceService: 'vonggac.logsource.service',
  /** Base64 of a frame whose bytes are not valid UTF-8, so that `event.original` alone could not give them back. */
  rawBytes: 'vonggac.raw',
  rejectReason: 'error.code',
  rejectDetail: 'error.message',
} as const

/** The fields that name an event's log source, by its dimensions. */
export const logSourceFields = {
  category: fields.logSourceCategory,
  product: fields.logSourceProduct,
  service: fields.logSourceService,
} as const

/** `event.kind` of a frame or line that could not become an ordinary event: kept, searchable, counted as rejected. */
export const rejectedKind = 'pipeline_error'

/**
 * `event.id` = receive time, collector, journal position: unique without coordination, and sorting by it sorts by arrival.
 *
 * Format: 9 characters base-36 milliseconds, `-`, collector name (`[a-z0-9]{1,16}`), `-`, 10 characters base-36 position.
 */
export function formatEventId(receivedMs: number, collector: string, position: number): string {
  return `${receivedMs.toString(36).padStart(9, '0')}-${collector}-${position.toString(36).padStart(10, '0')}`
}

export interface EventIdParts {
  readonly receivedMs: number
  readonly collector: string
  readonly position: number
}

const eventIdPattern = /^([0-9a-z]{9})-([a-z0-9]{1,16})-([0-9a-z]{10})$/

/** `undefined` when the text is not an event id. */
export function parseEventId(id: string): EventIdParts | undefined {
  const match = eventIdPattern.exec(id)
  if (!match) return undefined
  return { receivedMs: parseInt(match[1]!, 36), collector: match[2]!, position: parseInt(match[3]!, 36) }
}
