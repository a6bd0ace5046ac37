import type { FieldValue, Scalar } from '@vonggac/contract'
import { append, mostSenderFields, tooManyFieldsTag, type Step } from '../draft.ts'
import { interned } from '../../interned.ts'

export interface ColumnsOptions {
  readonly field: string
  /** First word of the line that names the columns: `#Fields:`. */
  readonly named: string
  /** First word of the line that has their types, as Zeek calls them. */
  readonly typed: string | undefined
  /** First word of another line of the heading, and where what it says goes. */
  readonly also: Readonly<Record<string, string>>
  readonly separator: string
  /** Texts of a column that has no value. */
  readonly absent: readonly string[]
  /** Put before the name of each column that `names` gives no other. */
  readonly prefix: string
  readonly names: Readonly<Record<string, string>>
}

interface Column {
  readonly field: string
  readonly read: (text: string) => FieldValue
}

interface Heading {
  readonly text: string
  readonly columns: readonly Column[] | undefined
  readonly also: readonly (readonly [field: string, value: string])[]
}

/**
 * A line behind the heading of its file, LF between them, as a followed file gives it (`lines/heading.ts`): the heading says which columns the line has.
 * W3C extended logs, such as those of IIS, and Zeek's. A line with more or fewer columns is none of the heading's. The field keeps the line alone, and so does
 * `event.original`.
 */
export function columns(options: ColumnsOptions): Step {
  const { field, separator } = options
  const absent = new Set(options.absent)
  const named = new Map(Object.entries(options.names))
  const fieldOf = (name: string) => named.get(name) ?? interned(options.prefix + nameOfColumn(name))
  let last: Heading = { text: '', columns: undefined, also: [] }
  return (draft) => {
    const { fields } = draft
    const text = fields.get(field)
    const end = typeof text === 'string' ? text.lastIndexOf('\n') : -1
    if (end < 0) return false
    // Nearly always that of the line before.
    const heading = (text as string).slice(0, end)
    if (heading !== last.text) last = readHeading(heading, options, fieldOf)
    if (!last.columns) return false
    const line = (text as string).slice(end + 1)
    const values = line.split(separator, last.columns.length + 1)
    if (values.length !== last.columns.length) return false
    for (const [to, value] of last.also) fields.set(to, value)
    for (const [index, column] of last.columns.entries()) {
      const value = values[index]!
      if (value !== '' && !absent.has(value)) fields.set(column.field, column.read(value))
    }
    if (values.length >= mostSenderFields) append(fields, 'tags', [tooManyFieldsTag])
    fields.set(field, line)
    draft.original = line
    return true
  }
}

function readHeading(text: string, options: ColumnsOptions, fieldOf: (name: string) => string): Heading {
  const { named, typed, also, separator } = options
  const lines = new Map(
    text.split('\n').map((line) => {
      const [word = ''] = line.split(/\s/, 1)
      return [word, line.slice(word.length + 1).trim()]
    }),
  )
  const types = (typed === undefined ? undefined : lines.get(typed))?.split(separator) ?? []
  const columns = lines
    .get(named)
    ?.split(separator)
    .slice(0, mostSenderFields)
    .map((name, index) => ({ field: fieldOf(name), read: readerOf(types[index] ?? '') }))
  const said = Object.entries(also).flatMap(([word, to]) => (lines.get(word) ? [[to, lines.get(word)!] as const] : []))
  return { text, columns, also: said }
}

/** `cs(X-Forwarded-For)` → `cs_X-Forwarded-For`. */
function nameOfColumn(name: string): string {
  const plain = name.replaceAll(/[^A-Za-z0-9_.-]+/g, '_')
  return plain.replace(/_$/, '').slice(0, 100) || 'unnamed'
}

const numbers: ReadonlySet<string> = new Set(['count', 'int', 'port', 'double', 'interval', 'time'])
const list = /^(?:set|vector|table)\[(\w+)\]$/

/** A column without a type is text. */
function readerOf(type: string): (text: string) => FieldValue {
  const members = list.exec(type)?.[1]
  if (members === undefined) return scalarReader(type)
  const read = scalarReader(members)
  return (text) => text.split(',', mostSenderFields).map((member) => read(member))
}

function scalarReader(type: string): (text: string) => Scalar {
  if (numbers.has(type)) return (text) => (/^-?\d{1,15}(?:\.\d{1,15})?$/.test(text) ? Number(text) : text)
  if (type === 'bool') return (text) => (text === 'T' ? true : text === 'F' ? false : text)
  return unescape
}

/** Zeek and IIS write what would break a line in hexadecimal digits: `\x09`. */
function unescape(text: string): string {
  if (!text.includes('\\x')) return text
  return text.replaceAll(/(?:\\x[0-9a-fA-F]{2})+/g, (run) => Buffer.from(run.replaceAll('\\x', ''), 'hex').toString('utf8'))
}
