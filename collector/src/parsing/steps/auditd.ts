import { posix } from 'node:path'
import type { FieldValue, Scalar } from '@vonggac/contract'
import type { Fields } from '../../fields.ts'
import { append, mostSenderFields, tooManyFieldsTag, type Step } from '../draft.ts'
import { readRecord, type AuditRecord } from './auditd-record.ts'

/**
 * An event of Linux' audit daemon (auditd, audisp): one record, or several of one event, one a line, as a followed file joins them. The types of the records are
 * `auditd.message_type`, in lower case, the first of them `event.action`; their fields stand below `auditd.data.`, names for numbers below
 * `auditd.enriched.`. What one record says and another repeats (who did it) is one value; what they say of several things, such as the paths of a system
 * call, is a list in their order. The address of SOCKADDR stands below `auditd.data.socket.`.
 *
 * The command line of EXECVE, or else of PROCTITLE, becomes `process.args` and `process.command_line`; the path that the event is about (created or removed
 * rather than looked through) `file.path`, from the working directory on where it is relative. The time of the event is that of the records. The text stays.
 */
export function auditd(field: string): Step {
  return (draft) => {
    const text = draft.fields.get(field)
    const records = typeof text === 'string' ? readRecords(text) : undefined
    if (!records) return false
    const [{ node, time, sequence }] = records
    draft.timeMs = Math.floor(Number(time) * 1000 + 0.001)
    if (node !== undefined) draft.fields.set('host.name', node)
    draft.fields.set('auditd.sequence', Number(sequence))
    addTypes(draft.fields, records)
    addRecords(draft.fields, records)
    addCommandLine(draft.fields, records)
    addPath(draft.fields, records)
    return true
  }
}

type Records = readonly [AuditRecord, ...AuditRecord[]]

/** `undefined` where a line is no record, or one of another event. */
function readRecords(text: string): Records | undefined {
  const records: AuditRecord[] = []
  for (const line of text.split('\n')) {
    const record = readRecord(line.endsWith('\r') ? line.slice(0, -1) : line)
    if (!record || (records[0] && (record.sequence !== records[0].sequence || record.time !== records[0].time))) return undefined
    records.push(record)
  }
  return records as unknown as Records
}

/** That a system call has no more records is no news. */
function addTypes(fields: Fields, records: Records): void {
  const types = [...new Set(records.map(({ type }) => type))]
  const telling = types.length > 1 ? types.filter((type) => type !== 'eoe') : types
  fields.set('auditd.message_type', telling.length === 1 ? telling[0]! : telling)
  fields.set('event.action', types[0]!)
}

/** What records say of who acts and of the call: each says the same. */
const ofTheActor: ReadonlySet<string> = new Set(
  (
    'arch syscall success exit items ppid pid auid uid gid euid suid fsuid egid sgid fsgid tty ses comm exe subj key cwd ' +
    'hostname addr terminal res op acct'
  ).split(' '),
)
const registers: ReadonlySet<string> = new Set(['a0', 'a1', 'a2', 'a3'])

function addRecords(fields: Fields, records: Records): void {
  const values = new Map<string, FieldValue>()
  const executes = records.some(({ type }) => type === 'execve')
  for (const { type, data, enriched } of records) {
    for (const [key, value] of data) {
      // Of execve, the registers hold addresses; EXECVE has what stands there.
      if (executes && type === 'syscall' && registers.has(key)) continue
      join(values, `auditd.data.${key}`, value, ofTheActor.has(key))
    }
    for (const [key, value] of enriched) join(values, `auditd.enriched.${key}`, value, ofTheActor.has(key))
  }
  let room = mostSenderFields
  for (const [name, value] of values) if (room-- > 0) fields.set(name, value)
  if (room < 0 || records.some(({ hasTooMany }) => hasTooMany)) append(fields, 'tags', [tooManyFieldsTag])
}

function join(values: Map<string, FieldValue>, name: string, value: FieldValue, isOne: boolean): void {
  const before = values.get(name)
  if (before === undefined) values.set(name, value)
  else if (!isOne) values.set(name, [...listOf(before), ...listOf(value)])
}

function listOf(value: FieldValue): readonly Scalar[] {
  return Array.isArray(value) ? (value as readonly Scalar[]) : [value as Scalar]
}

function addCommandLine(fields: Fields, records: Records): void {
  const title = records.find((record) => record.title.length > 0)?.title
  const args = records.find((record) => record.args.length > 0)?.args ?? title
  if (title) fields.set('process.title', title.join(' '))
  if (!args) return
  fields.set('process.args', args)
  fields.set('process.command_line', args.join(' '))
}

const madeOrRemoved: ReadonlySet<FieldValue | undefined> = new Set(['CREATE', 'DELETE'])

function addPath(fields: Fields, records: Records): void {
  const paths = records.filter(({ type, data }) => type === 'path' && typeof data.get('name') === 'string').map(({ data }) => data)
  const own =
    paths.findLast((path) => madeOrRemoved.has(path.get('nametype'))) ?? paths.find((path) => path.get('nametype') !== 'PARENT') ?? paths[0]
  if (!own) return
  const name = own.get('name') as string
  const folder = records.find(({ type }) => type === 'cwd')?.data.get('cwd')
  fields.set('file.path', name.startsWith('/') || typeof folder !== 'string' ? name : posix.join(folder, name))
}
