import { fieldId } from '../../field-names.ts'
import type { Fields } from '../../fields.ts'
import { digitsAt } from '../digits.ts'
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

const ids = {
  host: fieldId('host.name'),
  program: fieldId('process.name'),
  pid: fieldId('process.pid'),
  processId: fieldId('log.syslog.procid'),
  version: fieldId('log.syslog.version'),
  messageId: fieldId('log.syslog.msgid'),
  priority: fieldId('log.syslog.priority'),
  facilityCode: fieldId('log.syslog.facility.code'),
  facilityName: fieldId('log.syslog.facility.name'),
  severityCode: fieldId('log.syslog.severity.code'),
  severityName: fieldId('log.syslog.severity.name'),
  message: fieldId('message'),
}

/** Adds the fields of a syslog frame, `message` among them, and gives the time that its header names. */
export function readSyslog(fields: Fields, text: string, receivedMs: number, timeZone: string): number | undefined {
  const header = decodeSyslogHeader(text)
  if (!header) {
    fields.set(ids.message, text)
    return undefined
  }
  if (header.host !== undefined) fields.set(ids.host, header.host)
  if (header.program !== undefined) fields.set(ids.program, header.program)
  if (header.processId !== undefined) {
    const { length } = header.processId
    const pid = length > 0 && length <= 10 ? digitsAt(header.processId, 0, length) : NaN
    if (Number.isNaN(pid)) fields.set(ids.processId, header.processId)
    else fields.set(ids.pid, pid)
  }
  if (header.priority !== undefined) setPriority(fields, header.priority)
  if (header.version !== undefined) fields.set(ids.version, String(header.version))
  if (header.messageId !== undefined) fields.set(ids.messageId, header.messageId)
  if (header.structuredData !== undefined) {
    for (const [id, name, value] of readStructuredData(header.structuredData)) fields.set(`log.syslog.structured_data.${id}.${name}`, value)
  }
  fields.set(ids.message, text.slice(header.messageAt))
  if (!header.time) return undefined
  return header.time.kind === 'rfc3339' ? parseRfc3339(header.time.text) : parseRfc3164(header.time.text, receivedMs, timeZone)
}

/** What the number before a syslog frame says: facility and severity, as RFC 5424 counts them. `priority` is below 192. */
export function setPriority(fields: Fields, priority: number): void {
  const [facility, severity] = [priority >> 3, priority & 7]
  fields.set(ids.priority, priority)
  fields.set(ids.facilityCode, facility)
  fields.set(ids.facilityName, facilities[facility]!)
  fields.set(ids.severityCode, severity)
  fields.set(ids.severityName, severities[severity]!)
}
