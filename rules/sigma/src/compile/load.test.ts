import { describe, expect, it } from 'vitest'
import { evaluate } from '../ir/evaluate.ts'
import { parsePipeline } from '../pipeline/parse.ts'
import type { Pipeline } from '../pipeline/pipeline.ts'
import type { CompileOptions } from './compile.ts'
import { loadRules, type LoadedRules } from './load.ts'

const uuid = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`

function ruleFile(number: number, extra: object = {}): object {
  return {
    title: `Rule ${number}`,
    id: uuid(number),
    logsource: { category: 'process_creation', product: 'windows' },
    detection: { selection: { Image: 'a.exe' }, condition: 'selection' },
    ...extra,
  }
}

function correlationFile(number: number, correlation: object, extra: object = {}): object {
  return {
    title: `Correlation ${number}`,
    id: uuid(number),
    correlation: { type: 'event_count', timespan: '5m', condition: { gte: 2 }, ...correlation },
    ...extra,
  }
}

/** Loads documents, each a file of its own; JSON is YAML. */
function load(documents: readonly object[], options?: CompileOptions): LoadedRules {
  return loadRules(
    documents.map((document, index) => ({ file: `${index}.yml`, text: JSON.stringify(document) })),
    options,
  )
}

function codesOf({ diagnostics }: LoadedRules): string[] {
  return diagnostics.map(({ severity, code, file }) => `${severity} ${code} ${file}`)
}

function pipeline(text: string): Pipeline {
  const { pipeline: parsed, diagnostics } = parsePipeline(text)
  if (parsed === undefined) throw new Error(JSON.stringify(diagnostics))
  return parsed
}

describe('one bad rule stops no other', () => {
  it('whatever is wrong with it', () => {
    const loaded = load([
      ruleFile(1),
      { title: 'broken' },
      ruleFile(2, { detection: { s: { 'a|re': '(?=x)' }, condition: 's' } }),
      ruleFile(3, { detection: { s: { 'a|expand': '%x%' }, condition: 's' } }),
      ruleFile(4),
    ])
    expect(loaded.rules.map(({ title }) => title)).toEqual(['Rule 1', 'Rule 4'])
    expect(
      loaded.refused.map(({ file, title, id, diagnostics }) => [file, title, id?.at(-1), diagnostics.map(({ code }) => code).join()]),
    ).toEqual([
      ['1.yml', 'broken', undefined, 'document-kind'],
      ['2.yml', 'Rule 2', '2', 'regex-not-linear'],
      ['3.yml', 'Rule 3', '3', 'placeholder-unresolved'],
    ])
    expect(codesOf(loaded)).toEqual(['error document-kind 1.yml', 'error regex-not-linear 2.yml', 'error placeholder-unresolved 3.yml'])
  })

  it('two rules of one id: the first stays', () => {
    const loaded = load([ruleFile(1), ruleFile(1, { title: 'Again' })])
    expect(loaded.rules.map(({ title }) => title)).toEqual(['Rule 1'])
    expect(loaded.refused).toMatchObject([{ title: 'Again', file: '1.yml' }])
    expect(loaded.diagnostics).toMatchObject([
      { code: 'id-repeated', file: '1.yml', message: expect.stringContaining('0.yml:1') as string },
    ])
  })
})

describe('filters', () => {
  const filter = (rules: unknown, extra: object = {}): object => ({
    title: 'Known tool',
    id: uuid(90),
    logsource: { category: 'process_creation' },
    filter: { rules, selection: { User: 'backup' }, condition: 'not selection' },
    ...extra,
  })
  const hits = ({ rules }: LoadedRules): string[] =>
    rules.filter(({ expression }) => evaluate(expression, { Image: 'a.exe', User: 'backup' })).map(({ title }) => title)

  it('tune the rules that they name by id or name, wherever they stand', () => {
    const loaded = load([filter([uuid(1), 'second']), ruleFile(1), ruleFile(2, { name: 'Second' }), ruleFile(3)])
    expect(hits(loaded)).toEqual(['Rule 3'])
    expect(loaded.diagnostics).toEqual([])
    expect(loaded.filters).toMatchObject([{ title: 'Known tool', rules: [uuid(1), 'second'], expression: { not: { field: 'User' } } }])
  })

  it('only within their log source', () => {
    const loaded = load([ruleFile(1), filter([uuid(1)], { logsource: { product: 'linux' } })])
    expect(hits(loaded)).toEqual(['Rule 1'])
  })

  it('any rule of the log source, in the coming edition', () => {
    const loaded = load([ruleFile(1), ruleFile(2), filter('any')], { edition: '2.2' })
    expect(hits(loaded)).toEqual([])
  })

  it('do not change what "1 of selection*" means, though their selections are named alike', () => {
    const rule = ruleFile(1, { detection: { selection_a: { Image: 'x' }, selection_b: { Image: 'y' }, condition: '1 of selection*' } })
    const loaded = load([
      rule,
      filter([uuid(1)], { filter: { rules: [uuid(1)], selection_c: { Image: 'a.exe' }, condition: 'not 1 of selection*' } }),
    ])
    expect(hits(loaded)).toEqual([])
    expect(loaded.rules[0]?.expression).toEqual({
      all: [
        { any: [expect.objectContaining({ field: 'Image' }), expect.objectContaining({ field: 'Image' })] },
        { not: { field: 'Image', test: { kind: 'equals', value: 'a.exe' } } },
      ],
    })
  })

  it('with more than one selection and of several files', () => {
    const two = { rules: [uuid(1)], a: { User: 'x' }, b: { User: 'y' }, condition: 'not (a or b)' }
    const loaded = load([ruleFile(1), filter([uuid(1)]), { ...filter([uuid(1)]), id: uuid(91), filter: two }])
    expect(evaluate(loaded.rules[0]?.expression ?? { all: [] }, { Image: 'a.exe', User: 'z' })).toBe(true)
    expect(evaluate(loaded.rules[0]?.expression ?? { all: [] }, { Image: 'a.exe', User: 'y' })).toBe(false)
  })

  it('that name an unknown rule are a warning', () => {
    expect(codesOf(load([filter(['nobody'])]))).toEqual(['warning filter-unknown-rule 0.yml'])
  })

  it('that cannot be compiled are refused alone: the rule stays, better too loud than gone', () => {
    const bad = filter([uuid(1)], { filter: { rules: [uuid(1)], s: { 'a|expand': '%nobody%' }, condition: 's' } })
    const loaded = load([ruleFile(1), bad])
    expect(codesOf(loaded)).toEqual(['error placeholder-unresolved 1.yml'])
    expect(hits(loaded)).toEqual(['Rule 1'])
  })

  it('pass through the pipelines of the rule', () => {
    const mapping = pipeline('transformations: [{type: field_name_mapping, mapping: {User: user.name, Image: process.executable}}]')
    const loaded = load([ruleFile(1), filter([uuid(1)])], { pipelines: [mapping] })
    expect(loaded.rules[0]?.expression).toMatchObject({ all: [{ field: 'process.executable' }, { not: { field: 'user.name' } }] })
  })
})

describe('correlations', () => {
  it('refer to rules by id or name and may build on one another', () => {
    const loaded = load([
      correlationFile(10, { rules: ['burst'] }),
      correlationFile(11, { rules: [uuid(1)] }, { name: 'burst' }),
      ruleFile(1),
    ])
    expect(loaded.diagnostics).toEqual([])
    expect(loaded.correlations.map(({ title, timespanMs }) => [title, timespanMs])).toEqual([
      ['Correlation 10', 300_000],
      ['Correlation 11', 300_000],
    ])
  })

  it('are refused when a rule is unknown, refused itself, or comes back to them', () => {
    const loaded = load([
      ruleFile(1, { name: 'first' }),
      correlationFile(10, { rules: ['frist'] }),
      ruleFile(2, { name: 'bad', detection: { s: { 'a|re': '(' }, condition: 's' } }),
      correlationFile(11, { rules: ['bad'] }),
      correlationFile(12, { rules: ['ring_b'] }, { name: 'ring_a' }),
      correlationFile(13, { rules: ['ring_a'] }, { name: 'ring_b' }),
    ])
    expect(loaded.correlations).toEqual([])
    expect(codesOf(loaded)).toEqual([
      'error regex-invalid 2.yml',
      'error correlation-unknown-rule 1.yml',
      'error correlation-unknown-rule 3.yml',
      'error correlation-chain 4.yml',
      'error correlation-chain 5.yml',
    ])
    expect(loaded.diagnostics[1]?.suggestion).toBe('first')
  })

  it('silence the rules under them, unless one generates', () => {
    const silent = ({ rules, correlations }: LoadedRules): string[] =>
      [...rules, ...correlations].filter((rule) => rule.silent).map(({ title }) => title)
    const rules = [ruleFile(1, { name: 'one' }), ruleFile(2), ruleFile(3)]
    const chain = [correlationFile(10, { rules: ['one', uuid(2)] }), correlationFile(11, { rules: [uuid(10)] })]
    expect(silent(load([...rules, ...chain]))).toEqual(['Rule 1', 'Rule 2', 'Correlation 10'])
    expect(silent(load([...rules, ...chain, correlationFile(12, { rules: [uuid(1)], generate: true })]))).toEqual([
      'Rule 2',
      'Correlation 10',
    ])
  })

  it('name fields as the pipelines call them in each rule', () => {
    const mapping = pipeline(`transformations:
  - {type: field_name_mapping, mapping: {User: user.name, Host: host.name}, rule_conditions: [{type: logsource, product: linux}]}
  - {type: field_name_mapping, mapping: {User: winlog.User, Host: host.name}, rule_conditions: [{type: logsource, product: windows}]}`)
    const linux = ruleFile(2, { logsource: { product: 'linux' }, name: 'two' })
    const correlation = correlationFile(10, {
      type: 'value_count',
      rules: [uuid(1), 'two'],
      'group-by': ['Host', 'User', 'who'],
      aliases: { who: { [uuid(1)]: 'User', [uuid(2)]: 'User' } },
      condition: { field: 'Host', gte: 2 },
    })
    expect(load([ruleFile(1), linux, correlation], { pipelines: [mapping] }).correlations).toMatchObject([
      {
        groupBy: ['host.name', 'User', 'who'],
        aliases: { User: { [uuid(1)]: 'winlog.User', two: 'user.name' }, who: { [uuid(1)]: 'winlog.User', two: 'user.name' } },
        condition: { fields: ['host.name'] },
      },
    ])
    const over = correlationFile(11, { rules: [uuid(10)], 'group-by': ['User'] })
    expect(load([ruleFile(1), linux, correlation, over], { pipelines: [mapping] }).correlations[1]?.groupBy).toEqual(['winlog.User'])
  })

  it('an alias for a rule that is not listed', () => {
    const loaded = load([ruleFile(1), correlationFile(10, { rules: [uuid(1)], aliases: { who: { other: 'User' } } })])
    expect(codesOf(loaded)).toEqual(['error correlation-alias-rule 1.yml'])
  })
})

it('names that would reach the prototype do no harm', () => {
  const text = `title: T
id: ${uuid(1)}
logsource: {product: x}
detection:
  __proto__: {constructor: 1}
  toString: {__proto__: 2}
  condition: __proto__ and toString
hasOwnProperty: 1
`
  const loaded = loadRules([{ file: 'x.yml', text }])
  expect(loaded.diagnostics).toEqual([])
  expect(loaded.rules[0]?.expression).toMatchObject({ all: [{ field: 'constructor' }, { field: '__proto__' }] })
  expect(Object.keys(loaded.rules[0]?.custom ?? {})).toEqual(['hasOwnProperty'])
})
