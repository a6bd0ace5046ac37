import { describe, expect, it } from 'vitest'
import { parseCondition } from './condition.ts'
import type { Condition } from './document.ts'
import { Findings, Source } from './source.ts'
import { placesOf, ruleText } from './testing/rule.ts'

const names = new Map(
  ['a', 'b', 'c', 'sel_1', 'sel_2', 'filter_main_x', '_hidden', 'not-a-word', 'web.request'].map((name) => [name, true]),
)

function parse(text: string): { condition: Condition | undefined; problems: string[]; suggestions: (string | undefined)[] } {
  const findings = new Findings(new Source('x.yml', text))
  const condition = parseCondition(text, 0, names, findings)
  return {
    condition,
    problems: findings.list.map(({ code, column }) => `${code} ${column}`),
    suggestions: findings.list.map(({ suggestion }) => suggestion),
  }
}

/** Conditions written back with every parenthesis. */
function show(condition: Condition | undefined): string {
  if (condition === undefined) return 'none'
  if (condition.kind === 'selection') return condition.name
  if (condition.kind === 'not') return `!${show(condition.of)}`
  return `(${condition.of.map(show).join(condition.kind === 'all' ? ' & ' : ' | ')})`
}

describe('grammar', () => {
  it.each([
    ['a', 'a'],
    ['a and b', '(a & b)'],
    ['a and b and c', '(a & b & c)'],
    ['a or b and c', '(a | (b & c))'],
    ['(a or b) and c', '((a | b) & c)'],
    ['not a and b', '(!a & b)'],
    ['not (a and b)', '!(a & b)'],
    ['not not a', '!!a'],
    ['NOT a AND b OR c', '((!a & b) | c)'],
    ['1 of sel_*', '(sel_1 | sel_2)'],
    ['any of sel_*', '(sel_1 | sel_2)'],
    ['all of sel_*', '(sel_1 & sel_2)'],
    ['not 1 of filter_main_*', '!filter_main_x'],
    ['1 of *_1', 'sel_1'],
    ['1 of s*l_*', '(sel_1 | sel_2)'],
    ['1 of _hidden', '_hidden'],
    ['all of them', '(a & b & c & sel_1 & sel_2 & filter_main_x & not-a-word & web.request)'],
    ['not-a-word and web.request', '(not-a-word & web.request)'],
    ['a and(b or c)', '(a & (b | c))'],
    ['all of sel_* and not a or b', '(((sel_1 & sel_2) & !a) | b)'],
  ])('%s', (text, meaning) => {
    const { condition, problems } = parse(text)
    expect(problems).toEqual([])
    expect(show(condition)).toBe(meaning)
  })

  it('names that are keywords elsewhere stay names', () => {
    const findings = new Findings(new Source('x.yml', ''))
    expect(
      show(
        parseCondition(
          'all and 1',
          0,
          new Map([
            ['all', true],
            ['1', true],
          ]),
          findings,
        ),
      ),
    ).toBe('(all & 1)')
  })
})

describe('mistakes, with the column and what was meant', () => {
  it.each([
    ['', 'condition-empty 1', undefined],
    ['a and', 'condition-incomplete 3', undefined],
    ['a an b', 'condition-operator 3', 'and'],
    ['a b', 'condition-operator 3', undefined],
    ['(a or b', 'condition-parenthesis 1', undefined],
    ['a or b)', 'condition-parenthesis 7', undefined],
    ['(a xor b)', 'condition-operator 4', 'or'],
    ['()', 'condition-operand 2', undefined],
    ['and a', 'condition-operand 1', undefined],
    ['sel_l', 'condition-unknown-selection 1', 'sel_1'],
    ['1 of sell_*', 'condition-unknown-selection 6', 'sel_1'],
    ['all of sel', 'condition-unknown-selection 8', undefined],
    ['2 of sel_*', 'condition-quantity 1', undefined],
    ['1 of', 'condition-incomplete 3', undefined],
    ['a | count() > 5', 'condition-aggregation 3', 'Write a correlation rule that refers to this rule.'],
    ['a & b', 'condition-character 3', undefined],
  ])('%s', (text, problem, suggestion) => {
    expect(parse(text)).toEqual({ condition: undefined, problems: [problem], suggestions: [suggestion] })
  })

  it('is told its place in the file, also in a folded text', () => {
    const text = ruleText('selection:\n  a: 1\ncondition: >\n  selection\n    and\n  selektion')
    expect(placesOf(text)).toEqual(['condition-unknown-selection 13:5'])
    expect(placesOf(ruleText('selection:\n  a: 1\ncondition: "selection and\n  slection"'))).toEqual(['condition-unknown-selection 11:5'])
  })

  it('a token that an escape hides is told at the condition', () => {
    expect(
      placesOf(
        ruleText(String.raw`selection:
  a: 1
condition: "\x73electiom"`),
      ),
    ).toEqual(['condition-unknown-selection 10:14'])
  })
})

describe('hostile conditions end quickly', () => {
  it('refuses nesting deeper than any person writes', () => {
    expect(parse('('.repeat(5000) + 'a' + ')'.repeat(5000)).problems).toEqual(['condition-too-deep 201'])
    expect(parse('not '.repeat(5000) + 'a').problems[0]).toMatch(/^condition-too-deep/)
  })
  it('1 of them over 5,000 selections', () => {
    const many = new Map(Array.from({ length: 5000 }, (_, index) => [`s${index}`, true]))
    const condition = parseCondition('1 of them and not 1 of s*9*9*9*', 0, many, new Findings(new Source('x.yml', '')))
    expect(condition?.kind === 'all' && condition.of.length).toBe(2)
  })
})
