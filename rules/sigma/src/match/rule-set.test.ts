import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Not } from '../ir/expression.ts'
import { expressions } from '../convert/testing/arbitrary.ts'
import { decodeRuleSet, encodeRuleSet } from './rule-set.ts'
import { testRule } from './testing/rule.ts'

const nothingElse = { correlations: [], filters: [], diagnostics: [], notApplicable: [], refused: [] }

it('decodes what was encoded', () => {
  fc.assert(
    fc.property(fc.array(expressions, { maxLength: 10 }), (list) => {
      const loaded = { ...nothingElse, rules: list.map((expression, i) => testRule(String(i), expression)) }
      expect(decodeRuleSet(encodeRuleSet(loaded))).toEqual(JSON.parse(JSON.stringify(loaded)))
    }),
  )
})

it('makes one object of a predicate that rules share', () => {
  const shared = () => ({ field: 'a', test: { kind: 'contains', value: 'x' } }) as const
  const { rules } = decodeRuleSet(encodeRuleSet({ ...nothingElse, rules: [testRule('a', shared()), testRule('b', { not: shared() })] }))
  expect(rules[1]?.expression).toEqual({ not: shared() })
  expect((rules[1]!.expression as Not).not).toBe(rules[0]?.expression)
})

it('refuses what is no rule set of this version, or damaged', () => {
  expect(() => decodeRuleSet('{"format":"vonggac-sigma-rules","version":0}')).toThrow(/load the rules/)
  expect(() => decodeRuleSet('{')).toThrow(SyntaxError)
  const text = encodeRuleSet({ ...nothingElse, rules: [testRule('a', { all: [] })] })
  expect(() => decodeRuleSet(text.replace('"expression":[0]', '"expression":7'))).toThrow(/damaged/)
})
