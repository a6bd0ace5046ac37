import type { FieldValue } from '@vonggac/contract'
import { put } from '../draft.ts'
import { parseRfc3164, parseRfc3339 } from '../time.ts'
import { decodeSyslogHeader } from './header.ts'
import { readStructuredData } from './structured-data.ts'

const facilities = [
  ...[
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
  ],
  ...['local0', 'local1', 'local2', 'local3', 'local4', 'local5', 'local6', 'local7'],
]
const severities = ['emergency', 'alert', 'critical', 'error', 'warning', 'notice', 'informational', 'debug']

/** Adds the fields of a syslog frame, `message` among them, and gives the time that its header names. */
export function readSyslog(fields: Record<string, FieldValue>, text: string, receivedMs: number, timeZone: string): number | undefined {
  const header = decodeSyslogHeader(text)
  if (!header) {
    fields['message'] = text
    return undefined
  }
  if (header.host !== undefined) fields['host.name'] = header.host
  if (header.program !== undefined) fields['process.name'] = header.program
  if (header.processId !== undefined) {
    if (/^\d{1,10}$/.test(header.processId)) fields['process.pid'] = Number(header.processId)
    else fields['log.syslog.procid'] = header.processId
  }
  if (header.priority !== undefined) {
    const facility = header.priority >> 3
    const severity = header.priority & 7
    fields['log.syslog.priority'] = header.priority
    fields['log.syslog.facility.code'] = facility
    fields['log.syslog.facility.name'] = facilities[facility]!
    fields['log.syslog.severity.code'] = severity
    fields['log.syslog.severity.name'] = severities[severity]!
  }
  if (header.version !== undefined) fields['log.syslog.version'] = String(header.version)
  if (header.messageId !== undefined) fields['log.syslog.msgid'] = header.messageId
  if (header.structuredData !== undefined) {
    for (const [id, name, value] of readStructuredData(header.structuredData))
      put(fields, `log.syslog.structured_data.${id}.${name}`, value)
  }
  fields['message'] = text.slice(header.messageAt)
  if (!header.time) return undefined
  return header.time.kind === 'rfc3339' ? parseRfc3339(header.time.text) : parseRfc3164(header.time.text, receivedMs, timeZone)
}
