/** What a test of one value becomes on each kind of field. */
import type { ValueTest } from '../../ir/evaluate.ts'
import { parseAddress, parseNetwork } from '../../ir/network.ts'
import { compileRegex } from '../../ir/regex.ts'
import { fold, numberOf, textOf } from '../../ir/text.ts'
import { necessaryTexts } from '../../match/regex-literals.ts'
import { networkPatterns } from '../duckdb/network.ts'
import { anyOf, nothing, type ElasticsearchQuery } from './query.ts'
import { textQuery, type TextQuery } from './text.ts'

/** A test of a value that is there. */
export type FieldTest = Exclude<ValueTest, { readonly kind: 'null' }>

export interface ElasticsearchField {
  /** The name in the index, such as `message.keyword` where `message` is analysed text. */
  readonly name: string
  /** `keyword` also stands for `wildcard` and `constant_keyword`; `number` for every number type. */
  readonly type: 'keyword' | 'number' | 'boolean' | 'ip' | 'date' | 'flattened'
  /** Some values are kept but not indexed: too long (`ignore_above`) or of the wrong form (`ignore_malformed`). Such documents are found always. */
  readonly ignores?: true
}

/** The query for documents where some value of the field satisfies the test; not exact where it finds others too. */
export function fieldQuery(test: FieldTest, field: ElasticsearchField): TextQuery {
  const indexed = indexedQuery(test, field)
  if (!field.ignores) return indexed
  return { query: anyOf([indexed.query, { term: { _ignored: { value: field.name } } }]), exact: indexed.exact && test.kind === 'exists' }
}

function indexedQuery(test: FieldTest, { name, type }: ElasticsearchField): TextQuery {
  if (test.kind === 'exists' || takesAnyText(test)) return { query: present(name), exact: true }
  switch (type) {
    case 'keyword':
      return onKeyword(test, name)
    case 'number':
      return onNumber(test, name)
    case 'boolean':
      return onBoolean(test, name)
    case 'ip':
      return onAddress(test, name)
    case 'date':
      return onDate(test, name)
    case 'flattened':
      return whenPresent(name)
  }
}

/** A `date` field takes more forms of writing for a time than `momentOf`, among them years and texts of milliseconds. */
function onDate(test: RealTest, field: string): TextQuery {
  if (test.kind !== 'moment') return whenPresent(field)
  const at = new Date(test.at).toISOString()
  if (!/^\d{4}-/.test(at)) return whenPresent(field)
  return { query: { range: { [field]: { [test.side === 'since' ? 'gte' : 'lt']: at, format: 'strict_date_time' } } }, exact: false }
}

/** `field: '*'` in Sigma: any value, whatever the field's type. */
function takesAnyText(test: FieldTest): boolean {
  return (test.kind === 'glob' && /^\*+$/.test(test.pattern)) || (test.kind === 'contains' && test.value === '')
}

function present(field: string): ElasticsearchQuery {
  return { exists: { field } }
}

function whenPresent(field: string): TextQuery {
  return { query: present(field), exact: false }
}

type RealTest = Exclude<FieldTest, { readonly kind: 'exists' }>

function onKeyword(test: RealTest, field: string): TextQuery {
  switch (test.kind) {
    case 'compare':
    case 'timePart':
    case 'moment':
      return whenPresent(field)
    case 'network':
      return networkOnKeyword(test.cidr, field)
    case 'regex': {
      compileRegex(test.source, test.flags)
      const needs = necessaryTexts(test.source, test.flags)
      if (needs.length === 0) return whenPresent(field)
      return { query: anyOf(needs.map((value) => textQuery({ kind: 'contains', value }, field).query)), exact: false }
    }
    default:
      return textQuery(test, field)
  }
}

/** Addresses with colons have too many forms for a pattern: all of them are found. */
function networkOnKeyword(cidr: string, field: string): TextQuery {
  const patterns = networkPatterns(cidr)
  if (patterns === undefined) return { query: nothing, exact: true }
  const colon: ElasticsearchQuery = { wildcard: { [field]: { value: '*:*' } } }
  if (patterns.dotted === undefined) return { query: colon, exact: false }
  const value = patterns.dotted.replaceAll('(?:', '(')
  return { query: anyOf([{ regexp: { [field]: { value, flags: 'NONE' } } }, colon]), exact: false }
}

function onNumber(test: RealTest, field: string): TextQuery {
  switch (test.kind) {
    case 'compare':
      // A limit beyond the integers of the field would be an error.
      if (Math.abs(test.value) >= 2 ** 63) return whenPresent(field)
      return { query: { range: { [field]: { [test.operator]: test.value } } }, exact: true }
    case 'network':
      return { query: nothing, exact: true }
    case 'equals': {
      const number = numberOf(textOf(test.value) ?? '')
      if (number === undefined || String(number) !== fold(String(test.value))) return { query: nothing, exact: true }
      return { query: { term: { [field]: { value: number } } }, exact: Number.isSafeInteger(number) }
    }
    default:
      return whenPresent(field)
  }
}

function onBoolean(test: RealTest, field: string): TextQuery {
  if (test.kind === 'compare' || test.kind === 'timePart' || test.kind === 'moment' || test.kind === 'network')
    return { query: nothing, exact: true }
  if (test.kind !== 'equals') return whenPresent(field)
  const wanted = test.cased ? textOf(test.value) : fold(textOf(test.value) ?? '')
  if (wanted !== 'true' && wanted !== 'false') return { query: nothing, exact: true }
  return { query: { term: { [field]: { value: wanted === 'true' } } }, exact: true }
}

/** An `ip` field knows addresses, not how they were written. */
function onAddress(test: RealTest, field: string): TextQuery {
  if (test.kind === 'network') {
    const network = parseNetwork(test.cidr)
    if (network === undefined) return { query: nothing, exact: true }
    const { bytes, bits } = network
    // A network of IPv4 written as IPv6 is refused. IPv4 addresses are kept as ::ffff:0:0/96, where networks of IPv6 may find them too.
    const value = bytes.length === 4 ? `${bytes.join('.')}/${bits}` : test.cidr
    return { query: { term: { [field]: { value } } }, exact: bytes.length === 4 || bits > 96 }
  }
  if (test.kind === 'compare' || test.kind === 'timePart' || test.kind === 'moment') return whenPresent(field)
  if (test.kind === 'equals') {
    const text = textOf(test.value) ?? ''
    return { query: parseAddress(text) === undefined ? nothing : { term: { [field]: { value: text } } }, exact: false }
  }
  const network = test.kind === 'prefix' ? networkOfPrefix(test.value) : undefined
  return network === undefined ? whenPresent(field) : { query: { term: { [field]: { value: network } } }, exact: false }
}

/** `192.168.` as a network; it finds addresses written otherwise too. */
function networkOfPrefix(value: string): string | undefined {
  const octets = /^(?:\d{1,3}\.){1,3}$/.test(value) ? value.slice(0, -1).split('.') : []
  const network = `${[...octets, '0', '0', '0'].slice(0, 4).join('.')}/${octets.length * 8}`
  return octets.length > 0 && parseNetwork(network) !== undefined ? network : undefined
}
