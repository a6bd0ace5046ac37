import type { FieldValue, Scalar } from '@vonggac/contract'

const names = new Map<string, string>()
const namesRemembered = 10_000
/** What JSON must escape, and halves of surrogate pairs, which only JSON.stringify writes so that they stay UTF-8. */
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const special = /["\\\u0000-\u001f\ud800-\udfff]/

/** One line of NDJSON without its LF: `head`, an object without its closing brace, and then the fields, as JSON.stringify writes them at half the price. No name may come twice. */
export function serialize(head: string, fields: Iterable<readonly [name: string, value: FieldValue]>): string {
  let line = head
  for (const [name, value] of fields) line += (line === '{' ? '' : ',') + nameOf(name) + valueText(value)
  return `${line}}`
}

function valueText(value: FieldValue): string {
  if (!Array.isArray(value)) return scalarText(value as Scalar)
  let text = ''
  for (const one of value as readonly Scalar[]) text += text === '' ? scalarText(one) : `,${scalarText(one)}`
  return `[${text}]`
}

export function scalarText(value: Scalar): string {
  if (typeof value === 'string') return special.test(value) ? JSON.stringify(value) : `"${value}"`
  return Number.isSafeInteger(value) ? `${value}` : JSON.stringify(value)
}

function nameOf(name: string): string {
  const known = names.get(name)
  if (known !== undefined) return known
  if (names.size >= namesRemembered) names.clear()
  const written = `${JSON.stringify(name)}:`
  names.set(name, written)
  return written
}
