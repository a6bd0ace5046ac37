import type { Scalar } from '@vonggac/contract'

/** `field: "value"` in KQL; of nothing, that the field is not there. */
export function conditionOf(field: string, value: Scalar, wanted: boolean): string {
  const name = field.replace(/[\\():<>"*{}\s]/g, '\\$&')
  if (value === null) return wanted ? `not ${name}: *` : `${name}: *`
  return `${wanted ? '' : 'not '}${name}: ${valueText(value)}`
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** A value as KQL writes it: texts in quotes, so that no sign in them means anything. */
export function valueText(value: Exclude<Scalar, null>): string {
  return typeof value === 'string' ? `"${value.replace(/[\\"\n\r\t]/g, (sign) => escapes[sign] ?? sign)}"` : String(value)
}
