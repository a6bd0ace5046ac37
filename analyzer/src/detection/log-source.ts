import { fields } from '@vonggac/contract'
import type { LogSource } from '@vonggac/sigma'

/** The fields of an event that name its log source. */
export const logSourceFields = { product: fields.logSourceProduct, category: fields.logSourceCategory, service: fields.logSourceService }

/** A rule does not apply to events that name a dimension which it names otherwise; what either leaves open does not restrict. */
export function appliesTo(rule: LogSource, delivered: LogSource): boolean {
  return (['category', 'product', 'service'] as const).every((dimension) => {
    const wanted = rule[dimension]?.toLowerCase()
    const actual = delivered[dimension]?.toLowerCase()
    return !wanted || !actual || wanted === actual
  })
}
