import type { Fields } from '../../fields.ts'
import { parseRfc3164, parseRfc3339 } from '../time.ts'
import { decodeSyslogHeader } from './header.ts'
import { readStructuredData } from './structured-data.ts'

const named = [
  'kern',
  'user',
  'mail',
  'daemon',
  'auth',
  'syslog',
  'lpr',
  'news',
  'uucp',
  'cron',
  'authpriv',
  'ftp',
  'ntp',
  'audit',
  'alert',
  'clock',
]
const facilities = [...named, 'local0', 'local1', 'local2', 'local3', 'local4', 'local5', 'local6', 'local7']
const severities = ['emergency', 'alert', 'critical', 'error', 'warning', 'notice', 'informational', 'debug']

/** Adds the fields of a syslog frame, `message` among them, and gives the time that its header names. */
export function readSyslog(fields: Fields, text: string, receivedMs: number, timeZone: string): number | undefined {
  const header = decodeSyslogHeader(text)
  if (!header) {
    fields.set('message', text)
    return undefined
  }
  if (header.host !== undefined) fields.set('host.name', header.host)
  if (header.program !== undefined) fields.set('process.name', header.program)
  if (header.processId !== undefined) {
    if (/^\d{1,10}$/.test(header.processId)) fields.set('process.pid', Number(header.processId))
    else fields.set('log.syslog.procid', header.processId)
  }
  if (header.priority !== undefined) setPriority(fields, header.priority)
  if (header.version !== undefined) fields.set('log.syslog.version', String(header.version))
  if (header.messageId !== undefined) fields.set('log.syslog.msgid', header.messageId)
  if (header.structuredData !== undefined) {
    for (const [id, name, value] of readStructuredData(header.structuredData)) fields.set(`log.syslog.structured_data.${id}.${name}`, value)
  }
  fields.set('message', text.slice(header.messageAt))
  if (!header.time) return undefined
  return header.time.kind === 'rfc3339' ? parseRfc3339(header.time.text) : parseRfc3164(header.time.text, receivedMs, timeZone)
}

/** What the number before a syslog frame says: facility and severity, as RFC 5424 counts them. `priority` is below 192. */
export function setPriority(fields: Fields, priority: number): void {
  const [facility, severity] = [priority >> 3, priority & 7]
  fields.set('log.syslog.priority', priority)
  fields.set('log.syslog.facility.code', facility)
  fields.set('log.syslog.facility.name', facilities[facility]!)
  fields.set('log.syslog.severity.code', severity)
  fields.set('log.syslog.severity.name', severities[severity]!)
}
