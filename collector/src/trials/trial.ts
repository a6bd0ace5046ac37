import { trialLimits, type TrialOrder, type TrialResult } from '@vonggac/contract'
import { detectParsers, loadParsers, parseLines, ParserMistake, readParser, type Parser } from '../parsing/index.ts'

/** An answer is JSON on one page of the console: what goes beyond is counted and not shown. */
const mostShownCharacters = 2 * 1024 * 1024

/** Runs a trial to its end, however long that takes: call it on a thread that can be ended. */
export async function runTrial(order: TrialOrder, parsersFolder: string): Promise<TrialResult[]> {
  const lines = Buffer.from(order.lines.map((line) => line.replaceAll('\n', ' ')).join('\n'))
  if (order.kind === 'try') return [tryText(order, lines)]
  const parsers = new Map([...(await loadParsers(parsersFolder)), ...ownParsers(order)])
  return detectParsers(parsers.values(), lines, [order.framing])
    .slice(0, trialLimits.results)
    .map(({ parser }) => resultOf(parsers.get(parser)!, order, lines, mostShownCharacters / trialLimits.results))
}

function tryText(order: TrialOrder & { readonly kind: 'try' }, lines: Buffer): TrialResult {
  try {
    return resultOf(readParser('parser', order.yaml), order, lines, mostShownCharacters)
  } catch (error) {
    if (!(error instanceof ParserMistake)) throw error
    return { parser: 'parser', mistake: error.message, said: error.said, read: 0, lines: order.lines.length, events: [] }
  }
}

/** One that cannot be used any more is no reason to look no further. */
function ownParsers({ parsers }: TrialOrder & { readonly kind: 'detect' }): [string, Parser][] {
  return parsers.flatMap(({ name, yaml }) => {
    try {
      return [[name, readParser(name, yaml)]]
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
