import type { FlatEvent } from '@vonggac/contract'
import { makeEvent, type Framing } from './event.ts'
import type { Parser } from './load.ts'

export interface ParseLinesOptions {
  /** How the lines would come. */
  readonly framing?: Framing
  readonly receivedMs?: number
  readonly timeZone?: string
}

/** The events that a parser makes of the lines of a file: for trying a parser out and for its samples. One event a line; empty lines are none. */
export function parseLines(parser: Parser, file: Buffer, options: ParseLinesOptions = {}): FlatEvent[] {
  const { framing = 'syslog', receivedMs = Date.now(), timeZone = 'Asia/Ho_Chi_Minh' } = options
  const source = { agency: 'sample', framing, timeZone, parsers: [parser] }
  const maker = { collector: 'sample', operator: 'sample', sourceOf: () => source }
  const frame = { receivedMs, source: 'sample', peer: '', flags: 0 }
  return linesOf(file).map((bytes, position) => {
    const { line } = makeEvent(maker, { ...frame, bytes }, position)
    return JSON.parse(line) as FlatEvent
  })
}

function linesOf(file: Buffer): Buffer[] {
  const lines: Buffer[] = []
  for (let start = 0; start < file.length;) {
    const found = file.indexOf(10, start)
    const end = found < 0 ? file.length : found
    if (end > start) lines.push(file.subarray(start, file[end - 1] === 13 ? end - 1 : end))
    start = end + 1
  }
  return lines
}
