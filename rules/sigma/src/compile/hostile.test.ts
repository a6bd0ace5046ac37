/** Whatever a file holds, loading it ends in rules and diagnostics that name a place in it, never in an exception. */
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { lint } from '../lint/lint.ts'
import { parsePipeline } from '../pipeline/parse.ts'
import type { Diagnostic } from '../rule.ts'
import { parseSigma } from '../syntax/parse.ts'
import { loadRules } from './load.ts'

const rule = `title: A rule
id: 11111111-2222-4333-8444-555555555555
status: test
level: high
tags: [attack.t1190, attack.execution]
logsource: {category: process_creation, product: windows}
detection:
  selection_one:
    Image|endswith: ['\\a.exe', "b*c?"]
    CommandLine|windash|contains|all: [' -x ', '/y']
  selection_two:
    - EventID: 4688
    - Hashes|base64offset|contains: abc
  filter_main:
    User|re|i: '^(root|adm.{1,3})$'
    SourceIp|cidr: 10.0.0.0/8
    Count|gte: 5
    Other|fieldref|neq: Image
    Gone: null
  keywords: [one, '%two%']
  condition: (1 of selection_* or keywords) and not filter_main
falsepositives: [Unlikely]
`

const correlation = `title: Many
name: many
correlation:
  type: value_count
  rules: [11111111-2222-4333-8444-555555555555]
  group-by: [User]
  timespan: 5m
  aliases: {who: {11111111-2222-4333-8444-555555555555: User}}
  condition: {field: Image, gte: 10}
`

const filter = `title: Known
logsource: {product: windows}
filter:
  rules: [11111111-2222-4333-8444-555555555555]
  selection: {User: backup}
  condition: not selection
`

const pipeline = `name: p
priority: 1
vars: {two: [a, 5]}
transformations:
  - {id: m, type: field_name_mapping, mapping: {Image: [x, y], User: z}, rule_conditions: [{type: logsource, product: windows}]}
  - type: nest
    items: [{type: replace_string, regex: 'a(b)', replacement: '\\1*'}, {type: value_placeholders}]
    rule_cond_expr: one and not two
    rule_conditions: {one: {type: contains_field, field: z}, two: {type: tag, tag: attack.t1}}
  - {type: absent_field, message: Gone, unmapped: true}
`

/** A text with some pieces cut, doubled, moved or replaced. */
function damaged(original: string): fc.Arbitrary<string> {
  const piece = fc.oneof(
    fc.string({ maxLength: 6 }),
    fc.constantFrom('\n', ': ', '- ', '[', '}', "'", '"', '|', '*', '\\', '%', '&a ', '*a', '---\n', '\t', '\u0000', 'null'),
  )
  const change = fc.tuple(fc.nat(original.length), fc.nat(20), piece)
  return fc
    .array(change, { minLength: 1, maxLength: 6 })
    .map((changes) => changes.reduce((text, [at, length, insert]) => text.slice(0, at) + insert + text.slice(at + length), original))
}

/** Diagnostics that say nothing or name a place outside the text. */
function misplaced(text: string, diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const lines = text.split('\n')
  return diagnostics.filter(({ line, column, message }) => {
    const length = lines[line - 1]?.length
    return message === '' || length === undefined || column < 1 || column > length + 1
  })
}

it('damaged rules, correlations and filters', () => {
  fc.assert(
    fc.property(fc.constantFrom(rule, correlation, filter).chain(damaged), (text) => {
      const { documents, diagnostics } = parseSigma(text, { edition: '2.2' })
      expect(misplaced(text, diagnostics)).toEqual([])
      for (const document of documents) expect(misplaced(text, lint(document))).toEqual([])
      expect(misplaced(text, loadRules([{ file: 'x.yml', text }], { placeholders: { two: ['x'] } }).diagnostics)).toEqual([])
    }),
    { numRuns: 400 },
  )
})

it('damaged pipelines', () => {
  const text = [rule, correlation, filter].join('---\n')
  fc.assert(
    fc.property(damaged(pipeline), (damagedPipeline) => {
      const result = parsePipeline(damagedPipeline)
      expect(misplaced(damagedPipeline, result.diagnostics)).toEqual([])
      const pipelines = result.pipeline === undefined ? [] : [result.pipeline]
      expect(misplaced(text, loadRules([{ file: 'x.yml', text }], { pipelines }).diagnostics)).toEqual([])
    }),
    { numRuns: 150 },
  )
})

it('the undamaged ones load', () => {
  const { pipeline: parsed, diagnostics } = parsePipeline(pipeline)
  expect(diagnostics).toEqual([])
  const files = [rule, correlation, filter].map((text, index) => ({ file: `${index}.yml`, text }))
  const loaded = loadRules(files, { placeholders: { two: ['x'] } })
  expect(loaded.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  expect([loaded.rules.length, loaded.correlations.length, loaded.filters.length]).toEqual([1, 1, 1])
  expect(parsed?.steps).toHaveLength(3)
})

it('any text at all', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      expect(misplaced(text, parseSigma(text).diagnostics)).toEqual([])
      expect(misplaced(text, parsePipeline(text).diagnostics)).toEqual([])
    }),
    { numRuns: 300 },
  )
})
