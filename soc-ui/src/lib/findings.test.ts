import type { Finding } from '@vonggac/contract'
import { expect, it } from 'vitest'
import { byValue, foundWords, withoutRepeats } from './findings.ts'

const query: Finding = { field: 'url.query', test: 'contains', expected: 'select', actual: ['id=1+select'], negated: false }
const original: Finding = { ...query, field: 'url.original', actual: ['/search?id=1+select'] }

it('keeps, of findings that say the same, the one that points nearest', () => {
  expect(withoutRepeats([original, query])).toEqual([query])
  expect(withoutRepeats([query, original])).toEqual([query])
  expect(withoutRepeats([query, { ...query, field: 'message' }])).toEqual([query])
})

it('keeps findings that say different things', () => {
  const different = [
    query,
    { ...query, expected: 'union' },
    { ...original, negated: true },
    { ...original, actual: ['/elsewhere?q=Select'] },
    { ...query, field: 'user.name', test: 'exists', expected: '', actual: [] },
    { ...query, field: 'user.email', test: 'exists', expected: '', actual: [] },
  ]
  expect(withoutRepeats(different)).toEqual(different)
})

it('puts the conditions that one value meets together', () => {
  const union = { ...query, expected: 'union' }
  const absent = { ...query, actual: [], negated: true }
  expect(byValue([query, original, union, absent, absent])).toEqual([[query, union], [original], [absent], [absent]])
})

it('cuts the found words out of the values, each once', () => {
  const spans: Finding['spans'] = [[[0, 2]], [[0, 2]], [[1, 3]]]
  expect(foundWords({ ...query, actual: ['or 1', 'or 2', 'xor'], spans })).toEqual(['or'])
  expect(foundWords(query)).toEqual([])
})
