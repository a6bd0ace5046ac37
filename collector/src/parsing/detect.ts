import type { Framing } from './event.ts'
import type { Parser } from './load.ts'
import { parseLines } from './parse-lines.ts'

/** How well a parser reads sampled lines. */
export interface DetectedParser {
  readonly parser: string
  /** How the lines would have to come for it to read this many. */
  readonly framing: Framing
  readonly lines: number
  /** Lines that it reads. */
  readonly read: number
  /** Of those, lines of its product whose message it does not know. */
  readonly unknown: number
  /** Whether it reads whatever has its form, such as any JSON. */
  readonly generic: boolean
}

const framings: readonly Framing[] = ['syslog', 'plain', 'journal']
/** A parser that reads this reads whatever is sent, which says nothing of the lines. */
const nonsense = Buffer.from('?')
/** More lines say no more. */
const mostLines = 1_000

/**
 * Which parsers read the lines of a file, those that read most of them first; those that read none are left out. A generic parser counts for
 * half, so that the parser of a product goes before it even if a few lines are strange to it. At most 1,000 lines are looked at.
 */
export function detectParsers(parsers: Iterable<Parser>, file: Buffer, wanted: readonly Framing[] = framings): DetectedParser[] {
  const sample = firstLines(file)
  // Entries of a journal are JSON.
  const possible = wanted.filter((framing) => framing !== 'journal' || sample[0] === 0x7b)
  return [...parsers]
    .flatMap((parser) => {
      const tried = possible.filter((framing) => framing === 'journal' || tryOut(parser, nonsense, framing).read === 0)
      return bestOf(tried.map((framing) => tryOut(parser, sample, framing))) ?? []
    })
    .toSorted((one, other) => scoreOf(other) - scoreOf(one) || one.parser.localeCompare(other.parser))
}

function tryOut(parser: Parser, sample: Buffer, framing: Framing): DetectedParser {
  const events = parseLines(parser, sample, { framing })
  const read = events.filter((event) => event['error.code'] === undefined)
  const unknown = read.filter((event) => Array.isArray(event['tags']) && (event['tags'] as readonly unknown[]).includes('unknown-message'))
  const { category, product } = parser.definition.logsource
  const generic = category === 'generic' || product === undefined
  return { parser: parser.name, framing, lines: events.length, read: read.length, unknown: unknown.length, generic }
}

/** `undefined` when none of them reads a line; of equal ones the first. */
function bestOf(tries: readonly DetectedParser[]): DetectedParser | undefined {
  const [best] = tries.toSorted((one, other) => scoreOf(other) - scoreOf(one))
  return best && best.read > 0 ? best : undefined
}

function scoreOf({ read, unknown, generic }: DetectedParser): number {
  return (read - unknown / 2) * (generic ? 0.5 : 1)
}

function firstLines(file: Buffer): Buffer {
  let end = -1
  for (let line = 0; line < mostLines; line++) {
    end = file.indexOf(10, end + 1)
    if (end < 0) return file
  }
  return file.subarray(0, end)
}
