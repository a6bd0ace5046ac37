import type { Step } from '../draft.ts'

export interface CsvOptions {
  readonly field: string
  /** Field of each column; `''` skips one. */
  readonly columns: readonly string[]
  readonly separator: string
  /** Text of a column that has no value. */
  readonly absent: string | undefined
  /** Fewer columns than that are another format. */
  readonly least: number
  /** Where the text behind the named columns goes, as it stands: formats whose later columns depend on the earlier ones are read in turns. */
  readonly rest: string | undefined
}

/**
 * Columns of one line (RFC 4180): a column in double quotes may hold separators, and two double quotes for one. A quote that is never
 * closed takes the rest of the text. A column that is empty or `absent` sets nothing. The text stays.
 */
export function csv({ field, columns, separator, absent, least, rest }: CsvOptions): Step {
  return ({ fields }) => {
    const text = fields.get(field)
    if (typeof text !== 'string') return false
    const values: string[] = []
    const next = readColumns(text, separator, columns.length, values)
    if (values.length < least) return false
    for (let index = 0; index < values.length; index++) {
      const name = columns[index]!
      const value = values[index]!
      if (name !== '' && value !== '' && value !== absent) fields.set(name, value)
    }
    if (rest !== undefined && next < text.length) fields.set(rest, text.slice(next))
    return true
  }
}

/** Reads up to `most` columns into `values`. @returns the offset behind the last one and its separator */
function readColumns(text: string, separator: string, most: number, values: string[]): number {
  let at = 0
  while (values.length < most) {
    const end = text[at] === '"' ? readQuoted(text, at, separator, values) : readPlain(text, at, separator, values)
    if (end >= text.length) return text.length
    at = end + separator.length
  }
  return at
}

/** @returns the offset of the separator, or the length of the text */
function readPlain(text: string, start: number, separator: string, values: string[]): number {
  const found = text.indexOf(separator, start)
  const end = found < 0 ? text.length : found
  values.push(text.slice(start, end))
  return end
}

function readQuoted(text: string, start: number, separator: string, values: string[]): number {
  let value = ''
  let at = start + 1
  for (;;) {
    const quote = text.indexOf('"', at)
    if (quote < 0) {
      values.push(value + text.slice(at))
      return text.length
    }
    value += text.slice(at, quote)
    at = quote + 1
    if (text[at] !== '"') break
    value += '"'
    at++
  }
  // What stands between the closing quote and the separator is no CSV, but it was sent.
  const found = text.indexOf(separator, at)
  const end = found < 0 ? text.length : found
  values.push(end === at ? value : value + text.slice(at, end))
  return end
}
