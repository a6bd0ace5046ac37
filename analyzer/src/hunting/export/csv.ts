/**
 * Events as CSV: RFC 4180 (commas, CRLF, quotes doubled), with a byte order mark, without which Excel takes UTF-8 for the machine's old code page and
 * spoils every Vietnamese letter.
 *
 * A text that begins with `=`, `+`, `-`, `@`, a tab or a carriage return is a formula to spreadsheets, and attackers choose what stands in logs: an apostrophe
 * is put before it (OWASP, "CSV Injection"). Numbers keep their sign. Several values of a field are joined by "; ".
 */
import type { FieldName, FieldValue, FlatEvent, Scalar } from '@vonggac/contract'

export const byteOrderMark = '\uFEFF'

export function csvHeader(columns: readonly FieldName[]): string {
  return record(columns.map(textCell))
}

export function csvRow(event: FlatEvent, columns: readonly FieldName[]): string {
  return record(columns.map((column) => cell(Object.hasOwn(event, column) ? event[column]! : null)))
}

function record(cells: readonly string[]): string {
  return `${cells.join(',')}\r\n`
}

function cell(value: FieldValue): string {
  if (typeof value === 'number') return String(value)
  return textCell(Array.isArray(value) ? value.map(textOf).join('; ') : textOf(value as Scalar))
}

function textOf(value: Scalar): string {
  return value === null ? '' : String(value)
}

const formula = /^[=+\-@\t\r]/
const special = /[",\r\n]/

function textCell(text: string): string {
  const safe = formula.test(text) ? `'${text}` : text
  return special.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
