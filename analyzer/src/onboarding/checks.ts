/** What schemas cannot see: whether the agency, the time zone, a network, a parser is there. Each mistake is a sentence with its place in the request. */
import { isIP } from 'node:net'
import { VonggacError, type ProblemPlace, type SourceConfig } from '@vonggac/contract'
import { parseNetwork } from '@vonggac/sigma'
import type { ParserLibrary } from './parsers/library.ts'

/** Throws `invalid-request` with the first mistake as its sentence and all of them as places. */
export function refuseMistakes(mistakes: readonly ProblemPlace[]): void {
  const [first] = mistakes
  if (first) throw new VonggacError('invalid-request', `${first.path}: ${first.message}`, { places: mistakes })
}

export function networkMistakes(path: string, networks: readonly string[]): ProblemPlace[] {
  return networks.flatMap((text, index) =>
    isNetwork(text) ? [] : [{ path: `${path}.${index}`, message: `"${text}" is neither an IP address nor a network such as 10.0.0.0/8` }],
  )
}

/** As collectors read it: an IPv4 address written as IPv6 is none of theirs. */
function isNetwork(text: string): boolean {
  return isIP(text.split('/')[0]!) !== 0 && parseNetwork(text) !== undefined
}

/** Names that the platform uses itself: frames of strangers, and the places where collectors count what never was a source's. */
const reservedIds: ReadonlySet<string> = new Set(['unknown', 'journal', 'http', 'http-tls', 'syslog-tls', 'syslog-tcp', 'kernel-udp'])

export function sourceMistakes(config: SourceConfig, library: ParserLibrary): ProblemPlace[] {
  const mistakes: ProblemPlace[] = []
  if (reservedIds.has(config.id) || config.id in {})
    mistakes.push({ path: 'config.id', message: `"${config.id}" is a name that the platform uses itself; choose another id` })
  if (!isTimeZone(config.timeZone))
    mistakes.push({ path: 'config.timeZone', message: `"${config.timeZone}" is no time zone such as Asia/Ho_Chi_Minh` })
  if ('from' in config) mistakes.push(...networkMistakes('config.from', config.from))
  const usable = library.usableBy(config.agency).map(({ name }) => name)
  for (const [index, name] of config.parsers.entries()) {
    if (usable.includes(name)) continue
    const message = `there is no parser "${name}" for sources of ${config.agency}; parsers are: ${usable.join(', ')}`
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
