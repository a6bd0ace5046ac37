import type { SourceConfig } from '@vonggac/contract'
import { SourceMistake } from '../source-mistake.ts'
import type { ParsedSource } from './event.ts'
import type { Parser } from './load.ts'
import { isTimeZone } from './time.ts'

/** What parsing needs of each source, by id. @throws SourceMistake for a parser or time zone that is not there */
export function parsedSources(
  sources: readonly SourceConfig[],
  parsers: ReadonlyMap<string, Parser>,
): (id: string) => ParsedSource | undefined {
  const known = new Map(
    sources.map((source, index): [string, ParsedSource] => {
      if (!isTimeZone(source.timeZone))
        throw new SourceMistake(`sources.${index}.timeZone`, `"${source.timeZone}" is no time zone such as Asia/Ho_Chi_Minh`)
      const own = source.parsers.map((name, place) => {
        const parser = parsers.get(name)
        if (parser) return parser
        throw new SourceMistake(
          `sources.${index}.parsers.${place}`,
          `there is no parser "${name}"; parsers are: ${[...parsers.keys()].join(', ')}`,
        )
      })
      return [source.id, { agency: source.agency, transport: source.transport, timeZone: source.timeZone, parsers: own }]
    }),
  )
  return (id) => known.get(id)
}
