/**
 * An event as a document, and back without loss.
 *
 * The document is the event, with the same dotted names, and what `own` (fields.ts) adds. `_source` gives its values back as they
 * were sent. What Elasticsearch would refuse or read as something else (a name of blanks, half a surrogate pair, text for a number) is in
 * `exact` instead. Where the index then cannot answer predicates, `odd` names the field, and queries ask the reference evaluator.
 */
import { fields, parseEventId, type FieldValue, type FlatEvent, type Scalar } from '@vonggac/contract'
import { numberOf } from '@vonggac/sigma'
import { isIPv4, isIPv6 } from 'node:net'
import { kindOf, own, ownPrefix, unindexed, unnamable, type FieldKind } from './fields.ts'

type Fields = Record<string, FieldValue>

export interface EventDocument {
  readonly id: string
  readonly receivedMs: number
  readonly collector: string
  readonly position: number
  readonly agency: FieldValue | undefined
  readonly dataset: FieldValue | undefined
  readonly source: Readonly<Fields>
}

/** Undefined for an event without a valid `event.id`: it has no place among the others. */
export function toDocument(event: FlatEvent): EventDocument | undefined {
  const head = headOf(event)
  if (head === undefined) return undefined
  const draft = new Draft()
  for (const field in event) draft.add(field, event[field]!)
  return { ...head, source: draft.finish(head) }
}

/** The event with nothing indexed but what places it: for one whose fields Elasticsearch refused. */
export function toBareDocument(event: FlatEvent, reason: string): EventDocument | undefined {
  const head = headOf(event)
  if (head === undefined) return undefined
  const draft = new Draft()
  for (const field in event) {
    const placing = field === fields.id || field === fields.agency || field === fields.dataset
    if (placing && typeof event[field] === 'string') draft.source[field] = event[field]
    else draft.exact[field] = event[field]!
  }
  draft.odd.add(unindexed)
  return { ...head, source: { ...draft.finish(head), [own.refused]: reason } }
}

/** The event of a document's `_source`. */
export function fromSource(source: Readonly<Fields>): FlatEvent {
  const event: Fields = Object.create(null)
  for (const field of Object.keys(source)) if (!field.startsWith(ownPrefix)) event[field] = source[field]!
  const kept = source[own.exact]
  if (typeof kept !== 'string') return event
  const { fields: exact, absent } = JSON.parse(kept) as Exact
  for (const field of Object.keys(exact)) event[field] = exact[field]!
  for (const field of absent ?? []) delete event[field]
  return event
}

type Head = Omit<EventDocument, 'source'>

function headOf(event: FlatEvent): Head | undefined {
  const id = event[fields.id]
  const parts = typeof id === 'string' ? parseEventId(id) : undefined
  if (parts === undefined || typeof id !== 'string') return undefined
  return { id, ...parts, agency: event[fields.agency], dataset: event[fields.dataset] }
}

interface Exact {
  readonly fields: Readonly<Fields>
  /** What the document has and the event has not. */
  readonly absent?: readonly string[]
}

class Draft {
  readonly source: Fields = Object.create(null)
  readonly exact: Fields = Object.create(null)
  readonly odd = new Set<string>()

  add(field: string, value: FieldValue): void {
    const kind = kindOf(field)
    if (kind === undefined) {
      this.exact[field] = value
      this.odd.add(unnamable)
      return
    }
    const fit = fitOf(kind, value)
    if (fit !== 'plain') this.odd.add(field)
    if (fit === 'misfit') {
      this.exact[field] = value
      return
    }
    this.source[field] = value
    if (kind === 'other') this.#addNumbers(field, value)
  }

  finish({ receivedMs, collector, position }: Head): Readonly<Fields> {
    // A data stream takes no document without a time.
    const absent = this.source[fields.timestamp] === undefined && this.exact[fields.timestamp] === undefined
    this.source[fields.timestamp] ??= timeOf(this.exact[fields.timestamp] ?? null) ?? new Date(receivedMs).toISOString()
    this.source[own.received] = receivedMs
    this.source[own.collector] = collector
    this.source[own.position] = position
    if (absent) this.odd.add(fields.timestamp)
    if (this.odd.size > 0) this.source[own.odd] = [...this.odd]
    const isExact = !absent && Object.keys(this.exact).length === 0
    if (isExact) return this.source
    const kept: Exact = { fields: this.exact, ...(absent && { absent: [fields.timestamp] }) }
    this.source[own.exact] = JSON.stringify(kept)
    return this.source
  }

  /** Texts that spell a number too: `compare` takes them as such. */
  #addNumbers(field: string, value: FieldValue): void {
    const numbers = membersOf(value).flatMap((member) => numberOf(member) ?? [])
    if (numbers.length === 0) return
    if (numbers.every(Number.isFinite)) this.source[own.numbers + field] = numbers
    else this.odd.add(field)
  }
}

/** `odd`: kept in its field, but the index does not know all about it; `misfit`: cannot be in its field. */
type Fit = 'plain' | 'odd' | 'misfit'

function fitOf(kind: FieldKind, value: FieldValue): Fit {
  if (kind === 'timestamp') return isPlainTime(value) ? 'plain' : 'misfit'
  const members = membersOf(value)
  const fits = members.map((member) => fitOfOne(kind, member))
  return fits.includes('misfit') ? 'misfit' : fits.includes('odd') ? 'odd' : 'plain'
}

function fitOfOne(kind: FieldKind, value: Scalar): Fit {
  // A null is as good as missing for the index, and something else for predicates.
  if (value === null) return 'odd'
  if (typeof value === 'string' && /[\uD800-\uDFFF]/u.test(value)) return 'misfit'
  switch (kind) {
    case 'long':
      return isLong(value) ? 'plain' : 'misfit'
    case 'ip':
      return typeof value !== 'string' ? 'misfit' : isPlainAddress(value) ? 'plain' : 'odd'
    case 'date':
      return typeof value === 'string' ? 'plain' : 'misfit'
    default:
      return 'plain'
  }
}

function isLong(value: Exclude<Scalar, null>): boolean {
  const number = Number(value)
  return typeof value !== 'boolean' && Number.isSafeInteger(number) && String(number) === String(value)
}

/** One that Elasticsearch and the reference evaluator take for the same address: IPv6 with a zone, or around an IPv4 address, is not. */
function isPlainAddress(value: string): boolean {
  return isIPv4(value) || (isIPv6(value) && !/[%.]|^(::|0+:).*ffff/i.test(value))
}

function isPlainTime(value: FieldValue): boolean {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value) && timeOf(value) === value
}

/** Elasticsearch's own notation of a time; undefined for none that both know. */
function timeOf(value: FieldValue): string | undefined {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN
  return ms >= 0 && ms < 253_402_300_800_000 ? new Date(ms).toISOString() : undefined
}

function membersOf(value: FieldValue): readonly Scalar[] {
  return Array.isArray(value) ? value : [value as Scalar]
}
