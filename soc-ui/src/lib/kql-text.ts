import type { Scalar } from '@vonggac/contract'
import { fieldName, parseKql, quoted, type KqlResult } from '@vonggac/sigma/kql'

/** Reads a query as the server does: `now-1d` is known, and times without a zone are those of Asia/Ho_Chi_Minh. Which fields `*.ip` stands for, the server knows. */
export function readQuery(query: string): KqlResult {
  return parseKql(query, { now: new Date(), zoneMinutes: 7 * 60, fields: [] })
}

/** `field: "value"` in KQL; of nothing, that the field is not there. Texts stand in quotes, so that no sign in them means anything. */
export function conditionOf(field: string, value: Scalar, wanted: boolean): string {
  const name = fieldName(field)
  if (value === null) return wanted ? `not ${name}: *` : `${name}: *`
  return `${wanted ? '' : 'not '}${name}: ${typeof value === 'string' ? quoted(value) : String(value)}`
}
