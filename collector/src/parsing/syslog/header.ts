import { digitsAt } from '../digits.ts'

/**
 * The header of a syslog message: RFC 5424, RFC 3164, and what relays write in place of the latter (an RFC 3339 time, a year, no host).
 * Times stay text here; `time.ts` makes instants of them.
 */
export interface SyslogHeader {
  /** Absent when the message carries none. */
  readonly priority?: number
  readonly version?: number
  readonly time?: { readonly text: string; readonly kind: 'rfc3339' | 'rfc3164' }
  readonly host?: string
  readonly program?: string
  readonly processId?: string
  readonly messageId?: string
  /** Of RFC 5424, as it stands: `structured-data.ts` reads it. */
  readonly structuredData?: string
  /** Where the message proper begins in the text. */
  readonly messageAt: number
}

type Draft = { -readonly [K in keyof SyslogHeader]: SyslogHeader[K] }

const SPACE = 32
const rfc3164Time = /^(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d (?:\d{4} )?\d\d:\d\d:\d\d(?:\.\d{1,9})?/
const rfc3339Time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)/
/** A tag ends at a colon, a bracket or a space; RFC 3164's 32 characters are in practice more. */
const tag = /^([^\s:[\]]{1,128})(?:\[([^\]\s]{1,64})\])?(:| |$)/

/** `undefined` when the text has neither a priority nor a time at its start, so that it is no syslog message. */
export function decodeSyslogHeader(text: string): SyslogHeader | undefined {
  const header: Draft = { messageAt: 0 }
  let at = readPriority(text, header)
  if (at > 0 && text.charCodeAt(at) === 49 && text.charCodeAt(at + 1) === SPACE) {
    const rest = readRfc5424(text, at + 2, header)
    if (rest > 0) {
      header.version = 1
      header.messageAt = rest
      return header
    }
  }
  const afterTime = readTime(text, at, header)
  if (at === 0 && afterTime === 0) return undefined
  at = afterTime || at
  header.messageAt = readHostAndTag(text, at, header, afterTime > 0)
  return header
}

/** Offset behind `<PRI>`, or 0. */
function readPriority(text: string, header: Draft): number {
  if (text.charCodeAt(0) !== 60) return 0
  const end = text.indexOf('>', 1)
  if (end < 2 || end > 4) return 0
  const priority = digitsAt(text, 1, end)
  if (!(priority <= 191)) return 0
  header.priority = priority
  return end + 1
}

/** Offset of the message, or 0 when the five fields are not there. */
function readRfc5424(text: string, start: number, header: Draft): number {
  const values: string[] = []
  let at = start
  for (let field = 0; field < 5; field++) {
    const end = text.indexOf(' ', at)
    if (end < 0) return 0
    values.push(text.slice(at, end))
    at = end + 1
  }
  const [time, host, program, processId, messageId] = values as [string, string, string, string, string]
  if (time !== '-') {
    if (!rfc3339Time.test(time)) return 0
    header.time = { text: time, kind: 'rfc3339' }
  }
  if (host !== '-') header.host = host
  if (program !== '-') header.program = program
  if (processId !== '-') header.processId = processId
  if (messageId !== '-') header.messageId = messageId
  const end = endOfStructuredData(text, at)
  if (end > at + 1) header.structuredData = text.slice(at, end)
  let message = text.charCodeAt(end) === SPACE ? end + 1 : end
  if (text.charCodeAt(message) === 0xfeff) message++
  // rsyslog keeps the space that RFC 3164 puts between tag and content.
  return text.charCodeAt(message) === SPACE ? message + 1 : message
}

/** An element begins with its id alone: a name without quotes and equals signs. */
const elementId = /^\[[^\s=\]"]{1,64}[ \]]/

/** A `]` inside a quoted value does not end it; data that never ends, or is none (Check Point writes `[action:"Accept"; …]`), is taken for part of the message. */
function endOfStructuredData(text: string, start: number): number {
  if (text.charCodeAt(start) === 45) return start + 1
  if (!elementId.test(text.slice(start, start + 66))) return start
  let at = start
  while (text[at] === '[') {
    let quoted = false
    for (at++; at < text.length; at++) {
      const character = text[at]
      if (character === '\\' && quoted) at++
      else if (character === '"') quoted = !quoted
      else if (character === ']' && !quoted) break
    }
    if (at >= text.length) return start
    at++
  }
  return at
}

/** Offset behind the time and the space after it, or 0. */
function readTime(text: string, start: number, header: Draft): number {
  // Cisco's `*` (clock not synchronised) and `.` before a time, and a space after the priority, are common.
  let at = start
  while (at < start + 2 && (text[at] === '*' || text[at] === '.' || text[at] === ' ')) at++
  const window = text.slice(at, at + 40)
  const short = rfc3164Time.exec(window)
  const match = short ?? rfc3339Time.exec(window)
  if (!match) return 0
  header.time = { text: match[0], kind: short ? 'rfc3164' : 'rfc3339' }
  const end = at + match[0].length
  if (text[end] === ':' && text[end + 1] === ' ') return end + 2
  return text[end] === ' ' ? end + 1 : end
}

/** What follows the time is a host and a tag, or the tag alone when it is itself ended by a colon or carries a process id. */
function readHostAndTag(text: string, start: number, header: Draft, timed: boolean): number {
  let at = start
  if (timed) {
    const space = text.indexOf(' ', at)
    const word = space < 0 ? text.slice(at) : text.slice(at, space)
    const isTag = word.endsWith(':') || word.includes('[')
    if (!isTag && word !== '' && space > 0) {
      header.host = word
      at = space + 1
    }
  }
  const match = tag.exec(text.slice(at, at + 256))
  if (!match || (match[3] !== ':' && match[2] === undefined)) return at
  header.program = match[1]!
  if (match[2] !== undefined) header.processId = match[2]
  at += match[0].length
  if (match[3] === ' ') return at
  return text[at] === ' ' ? at + 1 : at
}
