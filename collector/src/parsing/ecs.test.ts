import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { EcsFlat } from '@elastic/ecs'
import type { FlatEvent, Scalar } from '@vonggac/contract'
import { describe, expect, it } from 'vitest'
import { productParsers } from '../start.ts'

/**
 * Every event that a shipped parser is expected to make speaks ECS: a field below one of its field sets exists there and holds a value of its
 * type, and the categorization uses the values and pairs that ECS allows. Fields of a vendor stand below a name of their own.
 */
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
const fits: Readonly<Record<string, (value: Scalar) => boolean>> = {
  ip: (value) => typeof value === 'string' && isIP(value) !== 0,
  long: integer,
  float: (value) => typeof value === 'number',
  scaled_float: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  date: (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(value) && !Number.isNaN(Date.parse(value)),
  keyword: (value) => typeof value === 'string',
}

function mistakesOf(event: FlatEvent): string[] {
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
    const fit = fits[field.type] ?? fits['keyword']!
    if (!values.every((one) => fit(one))) mistakes.push(`${name} is no ${field.type}: ${JSON.stringify(value)}`)
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

function listOf(value: FlatEvent[string] | undefined): readonly string[] {
  return Array.isArray(value) ? (value as readonly string[]) : []
}

/** Parsers of any sender's events: what fields and categories they have is the sender's affair, and one passes on names as they come. */
const generic = ['cef', 'ecs-json', 'json', 'key-value', 'leef']
const passing = ['ecs-json']

const files = readdirSync(productParsers)
  .filter((name) => !passing.includes(name))
  .flatMap((name) => {
    const folder = join(productParsers, name, 'expected')
    return existsSync(folder)
      ? readdirSync(folder).map((file) => [`${name}/${file}`, join(folder, file), generic.includes(name)] as const)
      : []
  })

describe.each(files)('%s', (_, file, ofAnySender) => {
  it('speaks ECS', () => {
    const events = readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as FlatEvent)
    const mistakes = events.flatMap((event) =>
      mistakesOf(event).map((mistake) => `${mistake} — ${String(event['event.original']).slice(0, 120)}`),
    )
    expect(mistakes).toEqual([])
    if (ofAnySender) return
    const ordinary = events.filter((event) => event['event.kind'] !== 'pipeline_error')
    const plain = ordinary.filter((event) => !event['event.category'] && !listOf(event['tags']).includes('unknown-message'))
    expect(plain.map((event) => event['event.original'])).toEqual([])
  })
})
