import { frameFlags } from '../../frame.ts'

/** Why a line of a request cannot become an ordinary event; it is journaled all the same. `line` counts from 1. */
export interface RejectedLine {
  readonly line: number
  readonly reason: 'bad-json' | 'oversize'
  readonly detail: string
}

/** One line, cut at the limit. */
export interface BodyLine {
  readonly bytes: Buffer
  readonly flags: number
  /** What it says, unless it is rejected. */
  readonly object?: Readonly<Record<string, unknown>>
  readonly rejected?: RejectedLine
}

/** A line as it stands, without its end. */
export interface RawLine {
  readonly number: number
  readonly bytes: Buffer
  /** Where it begins and ends in the body. */
  readonly start: number
  readonly end: number
}

/** The lines of a body; empty ones are no lines but count in the numbers. Views of `body`. */
export function* splitLines(body: Buffer): Generator<RawLine> {
  let number = 0
  for (let start = 0; start < body.length;) {
    const found = body.indexOf(10, start)
    const lineEnd = found < 0 ? body.length : found
    number++
    const end = lineEnd > start && body[lineEnd - 1] === 13 ? lineEnd - 1 : lineEnd
    if (end > start) yield { number, bytes: body.subarray(start, end), start, end }
    start = lineEnd + 1
  }
}

/** The lines of an NDJSON body, examined one by one. */
export function* readLines(body: Buffer, limit: number): Generator<BodyLine> {
  for (const line of splitLines(body)) yield examineLine(line, limit)
}

/** Whether the line is a JSON object within the limit. */
export function examineLine({ bytes, number: line }: Pick<RawLine, 'bytes' | 'number'>, limit: number): BodyLine {
  if (bytes.length > limit) {
    const detail = `The line is ${bytes.length} bytes long; the first ${limit} are kept.`
    return { bytes: bytes.subarray(0, limit), flags: frameFlags.oversize, rejected: { line, reason: 'oversize', detail } }
  }
  const object = readObject(bytes)
  if (typeof object !== 'string') return { bytes, flags: 0, object }
  return { bytes, flags: frameFlags.badJson, rejected: { line, reason: 'bad-json', detail: object } }
}

/** Or why it is none. */
function readObject(bytes: Buffer): Readonly<Record<string, unknown>> | string {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'))
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? (value as Record<string, unknown>) : 'The line is JSON but not an object.'
  } catch (error) {
    return `The line is not JSON: ${(error as Error).message}`
  }
}
