import { say, type SourceConfig, type Transport } from '@vonggac/contract'
import { SourceMistake } from '../source-mistake.ts'
import type { Framing, ParsedSource } from './event.ts'
import type { Parser } from './load.ts'
import { isTimeZone } from './time.ts'

const framings: Readonly<Record<Exclude<Transport, 'file'>, Framing>> = {
  syslog: 'syslog',
  journald: 'journal',
  gelf: 'plain',
  lumberjack: 'plain',
  http: 'plain',
  poll: 'plain',
}

/** What parsing needs of a source; `place` is where it stands. @throws SourceMistake for a parser or time zone that is not there */
export function parsedSource(source: SourceConfig, parsers: ReadonlyMap<string, Parser>, place: string): ParsedSource {
  const { agency, timeZone } = source
  if (!isTimeZone(timeZone)) throw new SourceMistake(`${place}.timeZone`, say('time-zone-wrong', { zone: timeZone }))
  const own = source.parsers.map((name, index) => {
    const parser = parsers.get(name)
    if (parser) return parser
    const known = [...parsers.keys()].join(', ')
    throw new SourceMistake(`${place}.parsers.${index}`, say('source-parser-missing', { parser: name, parsers: known }))
  })
  return { agency, framing: framingOf(source), timeZone, parsers: own }
}

function framingOf(source: SourceConfig): Framing {
  if (source.transport === 'file') return source.header === 'syslog' ? 'syslog' : 'plain'
  return framings[source.transport]
}
