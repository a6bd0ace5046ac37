import type { FieldValue, Scalar } from '@vonggac/contract'

const names = new Map<string, string>()
const namesRemembered = 10_000
/** What JSON must escape, and halves of surrogate pairs, which only JSON.stringify writes so that they stay UTF-8. */
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const special = /["\\\u0000-\u001f\ud800-\udfff]/

/** One line of NDJSON without its LF: what JSON.stringify would give of an object with these fields, at half the price. No name may come twice. */
export function serialize(...parts: readonly Iterable<readonly [name: string, value: FieldValue]>[]): string {
  let line = ''
  for (const part of parts) for (const [name, value] of part) line += (line === '' ? '{' : ',') + nameOf(name) + valueOf(value)
  return line === '' ? '{}' : `${line}}`
}

function valueOf(value: FieldValue): string {
  return Array.isArray(value) ? `[${value.map(scalarOf).join(',')}]` : scalarOf(value as Scalar)
}

function scalarOf(value: Scalar): string {
  return typeof value === 'string' && !special.test(value) ? `"${value}"` : JSON.stringify(value)
}

function nameOf(name: string): string {
  const known = names.get(name)
  if (known !== undefined) return known
  if (names.size >= namesRemembered) names.clear()
  const written = `${JSON.stringify(name)}:`
  names.set(name, written)
  return written
}
