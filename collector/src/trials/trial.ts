import { trialLimits, type TrialOrder, type TrialResult } from '@vonggac/contract'
import { loadParsers, parseLines, ParserMistake, readParser, type Parser } from '../parsing/index.ts'

/** An answer is JSON on one page of the console: what goes beyond is counted and not shown. */
const mostShownCharacters = 2 * 1024 * 1024

/** Runs a trial to its end, however long that takes: call it on a thread that can be ended. */
export async function runTrial(order: TrialOrder, parsersFolder: string): Promise<TrialResult[]> {
  const lines = Buffer.from(order.lines.map((line) => line.replaceAll('\n', ' ')).join('\n'))
  if (order.kind === 'try') return [tryText(order, lines)]
  const parsers = [...(await loadParsers(parsersFolder)).values(), ...ownParsers(order)]
  return parsers
    .map((parser) => ({ parser, result: resultOf(parser, order, lines, mostShownCharacters / trialLimits.results) }))
    .filter(({ result }) => result.read > 0)
    .toSorted((a, b) => b.result.read - a.result.read || exactness(b.parser, b.result) - exactness(a.parser, a.result))
    .slice(0, trialLimits.results)
    .map(({ result }) => result)
}

function tryText(order: TrialOrder & { readonly kind: 'try' }, lines: Buffer): TrialResult {
  try {
    return resultOf(readParser('parser', order.yaml), order, lines, mostShownCharacters)
  } catch (error) {
    if (!(error instanceof ParserMistake)) throw error
    return { parser: 'parser', mistake: error.message, read: 0, lines: order.lines.length, events: [] }
  }
}

/** One that cannot be used any more is no reason to look no further. */
function ownParsers({ parsers }: TrialOrder & { readonly kind: 'detect' }): Parser[] {
  return parsers.flatMap(({ name, yaml }) => {
    try {
      return [readParser(name, yaml)]
    } catch (error) {
      if (error instanceof ParserMistake) return []
      throw error
    }
  })
}

function resultOf(parser: Parser, { framing, lines: { length } }: TrialOrder, lines: Buffer, mostCharacters: number): TrialResult {
  const events = parseLines(parser, lines, { framing })
  const read = events.filter((event) => event['error.code'] === undefined).length
  let left = mostCharacters
  const shown = events.filter((event) => (left -= JSON.stringify(event).length) >= 0)
  return { parser: parser.name, read, lines: length, events: shown }
}

/**
 * A parser of any JSON or any key=value, which names no log source, also reads what is a product's own format; and of those that name one, a parser
 * that makes little of a line takes it for a plain message.
 */
function exactness({ definition: { logsource } }: Parser, { events }: TrialResult): number {
  const fields = events.reduce((sum, event) => sum + Object.keys(event).length, 0) / Math.max(1, events.length)
  return fields + (Object.keys(logsource).length > 0 ? 1_000 : 0)
}
