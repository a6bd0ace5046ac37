import type { FieldValue, Scalar } from '@vonggac/contract'
import type { Fields } from '../fields.ts'
import { parseObject } from './steps/json.ts'
import { setPriority } from './syslog/fields.ts'

/** Fields of the journal that have a name in ECS (systemd.journal-fields(7)); the first that is there says it. */
const named: readonly (readonly [to: string, type: 'text' | 'integer', ...from: string[]])[] = [
  ['host.name', 'text', '_HOSTNAME'],
  ['host.id', 'text', '_MACHINE_ID'],
  ['process.name', 'text', 'SYSLOG_IDENTIFIER', '_COMM'],
  ['process.pid', 'integer', '_PID', 'SYSLOG_PID'],
  ['process.executable', 'text', '_EXE'],
  ['process.command_line', 'text', '_CMDLINE'],
  ['process.thread.id', 'integer', 'TID'],
  ['user.id', 'text', '_UID'],
  ['group.id', 'text', '_GID'],
  ['log.origin.function', 'text', 'CODE_FUNC'],
  ['log.origin.file.name', 'text', 'CODE_FILE'],
  ['log.origin.file.line', 'integer', 'CODE_LINE'],
  ['message', 'text', 'MESSAGE'],
]
/** Of the journal's own book-keeping, or said by the event already. */
const left = new Set([
  '__REALTIME_TIMESTAMP',
  '_SOURCE_REALTIME_TIMESTAMP',
  '__MONOTONIC_TIMESTAMP',
  '_SOURCE_MONOTONIC_TIMESTAMP',
  '__SEQNUM',
  '__SEQNUM_ID',
  'PRIORITY',
  'SYSLOG_FACILITY',
  'SYSLOG_TIMESTAMP',
])
const mostFields = 1_000

/**
 * Adds the fields of an entry of systemd's journal, a JSON object with its fields, so that a parser finds what it would find behind a syslog header;
 * those without a name in ECS stand below `journald.`. Gives the time of the entry. Text that is no such object becomes `message`.
 */
export function readJournalEntry(fields: Fields, text: string): number | undefined {
  const entry = parseObject(text)
  if (!entry) {
    fields.set('message', text)
    return undefined
  }
  const used = new Set<string>()
  entry['MESSAGE'] = readable(entry['MESSAGE'])
  for (const [to, type, ...from] of named) {
    const name = from.find((one) => typeof entry[one] === 'string' && (type === 'text' || /^\d{1,15}$/.test(entry[one])))
    if (name === undefined) continue
    used.add(name)
    fields.set(to, type === 'integer' ? Number(entry[name]) : (entry[name] as string))
  }
  const [severity, facility] = [code(entry['PRIORITY'], 7), code(entry['SYSLOG_FACILITY'], 23)]
  if (severity !== undefined) setPriority(fields, (facility ?? 1) * 8 + severity)
  for (const [name, value] of Object.entries(entry).slice(0, mostFields)) {
    const scalar = used.has(name) || left.has(name) ? undefined : fieldValue(value)
    if (scalar !== undefined) fields.set(`journald.${name.replace(/^_+/, '').toLowerCase()}`, scalar)
  }
  const microseconds = Number(entry['_SOURCE_REALTIME_TIMESTAMP'] ?? entry['__REALTIME_TIMESTAMP'])
  return Number.isSafeInteger(microseconds) && microseconds > 0 ? Math.floor(microseconds / 1000) : undefined
}

/** A message that is no UTF-8 is read as far as it can be; the entry keeps its bytes. */
function readable(value: unknown): unknown {
  const base64 = typeof value === 'object' && value !== null && 'base64' in value ? value.base64 : undefined
  return typeof base64 === 'string' ? Buffer.from(base64, 'base64').toString('utf8') : value
}

function code(value: unknown, most: number): number | undefined {
  const number = typeof value === 'string' && /^\d{1,2}$/.test(value) ? Number(value) : NaN
  return number <= most ? number : undefined
}

function fieldValue(value: unknown): FieldValue | undefined {
  if (typeof value === 'string') return value
  if (Array.isArray(value) && value.every((one): one is Scalar => typeof one === 'string')) return value
  return value === undefined ? undefined : JSON.stringify(value)
}
