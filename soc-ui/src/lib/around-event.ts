import { fields, type FlatEvent } from '@vonggac/contract'
import { fieldText } from './event-text.ts'
import { conditionOf } from './kql-text.ts'

const aroundMs = 5 * 60_000

/** The address of a hunt for what happened around an event: five minutes before and after it, on the same machine or from the same address. */
export function aroundEvent(event: FlatEvent): { q?: string; from: string; to: string; clock: 'occurred' } {
  const at = Date.parse(fieldText(event[fields.timestamp]))
  const conditions = ['host.name', 'source.ip']
    .map((field) => [field, fieldText(event[field])] as const)
    .filter(([, value]) => value !== '')
    .map(([field, value]) => conditionOf(field, value, true))
  return {
    ...(conditions.length > 0 ? { q: conditions.join(' or ') } : {}),
    from: new Date(at - aroundMs).toISOString(),
    to: new Date(at + aroundMs).toISOString(),
    clock: 'occurred',
  }
}
