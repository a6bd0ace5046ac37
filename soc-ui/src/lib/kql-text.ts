import type { Scalar } from '@vonggac/contract'
import { fieldName, quoted } from '@vonggac/sigma/kql'

/** `field: "value"` in KQL; of nothing, that the field is not there. Texts stand in quotes, so that no sign in them means anything. */
export function conditionOf(field: string, value: Scalar, wanted: boolean): string {
  const name = fieldName(field)
  if (value === null) return wanted ? `not ${name}: *` : `${name}: *`
  return `${wanted ? '' : 'not '}${name}: ${typeof value === 'string' ? quoted(value) : String(value)}`
}
