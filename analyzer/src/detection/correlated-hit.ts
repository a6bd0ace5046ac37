import type { FlatEvent } from '@vonggac/contract'
import { z } from 'zod'
import { entitiesOf, type Entities } from './entities.ts'
import type { GoodLine } from './line-check.ts'

/** A hit of a rule that feeds correlations, as small as they need it. */
export interface CorrelatedHit {
  /** Journal position. */
  readonly position: number
  /** Event time and time of receipt, ms. */
  readonly at: number
  readonly receivedMs: number
  /** The fields that correlations read. */
  readonly event: FlatEvent
  /** What alerts are to tell of the event, see `readReference`: it goes through the correlator as it is. */
  readonly reference: string
}

export function correlatedHit(line: GoodLine, read: readonly string[]): CorrelatedHit {
  const { id, position, at, receivedMs, source, event } = line
  const { source: from, user, host } = entitiesOf(event)
  return {
    position,
    at,
    receivedMs,
    event: Object.fromEntries(read.flatMap((field) => (Object.hasOwn(event, field) ? [[field, event[field]!]] : []))),
    reference: JSON.stringify([id, source, from, user, host] satisfies z.input<typeof referenceSchema>),
  }
}

const names = z.array(z.string()).readonly()
const referenceSchema = z.tuple([z.string(), z.string(), names, names, names])

export interface Reference {
  readonly event: string
  readonly source: string
  readonly entities: Entities
}

export function readReference(text: string): Reference {
  const [event, source, from, user, host] = referenceSchema.parse(JSON.parse(text))
  return { event, source, entities: { source: from, user, host } }
}
