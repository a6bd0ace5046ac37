import type { FlatEvent } from '@vonggac/contract'
import { amendHeading, cutFrames, frameBytes, isHeading, joiningOf } from '../lines/index.ts'
import { writeEvent, type Framing } from './event.ts'
import type { FileRules } from './file-rules.ts'
import { LineWriter } from './line-writer.ts'
import type { Parser } from './load.ts'

/** How lines come: `file`, as from a file that the collector follows, joined and under their heading as the parser says. */
export type Coming = Framing | 'file'

export interface ParseLinesOptions {
  readonly framing?: Coming
  readonly receivedMs?: number
  readonly timeZone?: string
}

const firstBytes = 16 * 1024

/** The events that a parser makes of the lines of a file: for trying a parser out and for its samples. One event a frame; empty lines are none. */
export function parseLines(parser: Parser, file: Buffer, options: ParseLinesOptions = {}): FlatEvent[] {
  const { framing = 'syslog', receivedMs = Date.now(), timeZone = 'Asia/Ho_Chi_Minh' } = options
  const source = { agency: 'sample', framing: framing === 'file' ? ('plain' as const) : framing, timeZone, parsers: [parser] }
  const maker = { collector: 'sample', operator: 'sample', sourceOf: () => source }
  const frame = { receivedMs, source: 'sample', peer: '', flags: 0 }
  const frames = framing === 'file' ? framesOfFile(parser, file) : framesOf(file)
  return frames.map((bytes, position) => {
    const out = new LineWriter(new ArrayBuffer(firstBytes))
    writeEvent(maker, { ...frame, bytes }, position, out)
    out.take()
    return JSON.parse(out.bytes.toString('utf8')) as FlatEvent
  })
}

function framesOf(file: Buffer, rules: FileRules = {}): Buffer[] {
  const joining = rules.multiline && joiningOf(rules.multiline, (bytes) => bytes.toString('utf8'))
  const cut = cutFrames(file, { width: 1, maxLineBytes: Number.MAX_SAFE_INTEGER, joining }, { skip: false, ended: true, settled: true })
  return cut.frames.map((frame) => frameBytes(file, frame))
}

function framesOfFile({ definition: { file: rules } }: Parser, file: Buffer): Buffer[] {
  let kept = ''
  return framesOf(file, rules).map((bytes) => {
    if (!rules.heading) return bytes
    if (!isHeading(rules.heading, bytes)) return kept === '' ? bytes : Buffer.concat([Buffer.from(`${kept}\n`), bytes])
    kept = amendHeading(rules.heading, kept, bytes.toString('utf8'))
    return bytes
  })
}
