import {
  fields,
  parseEventId,
  rejectReasonSchema,
  rejectedKind,
  requiredEventFields,
  type BatchHeader,
  type FlatEvent,
  type RejectReason,
} from '@vonggac/contract'

/** A line that keeps the contract. */
export interface GoodLine {
  readonly event: FlatEvent
  readonly id: string
  readonly position: number
  readonly receivedMs: number
  /** Event time, ms. */
  readonly at: number
  readonly source: string
  readonly agency: string
  /** Set for a frame that the collector could not parse. */
  readonly rejected?: RejectReason
}

/** A line that does not, with a position and time of receipt that fit between its neighbours'. */
export interface BadLine {
  readonly problem: string
  readonly position: number
  readonly receivedMs: number
  /** The source that it names, if one can be read. */
  readonly source: string | undefined
}

/**
 * Holds the lines of one batch, in order, to the contract: flat JSON objects with the required fields, their ids ascending within the batch's journal positions.
 * A bad line gets the position after the one before, and good lines leave room for that, so ids stay unique whatever the collector sends.
 */
export class LineCheck {
  readonly #header: BatchHeader
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  #position: number
  #receivedMs: number
  #remaining: number

  constructor(header: BatchHeader) {
    this.#header = header
    this.#position = header.first - 1
    this.#receivedMs = Math.min(...header.tallies.map((tally) => Date.parse(tally.minute)), Number.MAX_SAFE_INTEGER)
    if (this.#receivedMs === Number.MAX_SAFE_INTEGER) this.#receivedMs = 0
    this.#remaining = header.count
  }

  /** `unreadable`: why the matcher could not take the line. */
  next(bytes: Uint8Array, unreadable: string | undefined): GoodLine | BadLine {
    this.#remaining--
    const event = this.#parse(bytes)
    const result = typeof event === 'string' ? event : unreadable ? `the line is ${unreadable}` : this.#check(event)
    if (typeof result === 'string') {
      const source = typeof event === 'string' ? undefined : event[fields.source]
      return this.#bad(result, typeof source === 'string' ? source : undefined)
    }
    this.#position = result.position
    this.#receivedMs = result.receivedMs
    return result
  }

  /** A line that is not to be looked at. */
  skip(problem: string): BadLine {
    this.#remaining--
    return this.#bad(problem, undefined)
  }

  /** When the last good line was received, or where there was none yet, the earliest that it can have been. */
  get receivedMs(): number {
    return this.#receivedMs
  }

  #bad(problem: string, source: string | undefined): BadLine {
    this.#position++
    return { problem, position: this.#position, receivedMs: this.#receivedMs, source }
  }

  #parse(bytes: Uint8Array): FlatEvent | string {
    let value: unknown
    try {
      value = JSON.parse(this.#decoder.decode(bytes))
    } catch (error) {
      return error instanceof SyntaxError ? 'the line is not JSON' : 'the line is not UTF-8'
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'the line is not a JSON object'
    for (const [key, field] of Object.entries(value)) {
      if (Array.isArray(field) ? field.some(isObject) : isObject(field)) return `the field "${key}" is not flat`
    }
    return value as FlatEvent
  }

  #check(event: FlatEvent): GoodLine | string {
    for (const field of requiredEventFields) {
      if (typeof event[field] !== 'string') return `the field "${field}" is missing or no text`
    }
    const id = event[fields.id] as string
    const parts = parseEventId(id)
    if (!parts) return `"${id}" is no event id`
    if (parts.collector !== this.#header.collector) return `the event id names the collector "${parts.collector}"`
    if (parts.position <= this.#position || parts.position > this.#header.last - this.#remaining) {
      return `the position ${parts.position} is out of order or outside the batch`
    }
    const at = Date.parse(event[fields.timestamp] as string)
    if (!(at >= earliest && at <= latest)) return `"${String(event[fields.timestamp])}" is no time`
    const line = { event, id, ...parts, at, source: event[fields.source] as string, agency: event[fields.agency] as string }
    if (event[fields.kind] !== rejectedKind) return line
    const reason = rejectReasonSchema.safeParse(event[fields.rejectReason])
    return reason.success ? { ...line, rejected: reason.data } : `"${String(event[fields.rejectReason])}" is no reason to reject a frame`
  }
}

/** The years that ISO 8601 writes with four digits: an alert with another could be written and never be read again. */
const [earliest, latest] = [Date.parse('0000-01-01T00:00:00Z'), Date.parse('9999-12-31T23:59:59.999Z')]

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}
