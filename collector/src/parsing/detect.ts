import type { FlatEvent } from '@vonggac/contract'
import { isEcsName } from './ecs-types.ts'
import type { Parser } from './load.ts'
import { parseLines, type Coming } from './parse-lines.ts'

/** How well a parser reads sampled lines. */
export interface DetectedParser {
  readonly parser: string
  /** How the lines would have to come for it to read this many. */
  readonly framing: Coming
  readonly lines: number
  /** Lines that it reads; where it joins them, what it reads of joined ones. */
  readonly read: number
  /** Of those, lines of its product whose message it does not know. */
  readonly unknown: number
  /** How much of what it reads it can name, between 0 and 1: of the fields of an event, those of ECS. */
  readonly named: number
  /** Whether it reads whatever has its form, such as any JSON. */
  readonly generic: boolean
}

const framings: readonly Coming[] = ['syslog', 'plain', 'journal', 'file']
/** A parser that reads this reads whatever is sent, which says nothing of the lines. */
const nonsense = Buffer.from('?')
/** More lines say no more. */
const mostLines = 1_000

/**
 * Which parsers read the lines of a file, those first that read most of them and name most of what stands there; those that read none are left out. What a
 * parser cannot name counts for half, and so does whatever a generic parser reads: the parser of a product goes before it even if a few lines are strange to
 * it, and of generic ones the one whose names they are. At most 1,000 lines are looked at.
 */
export function detectParsers(parsers: Iterable<Parser>, file: Buffer, wanted: readonly Coming[] = framings): DetectedParser[] {
  const sample = firstLines(file)
  return [...parsers]
    .flatMap((parser) => {
      const tried = wanted.filter((framing) => isPossible(parser, sample, framing))
      return bestOf(tried.map((framing) => tryOut(parser, sample, framing))) ?? []
    })
    .toSorted((one, other) => scoreOf(other) - scoreOf(one) || one.parser.localeCompare(other.parser))
}

function isPossible(parser: Parser, sample: Buffer, framing: Coming): boolean {
  // Entries of a journal are JSON.
  if (framing === 'journal') return sample[0] === 0x7b
  const { multiline, heading } = parser.definition.file
  if (framing === 'file' && !multiline && !heading) return false
  return tryOut(parser, nonsense, framing).read === 0
}

function tryOut(parser: Parser, sample: Buffer, framing: Coming): DetectedParser {
  const events = parseLines(parser, sample, { framing })
  const read = events.filter((event) => event['error.code'] === undefined)
  const unknown = read.filter((event) => Array.isArray(event['tags']) && (event['tags'] as readonly unknown[]).includes('unknown-message'))
  const named = read.reduce((sum, event) => sum + namedOf(event), 0) / Math.max(1, read.length)
  const { category, product } = parser.definition.logsource
  const generic = category === 'generic' || product === undefined
  return { parser: parser.name, framing, lines: events.length, read: read.length, unknown: unknown.length, named, generic }
}

/** What the collector adds to any event, and what a parser says of its product, is nothing that it reads. */
const saysNothing = /^(?:@timestamp|message|tags|(?:event|organization|related|vonggac)\..*|observer\.(?:vendor|product|type))$/

function namedOf(event: FlatEvent): number {
  const names = Object.keys(event).filter((name) => !saysNothing.test(name))
  return names.filter(isEcsName).length / Math.max(1, names.length)
}

/** `undefined` when none of them reads a line; of equal ones the first. */
function bestOf(tries: readonly DetectedParser[]): DetectedParser | undefined {
  const [best] = tries.toSorted((one, other) => scoreOf(other) - scoreOf(one))
  return best && best.read > 0 ? best : undefined
}

/** A share of the lines: where lines are joined, there are fewer of them. */
function scoreOf({ lines, read, unknown, named, generic }: DetectedParser): number {
  return ((read - unknown / 2) / lines) * (0.5 + 0.5 * named) * (generic ? 0.5 : 1)
}

function firstLines(file: Buffer): Buffer {
  let end = -1
  for (let line = 0; line < mostLines; line++) {
    end = file.indexOf(10, end + 1)
    if (end < 0) return file
  }
  return file.subarray(0, end)
}
