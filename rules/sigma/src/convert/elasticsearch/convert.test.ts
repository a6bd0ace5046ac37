import { describe, expect, it } from 'vitest'
import type { Expression, Test } from '../../ir/expression.ts'
import { toElasticsearch, type ElasticsearchOptions } from './convert.ts'
import type { ElasticsearchField } from './field.ts'

const query = (test: Test, options: ElasticsearchOptions = {}, field = 'f') => toElasticsearch({ field, test }, options)
const typed = (type: ElasticsearchField['type'], ignores?: true): ElasticsearchOptions => ({
  field: (name) => ({ name, type, ...(ignores && { ignores }) }),
})
const contains = (value: string): Test => ({ kind: 'contains', value })

describe('text on keyword fields', () => {
  it('uses the plainest query, insensitive to case unless the test is cased', () => {
    expect(query({ kind: 'equals', value: 'CMD.exe' })).toEqual({
      query: { term: { f: { value: 'cmd.exe', case_insensitive: true } } },
      exact: true,
    })
    expect(query({ kind: 'prefix', value: 'C:\\', cased: true }).query).toEqual({ prefix: { f: { value: 'C:\\' } } })
    expect(query(contains('a*b')).query).toEqual({ wildcard: { f: { value: '*a\\*b*', case_insensitive: true } } })
    expect(query({ kind: 'glob', pattern: 'a?b\\?*' }).query).toEqual({ wildcard: { f: { value: 'a?b\\?*', case_insensitive: true } } })
    expect(query(contains('')).query).toEqual({ exists: { field: 'f' } })
    expect(query({ kind: 'equals', value: '' }).query).toEqual({ term: { f: { value: '' } } })
    expect(query({ kind: 'equals', value: 4625 }).query).toEqual({ term: { f: { value: '4625', case_insensitive: true } } })
  })

  it('names each form of letters that case_insensitive does not know', () => {
    expect(query({ kind: 'suffix', value: 'ĐÀ' })).toEqual({
      query: { regexp: { f: { value: '.*[đĐ][àÀ]', flags: 'NONE' } } },
      exact: true,
    })
    expect(query(contains('key.i')).query).toEqual({
      regexp: { f: { value: '.*[kK\u212a][eE][yY]\\.[iIİ].*', flags: 'NONE' } },
    })
    expect(query({ kind: 'prefix', value: 'İx' }).query).toEqual({
      regexp: { f: { value: '([iI]\u0307|İ)[xX].*', flags: 'NONE' } },
    })
  })

  it('finds more than wanted where the expression would be too long', () => {
    const long = query(contains(`k${'đ'.repeat(300)}x`))
    expect(long).toEqual({ query: { wildcard: { f: { value: '***x*', case_insensitive: true } } }, exact: false })
  })
})

describe('other tests', () => {
  it('looks for what a regular expression needs', () => {
    expect(query({ kind: 'regex', source: 'net user\\s+/add', flags: '' })).toEqual({
      query: { wildcard: { f: { value: '*net user*', case_insensitive: true } } },
      exact: false,
    })
    expect(query({ kind: 'regex', source: '\\d+', flags: '' })).toEqual({ query: { exists: { field: 'f' } }, exact: false })
    expect(() => query({ kind: 'regex', source: '(a)\\1', flags: '' })).toThrow(SyntaxError)
  })

  it('matches networks on ip fields, and on text as far as it can', () => {
    const network: Test = { kind: 'network', cidr: '10.0.0.0/8' }
    expect(query(network, typed('ip'))).toEqual({ query: { term: { f: { value: '10.0.0.0/8' } } }, exact: true })
    expect(query(network).exact).toBe(false)
    expect(query({ kind: 'network', cidr: 'nonsense' }, typed('ip')).query).toEqual({ match_none: {} })
    expect(query({ kind: 'prefix', value: '192.168.' }, typed('ip'))).toEqual({
      query: { term: { f: { value: '192.168.0.0/16' } } },
      exact: false,
    })
  })

  it('compares numbers on number fields', () => {
    expect(query({ kind: 'compare', operator: 'gte', value: 5 }, typed('number'))).toEqual({
      query: { range: { f: { gte: 5 } } },
      exact: true,
    })
    expect(query({ kind: 'equals', value: '4625' }, typed('number')).query).toEqual({ term: { f: { value: 4625 } } })
    expect(query({ kind: 'equals', value: '04625' }, typed('number')).query).toEqual({ match_none: {} })
    expect(query({ kind: 'compare', operator: 'gte', value: 5 })).toEqual({ query: { exists: { field: 'f' } }, exact: false })
  })

  const here = { exists: { field: 'f' } }
  const none = { match_none: {} }
  it.each<[ElasticsearchField['type'], Test, unknown, boolean]>([
    ['number', { kind: 'network', cidr: '10.0.0.0/8' }, none, true],
    ['number', { kind: 'equals', value: 'abc' }, none, true],
    ['number', { kind: 'equals', value: 2 ** 60 }, { term: { f: { value: 2 ** 60 } } }, false],
    ['number', { kind: 'compare', operator: 'lt', value: 1e20 }, here, false],
    ['number', { kind: 'prefix', value: '46' }, here, false],
    ['boolean', { kind: 'equals', value: 'TRUE' }, { term: { f: { value: true } } }, true],
    ['boolean', { kind: 'equals', value: 'TRUE', cased: true }, none, true],
    ['boolean', { kind: 'equals', value: false, cased: true }, { term: { f: { value: false } } }, true],
    ['boolean', { kind: 'compare', operator: 'lt', value: 1 }, none, true],
    ['boolean', { kind: 'contains', value: 'ru' }, here, false],
    ['ip', { kind: 'network', cidr: 'nonsense' }, none, true],
    ['ip', { kind: 'network', cidr: '::ffff:10.0.0.0/104' }, { term: { f: { value: '10.0.0.0/8' } } }, true],
    ['ip', { kind: 'network', cidr: 'fe80::/10' }, { term: { f: { value: 'fe80::/10' } } }, false],
    ['ip', { kind: 'equals', value: '10.0.0.1' }, { term: { f: { value: '10.0.0.1' } } }, false],
    ['ip', { kind: 'equals', value: 'host' }, none, false],
    ['ip', { kind: 'prefix', value: '999.' }, here, false],
    ['ip', { kind: 'suffix', value: '.1' }, here, false],
    ['ip', { kind: 'compare', operator: 'lt', value: 1 }, here, false],
    ['date', { kind: 'equals', value: '2026-07-28' }, here, false],
    [
      'date',
      { kind: 'moment', side: 'since', at: 0 },
      { range: { f: { gte: '1970-01-01T00:00:00.000Z', format: 'strict_date_time' } } },
      false,
    ],
    [
      'date',
      { kind: 'moment', side: 'before', at: 0 },
      { range: { f: { lt: '1970-01-01T00:00:00.000Z', format: 'strict_date_time' } } },
      false,
    ],
    ['date', { kind: 'moment', side: 'since', at: Date.UTC(12_000, 0) }, here, false],
    ['keyword', { kind: 'moment', side: 'since', at: 0 }, here, false],
    ['number', { kind: 'moment', side: 'since', at: 0 }, here, false],
    ['boolean', { kind: 'moment', side: 'since', at: 0 }, none, true],
    ['ip', { kind: 'moment', side: 'since', at: 0 }, here, false],
    ['flattened', { kind: 'contains', value: 'x' }, here, false],
    ['keyword', { kind: 'network', cidr: 'fe80::/10' }, { wildcard: { f: { value: '*:*' } } }, false],
    ['keyword', { kind: 'network', cidr: '10.0.0.300/8' }, none, true],
    ['keyword', { kind: 'glob', pattern: '' }, { term: { f: { value: '' } } }, true],
    ['keyword', { kind: 'glob', pattern: 'k?y*' }, { regexp: { f: { value: '[kK\u212a].[yY].*', flags: 'NONE' } } }, true],
  ])('on %s fields makes of %j', (type, test, wanted, exact) => {
    expect(query(test, typed(type))).toEqual({ query: wanted, exact })
  })

  it('knows fields that the index does not have', () => {
    const nowhere: ElasticsearchOptions = { field: () => undefined }
    expect(query({ kind: 'exists' }, nowhere)).toEqual({ query: none, exact: true })
    expect(query({ kind: 'null' }, nowhere).query).toEqual({ bool: { must_not: [none] } })
    expect(query({ kind: 'equalsField', other: 'g', match: 'equals' }, nowhere).exact).toBe(true)
    expect(query({ kind: 'equalsField', other: '*', match: 'equals' }).query).toEqual({ bool: { filter: [here, { match_all: {} }] } })
  })

  it('takes any value of any type for *', () => {
    expect(query({ kind: 'glob', pattern: '*' }, typed('number'))).toEqual({ query: { exists: { field: 'f' } }, exact: true })
    expect(query({ kind: 'glob', pattern: '*a' }, typed('number'))).toEqual({ query: { exists: { field: 'f' } }, exact: false })
  })

  it('finds null by absence', () => {
    expect(query({ kind: 'null' })).toEqual({ query: { bool: { must_not: [{ exists: { field: 'f' } }] } }, exact: true })
  })

  it('finds documents whose value was not indexed, and leaves them to be verified', () => {
    expect(query(contains('x'), typed('keyword', true))).toEqual({
      query: {
        bool: {
          should: [{ wildcard: { f: { value: '*x*', case_insensitive: true } } }, { term: { _ignored: { value: 'f' } } }],
          minimum_should_match: 1,
        },
      },
      exact: false,
    })
    expect(query({ kind: 'exists' }, typed('keyword', true)).exact).toBe(true)
  })
})

describe('combinations', () => {
  const x: Expression = { field: 'f', test: contains('x') }
  const undecidable: Expression = { field: 'f', test: { kind: 'timePart', part: 'hour', value: 3 } }

  it('nests bool queries in filter context', () => {
    const found = toElasticsearch({ all: [x, { not: { any: [x, { field: 'g', test: { kind: 'exists' } }] } }] })
    const wildcard = { wildcard: { f: { value: '*x*', case_insensitive: true } } }
    expect(found).toEqual({
      query: {
        bool: {
          filter: [
            wildcard,
            { bool: { must_not: [{ bool: { should: [wildcard, { exists: { field: 'g' } }], minimum_should_match: 1 } }] } },
          ],
        },
      },
      exact: true,
    })
    expect(toElasticsearch({ all: [] }).query).toEqual({ match_all: {} })
    expect(toElasticsearch({ any: [] }).query).toEqual({ match_none: {} })
  })

  it('widens what it cannot decide, below a negation too', () => {
    expect(toElasticsearch({ not: undecidable })).toEqual({ query: { bool: { must_not: [{ match_none: {} }] } }, exact: false })
  })

  it('looks for keywords in the fields that it is told, or finds everything', () => {
    expect(query(contains('x'), {}, '*')).toEqual({ query: { match_all: {} }, exact: false })
    const texts: ElasticsearchField[] = ['a', 'b'].map((name) => ({ name, type: 'keyword' }))
    expect(query(contains('x'), { texts }, '*').query).toEqual({
      bool: {
        should: ['a', 'b'].map((name) => ({ wildcard: { [name]: { value: '*x*', case_insensitive: true } } })),
        minimum_should_match: 1,
      },
    })
  })

  it('compares no fields with each other', () => {
    expect(query({ kind: 'equalsField', other: 'g', match: 'equals' })).toEqual({
      query: { bool: { filter: [{ exists: { field: 'f' } }, { exists: { field: 'g' } }] } },
      exact: false,
    })
  })
})
