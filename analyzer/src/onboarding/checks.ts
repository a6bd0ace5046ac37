/** What schemas cannot see: whether the agency, the time zone, a network, a parser is there. Each mistake is a sentence with its place in the request. */
import { isIP } from 'node:net'
import { isReservedSourceId, say, textOf, together, VonggacError, type Said, type SourceConfig } from '@vonggac/contract'
import { parseNetwork } from '@vonggac/sigma'
import type { ParserLibrary } from './parsers/library.ts'

/** What is wrong, and where in the request. */
export interface Mistake {
  readonly path: string
  readonly message: Said
}

/** Throws `invalid-request` with the first mistake as its sentence and all of them as places. */
export function refuseMistakes(mistakes: readonly Mistake[]): void {
  const [first] = mistakes
  const places = mistakes.map(({ path, message }) => ({ path, message: textOf(message) }))
  if (first) throw new VonggacError('invalid-request', together(`${first.path}:`, first.message), { places })
}

export function networkMistakes(path: string, networks: readonly string[]): Mistake[] {
  return networks.flatMap((text, index) =>
    isNetwork(text) ? [] : [{ path: `${path}.${index}`, message: say('network-wrong', { network: text }) }],
  )
}

/** As collectors read it: an IPv4 address written as IPv6 is none of theirs. */
function isNetwork(text: string): boolean {
  return isIP(text.split('/')[0]!) !== 0 && parseNetwork(text) !== undefined
}

export function sourceMistakes(config: SourceConfig, library: ParserLibrary): Mistake[] {
  const mistakes: Mistake[] = []
  if (isReservedSourceId(config.id)) mistakes.push({ path: 'config.id', message: say('source-id-reserved', { source: config.id }) })
  if (!isTimeZone(config.timeZone)) mistakes.push({ path: 'config.timeZone', message: say('time-zone-wrong', { zone: config.timeZone }) })
  if ('from' in config) mistakes.push(...networkMistakes('config.from', config.from))
  const usable = library.usableBy(config.agency).map(({ name }) => name)
  for (const [index, name] of config.parsers.entries()) {
    if (usable.includes(name)) continue
    const message = say('parser-unusable', { parser: name, agency: config.agency, parsers: usable.join(', ') })
    mistakes.push({ path: `config.parsers.${index}`, message })
  }
  return mistakes
}

const fetched: ReadonlySet<string> = new Set(['poll', 'file'])

/** Whether collectors fetch by themselves what the source has, instead of being sent it. */
export function isFetched({ transport }: SourceConfig): boolean {
  return fetched.has(transport)
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) instanceof Intl.DateTimeFormat
  } catch {
    return false
  }
}
