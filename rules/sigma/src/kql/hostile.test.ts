import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { evaluate } from '../ir/evaluate.ts'
import { longestQuery, parseKql } from './parse.ts'
import { deepestNesting } from './parser.ts'

const pieces = fc.constantFrom(
  ...'()":{}<>=\\*?/.- \t\n\u00a0',
  'and',
  ' or ',
  'NOT ',
  'user.name:',
  'now',
  '-1d',
  '||',
  '\\u00',
  '10.0.0.0/8',
  '2026',
  '😀',
  '\ud800',
)
const queries = fc.oneof(
  fc.array(pieces, { maxLength: 30 }).map((list) => list.join('')),
  fc.string({ unit: 'binary', maxLength: 60 }),
)

it('no text makes the parser throw, and each problem is about a range of it', () => {
  const options = { fields: [{ name: 'user.name' }, { name: 'when', type: 'date' as const }], now: new Date(0) }
  fc.assert(
    fc.property(queries, (text) => {
      const { expression, problems } = parseKql(text, options)
      if (expression !== undefined) evaluate(expression, { 'user.name': 'an', when: '1970-01-01T00:00:00Z' })
      for (const { start, end, message } of problems ?? []) {
        expect(start).toBeLessThanOrEqual(end)
        expect(end).toBeLessThanOrEqual(text.length)
        expect(message).toMatch(/[.]$/)
      }
    }),
    { numRuns: 1500 },
  )
})

it('refuses what is too long or too deep', () => {
  expect(parseKql('a'.repeat(longestQuery)).problems).toBeUndefined()
  expect(parseKql('a'.repeat(longestQuery + 1)).problems).toMatchObject([{ code: 'too-long', start: longestQuery }])
  const nested = (depth: number) => parseKql(`${'('.repeat(depth)}a${')'.repeat(depth)}`).problems
  expect(nested(deepestNesting)).toBeUndefined()
  expect(nested(deepestNesting + 1)).toMatchObject([{ code: 'too-deep', start: deepestNesting }])
  expect(parseKql(`${'not '.repeat(deepestNesting + 1)}a`).problems).toMatchObject([{ code: 'too-deep' }])
})

it('refuses patterns of fields that make too much of a query', () => {
  const fields = Array.from({ length: 1000 }, (_, number) => ({ name: `field${number}` }))
  const { problems } = parseKql(Array.from({ length: 9 }, (_, number) => `field*: ${number}`).join(' or '), { fields })
  expect(problems).toMatchObject([{ code: 'too-many-predicates' }])
})

/** What grows with the square of the text would take longer than a test may. */
it.each(['(', ')', '"', '*', '* ', 'a ', 'a: b or ', 'not ', '\\', '\\u', ':', '-1d', 'a:(b ', '9'])('takes %j over and over', (piece) => {
  const fields = Array.from({ length: 2000 }, (_, number) => ({ name: `field.number.${number}` }))
  const { expression, problems } = parseKql(piece.repeat(longestQuery / piece.length), { fields })
  expect(expression === undefined).toBe(problems !== undefined)
})
