import { fields as names, type FieldValue, type Scalar } from '@vonggac/contract'
import { nameOf } from '../field-names.ts'
import type { Fields } from '../fields.ts'
import { ecsTypes, type EcsType } from './ecs-types.ts'
import { converters } from './steps/convert.ts'

/** Where a value goes that is not of its field's type: `unfit.source.port`. */
const unfit = 'unfit.'
/** The collector says these itself, and keeps what a sender says of them in its own way. */
const ours: ReadonlySet<string> = new Set([names.timestamp, names.received])

/**
 * Holds the fields that ECS knows to their types, so that no sender's `"source.ip": "gateway"` keeps an event out of a store whose columns
 * have types. A number or a truth value that is written as text becomes one; what cannot be converted moves below `unfit.`, and stays searchable.
 */
export function conform(fields: Fields): void {
  let moves: string[] | undefined
  fields.each((id, value) => {
    const name = nameOf(id)
    const type = ecsTypes.get(name)
    if (type === undefined || fits(type, value) || ours.has(name)) return
    const converted = convert(type, value)
    if (converted === undefined) (moves ??= []).push(name)
    else fields.set(id, converted)
  })
  for (const name of moves ?? []) {
    fields.set(unfit + name, fields.get(name)!)
    fields.delete(name)
  }
}

function fits(type: EcsType, value: FieldValue): boolean {
  return Array.isArray(value) ? (value as readonly Scalar[]).every((one) => isOf(type, one)) : isOf(type, value as Scalar)
}

function isOf(type: EcsType, value: Scalar): boolean {
  switch (type) {
    case 'ip':
      return typeof value === 'string' && converters.ip(value) !== undefined
    case 'integer':
      return Number.isSafeInteger(value)
    case 'number':
      return typeof value === 'number'
    case 'boolean':
      return typeof value === 'boolean'
    case 'date':
      return typeof value === 'string' && /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d|$)/.test(value) && !Number.isNaN(Date.parse(value))
  }
}

function convert(type: EcsType, value: FieldValue): FieldValue | undefined {
  if (type === 'date') return undefined
  if (!Array.isArray(value)) return typeof value === 'string' ? (converters[type](value) ?? undefined) : undefined
  const members: Scalar[] = []
  for (const one of value as readonly Scalar[]) {
    const converted = isOf(type, one) ? one : typeof one === 'string' ? converters[type](one) : undefined
    if (converted === undefined) return undefined
    members.push(converted)
  }
  return members
}
