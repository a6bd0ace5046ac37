import { isIP } from 'node:net'
import { EcsFlat } from '@elastic/ecs'
import type { FlatEvent, Scalar } from '@vonggac/contract'

interface EcsField {
  readonly type: string
  readonly normalize: readonly string[]
  readonly allowed_values?: readonly { readonly name: string; readonly expected_event_types?: readonly string[] }[]
}

const ecs = new Map(Object.entries(EcsFlat as unknown as Readonly<Record<string, EcsField>>))
const fieldSets = new Set([...ecs.keys()].filter((name) => name.includes('.')).map((name) => name.slice(0, name.indexOf('.'))))
const openEnded = [...ecs].filter(([, { type }]) => type === 'object' || type === 'flattened').map(([name]) => `${name}.`)
const typesOf = new Map(ecs.get('event.category')!.allowed_values!.map(({ name, expected_event_types: types }) => [name, types ?? []]))

const integer = (value: Scalar) => Number.isSafeInteger(value)
const isText = (value: Scalar) => typeof value === 'string'
const fits: Readonly<Record<string, (value: Scalar) => boolean>> = {
  ip: (value) => typeof value === 'string' && isIP(value) !== 0,
  long: integer,
  float: (value) => typeof value === 'number',
  scaled_float: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  date: (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(value) && !Number.isNaN(Date.parse(value)),
}

/** What in an event is not as ECS has it: fields that it does not know, values that are not of the type, categories and types that do not go together. */
export function mistakesOf(event: FlatEvent): string[] {
  const mistakes: string[] = []
  for (const [name, value] of Object.entries(event)) {
    const field = ecs.get(name)
    if (!field) {
      const set = name.split('.')[0]!
      const known = openEnded.some((prefix) => name.startsWith(prefix)) || (!fieldSets.has(set) && name.includes('.'))
      if (!known) mistakes.push(`${name} is no field of ECS`)
      continue
    }
    const values = Array.isArray(value) ? (value as readonly Scalar[]) : [value as Scalar]
    // Objects in a list are parallel lists of their fields.
    const below = ecs.get(name.slice(0, name.lastIndexOf('.')))?.normalize.includes('array') === true
    if (!below && Array.isArray(value) !== field.normalize.includes('array'))
      mistakes.push(`${name} is ${Array.isArray(value) ? 'a' : 'no'} list`)
    const fit = fits[field.type] ?? isText
    if (!values.every((one) => fit(one))) mistakes.push(`${name} is no ${fits[field.type] ? field.type : 'text'}: ${JSON.stringify(value)}`)
    const allowed = field.allowed_values?.map((one) => one.name)
    if (allowed && !values.every((one) => allowed.includes(one as string))) mistakes.push(`${name} may not be ${JSON.stringify(value)}`)
  }
  const categories = listOf(event['event.category'])
  for (const type of listOf(event['event.type'])) {
    if (!categories.some((category) => typesOf.get(category)?.includes(type)))
      mistakes.push(`event.type ${type} fits none of ${categories.join(', ')}`)
  }
  return mistakes
}

export function listOf(value: FlatEvent[string] | undefined): readonly string[] {
  return Array.isArray(value) ? (value as readonly string[]) : []
}
