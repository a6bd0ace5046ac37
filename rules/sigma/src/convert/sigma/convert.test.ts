import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadRules } from '../../compile/load.ts'
import { evaluate } from '../../ir/evaluate.ts'
import type { Expression } from '../../ir/expression.ts'
import { parseKql } from '../../kql/parse.ts'
import { events, expressions } from '../testing/arbitrary.ts'
import { type SigmaMetadata, toSigma } from './convert.ts'

const metadata: SigmaMetadata = {
  title: 'Hunt',
  id: '502b42de-4306-40b4-9596-6f590c81f073',
  level: 'medium',
  logSource: { product: 'linux' },
}

/** The rule's detection, as YAML. */
function detection(query: string): string {
  const { expression } = parseKql(query)
  const { text } = toSigma(expression!, metadata)
  return (/^detection:\n([^]*?)^\w/m.exec(text ?? '')?.[1] ?? '').replace(/^ {2}/gm, '')
}

describe('writes', () => {
  it.each([
    ['user.name: root', 'selection:\n  user.name: root\ncondition: selection\n'],
    ['user.name: (root or admin)', 'selection:\n  user.name:\n    - root\n    - admin\ncondition: selection\n'],
    ['a: *x* and a: *y* and b: z', 'selection:\n  a|contains|all:\n    - x\n    - y\n  b: z\ncondition: selection\n'],
    ['(a: 1 and b: 2) or c: 3', 'selection:\n  - a: 1\n    b: 2\n  - c: 3\ncondition: selection\n'],
    ['failed or segfault', 'selection:\n  - failed\n  - segfault\ncondition: selection\n'],
    [
      'process.executable: *\\\\cmd.exe and not source.ip: 10.0.0.0/8',
      'selection:\n  process.executable|endswith: \\cmd.exe\nfilter:\n  source.ip|cidr: 10.0.0.0/8\ncondition: selection and not filter\n',
    ],
    [
      'a: 1 and not b: 2 and not (c: 3 and d > 4)',
      'selection:\n  a: 1\nfilter_b:\n  b: 2\nfilter:\n  c: 3\n  d|gt: 4\ncondition: selection and not filter_b and not filter\n',
    ],
    ['a: "*\\\\x?" and b: "5"', "selection:\n  a: \\*\\x\\?\n  b: '5'\ncondition: selection\n"],
    ['a: * and not b: null', 'selection:\n  a|exists: true\nfilter:\n  b: null\ncondition: selection and not filter\n'],
  ])('%s', (query, yaml) => {
    expect(detection(query)).toBe(yaml)
  })

  it('the metadata, and what is custom', () => {
    const { text } = toSigma(
      { field: 'a', test: { kind: 'equals', value: 1 } },
      {
        ...metadata,
        status: 'test',
        description: 'Found: on Monday',
        author: 'An',
        date: '2026-07-28',
        tags: ['attack.t1059'],
        references: ['https://example.org'],
        falsePositives: ['None'],
        custom: { vonggac: { hunt: 'h1' } },
      },
    )
    const { rules, diagnostics } = loadRules([{ file: 'a.yml', text: text! }])
    expect(diagnostics).toEqual([])
    expect(rules[0]).toMatchObject({
      title: 'Hunt',
      id: metadata.id,
      status: 'test',
      level: 'medium',
      description: 'Found: on Monday',
      author: 'An',
      date: '2026-07-28',
      tags: ['attack.t1059'],
      references: ['https://example.org'],
      falsePositives: ['None'],
      logSource: { product: 'linux' },
      custom: { vonggac: { hunt: 'h1' } },
    })
  })
})

describe('refuses', () => {
  const about = (field: string, test: object) => ({ field, test }) as Expression
  it.each<[string, Expression]>([
    ['matches-all', { all: [] }],
    ['matches-all', { not: { any: [about('a', { kind: 'network', cidr: 'nonsense' })] } }],
    ['matches-none', about('a', { kind: 'network', cidr: 'nonsense' })],
    ['field-name', about('a|b', { kind: 'exists' })],
    ['keyword-test', about('*', { kind: 'equals', value: 'a' })],
    ['keyword-test', about('*', { kind: 'compare', operator: 'gt', value: 1 })],
    ['number-too-large', about('a', { kind: 'compare', operator: 'gt', value: 2 ** 53 })],
    ['moment', about('a', { kind: 'moment', side: 'since', at: 0 })],
    ['value-range', about('a', { kind: 'timePart', part: 'hour', value: 24 })],
    ['regex-not-linear', about('a', { kind: 'regex', source: '(?=a)', flags: '' })],
  ])('%s', (code, expression) => {
    expect(toSigma(expression, metadata).problems).toMatchObject([{ code }])
  })

  it('metadata that the loader refuses, and keys of Sigma that are not custom', () => {
    const expression = about('a', { kind: 'exists' })
    expect(toSigma(expression, { ...metadata, logSource: {} }).problems).toMatchObject([{ code: 'logsource-empty' }])
    expect(toSigma(expression, { ...metadata, custom: { detection: {} } }).problems).toMatchObject([{ code: 'custom-key' }])
  })
})

it('what is written is loaded with the same meaning', () => {
  let written = 0
  let tried = 0
  fc.assert(
    fc.property(expressions, fc.array(events, { minLength: 1, maxLength: 6 }), (expression, list) => {
      tried++
      const { text, problems } = toSigma(expression, metadata)
      if (text === undefined) {
        expect(problems?.length).toBeGreaterThan(0)
        return
      }
      written++
      const [rule] = loadRules([{ file: 'hunt.yml', text }]).rules
      for (const event of list)
        expect({ text, found: evaluate(rule!.expression, event) }).toEqual({ text, found: evaluate(expression, event) })
    }),
    { numRuns: 700 },
  )
  expect(written).toBeGreaterThan(tried / 2)
})
