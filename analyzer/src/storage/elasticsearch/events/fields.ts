/**
 * How the fields of events are indexed, and what the tests of an expression are asked of.
 *
 * Fields of the component template `fields.json` have its types. Any other field becomes a keyword, and its numbers go to
 * `vonggac.store.number.<field>` besides, so that they can be compared, sorted and summed. Addresses and times are kept as text too
 * (`source.ip.keyword`): an `ip` field knows networks, but not how an address was written.
 */
import { anyText, type ElasticsearchField, type Expression, type Predicate } from '@vonggac/sigma'
import { fieldMapping } from './templates.ts'

/** `text` is a keyword or wildcard field; `other` has no entry in the template. */
export type FieldKind = 'text' | 'ip' | 'date' | 'long' | 'timestamp' | 'other'

/** Everything below is the store's own and no part of an event. */
export const ownPrefix = 'vonggac.store.'

export const own = {
  /** date: when the collector received the event, from `event.id`. */
  received: 'vonggac.store.received',
  /** keyword, long: where it stood in the collector's journal, from `event.id`. */
  collector: 'vonggac.store.collector',
  position: 'vonggac.store.position',
  /** keyword: fields of which the index does not say what an expression must know; only the whole event does. */
  odd: 'vonggac.store.odd',
  /** Not indexed: JSON object of the fields that the document cannot have, or has otherwise; null stands for a field that the event has not. */
  exact: 'vonggac.store.exact',
  /** keyword: why Elasticsearch refused the event's fields. */
  refused: 'vonggac.store.refused',
  numbers: 'vonggac.store.number.',
} as const

/** In `odd`: the event has a field whose name cannot be indexed; or none of its fields is. */
export const unnamable = '?'
export const unindexed = '*'

const kinds: ReadonlyMap<string, FieldKind> = new Map(
  Object.entries(fieldMapping()).map(([name, { type }]) => [name, name === '@timestamp' ? 'timestamp' : kindOfType(type)]),
)

/** Fields of the template are not foreign, nor are the store's own. */
export function isForeign(field: string): boolean {
  return kindOf(field) === 'other'
}

const withText: ReadonlySet<FieldKind> = new Set<FieldKind>(['ip', 'date'])
const companions = new Set([...kinds].filter(([, kind]) => withText.has(kind)).map(([name]) => `${name}.keyword`))

function kindOfType(type: string): FieldKind {
  if (type === 'keyword' || type === 'wildcard') return 'text'
  if (type === 'ip' || type === 'date' || type === 'long') return type
  throw new Error(`fields.json has a field of the type ${type}, which the store cannot query`)
}

/** Undefined for a field whose name Elasticsearch refuses, or that would be taken for another. */
export function kindOf(field: string): FieldKind | undefined {
  const known = kinds.get(field)
  if (known !== undefined) return known
  const good = /^[^_\s\p{C}*?][^\p{C}*?]{0,199}$/u.test(field) && !field.startsWith(ownPrefix) && !companions.has(field)
  return good ? 'other' : undefined
}

/** The field that holds the values as text, or for numbers as numbers: for terms and for presence. */
export function valueField(field: string): { readonly name: string; readonly kind: FieldKind } | undefined {
  const kind = kindOf(field)
  return kind === undefined ? undefined : { name: withText.has(kind) ? `${field}.keyword` : field, kind }
}

export function numberField(field: string): string | undefined {
  const kind = kindOf(field)
  return kind === 'long' ? field : kind === 'other' ? own.numbers + field : undefined
}

/** The expression over the fields that answer it, and how those are mapped. */
export interface Asked {
  readonly expression: Expression
  readonly field: (name: string) => ElasticsearchField | undefined
}

/** `foreign`: fields without an entry in the template to which somebody gave another type than keyword; only the whole event tells of them. */
export function askedOf(expression: Expression, foreign: ReadonlySet<string>): Asked {
  const mapped = new Map<string, ElasticsearchField>()
  const named = (field: string, of: ElasticsearchField | undefined): string => {
    if (of !== undefined) mapped.set(of.name, of)
    return of?.name ?? field
  }
  const leaf = ({ field, test }: Predicate): Predicate => {
    const to = field === anyText ? anyText : named(field, mappingFor(field, test.kind, foreign))
    if (test.kind !== 'equalsField' || test.other === anyText) return { field: to, test }
    return { field: to, test: { ...test, other: named(test.other, mappingFor(test.other, 'exists', foreign)) } }
  }
  return { expression: mapLeaves(expression, leaf), field: (name) => mapped.get(name) }
}

function mappingFor(field: string, test: Predicate['test']['kind'], foreign: ReadonlySet<string>): ElasticsearchField | undefined {
  const kind = kindOf(field)
  switch (kind) {
    case undefined:
      return undefined
    case 'long':
      return { name: field, type: 'number' }
    case 'timestamp':
      return { name: field, type: 'date' }
    case 'other':
      if (foreign.has(field)) return { name: field, type: 'flattened' }
      return test === 'compare' ? { name: own.numbers + field, type: 'number' } : { name: field, type: 'keyword' }
    case 'ip':
      return test === 'network' ? { name: field, type: 'ip' } : { name: `${field}.keyword`, type: 'keyword' }
    case 'date':
      return test === 'moment' ? { name: field, type: 'date' } : { name: `${field}.keyword`, type: 'keyword' }
    case 'text':
      return { name: field, type: 'keyword' }
  }
}

function mapLeaves(expression: Expression, leaf: (predicate: Predicate) => Predicate): Expression {
  if ('all' in expression) return { all: expression.all.map((member) => mapLeaves(member, leaf)) }
  if ('any' in expression) return { any: expression.any.map((member) => mapLeaves(member, leaf)) }
  if ('not' in expression) return { not: mapLeaves(expression.not, leaf) }
  return leaf(expression)
}
