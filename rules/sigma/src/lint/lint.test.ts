import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluate } from '../ir/evaluate.ts'
import type { Expression } from '../ir/expression.ts'
import type { Diagnostic } from '../rule.ts'
import { parseSigma } from '../syntax/parse.ts'
import { lint } from './lint.ts'
import { judge } from './satisfiable.ts'
import { fieldsOf } from './taxonomy.ts'

/** A rule that nothing can be said against; parts are replaced by key, and undefined leaves one out. */
function rule(changes: Record<string, string | undefined> = {}): string {
  const parts: Record<string, string | undefined> = {
    title: 'Suspicious Thing',
    id: '7b2bb3e6-2f3e-4c39-9f0a-3d3f6a1b2c4d',
    status: 'test',
    description: 'Finds a suspicious thing on Windows.',
    references: '[https://example.org/a]',
    author: 'Somebody',
    date: '2026-01-31',
    tags: '[attack.initial-access, attack.t1190, cve.2024-12345, tlp.green, detection.dfir, stp.2a, car.2016-04-005, d3fend.d3-pa]',
    logsource: '{category: process_creation, product: windows}',
    detection: '{selection: {Image|endswith: x}, condition: selection}',
    falsepositives: '[Unlikely]',
    level: 'low',
    ...changes,
  }
  return Object.entries(parts)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}: ${value}`)
    .join('\n')
}

function findings(text: string): Diagnostic[] {
  const { documents, diagnostics } = parseSigma(text, { edition: '2.2' })
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  return documents.flatMap((document) => lint(document))
}

const codes = (changes: Record<string, string | undefined>): string[] => findings(rule(changes)).map(({ code }) => code)

it('a tidy rule has no findings', () => {
  expect(findings(rule())).toEqual([])
})

describe('metadata', () => {
  it.each<[string, Record<string, string | undefined>, string[]]>([
    ['a long title', { title: 'A'.repeat(121) }, ['title-long']],
    ['a title that says it detects', { title: 'Detects a thing' }, ['title-detects']],
    ['a title with a full stop', { title: 'A thing.' }, ['title-punctuation']],
    ['a title in small letters', { title: 'thing' }, ['title-case']],
    ['an id that is not random', { id: '7b2bb3e6-2f3e-1c39-9f0a-3d3f6a1b2c4d' }, ['id-not-random']],
    ['missing keys', { status: undefined, author: undefined, level: undefined }, ['status-missing', 'author-missing', 'level-missing']],
    ['a short description', { description: 'Short' }, ['description-short']],
    ['a key with a typo', { falsepositives: undefined, falsepositive: '[Unlikely]' }, ['falsepositives-missing', 'key-unknown']],
    ['a key of one\u2019s own', { vonggac: '{a: 1}', relate: '1' }, ['key-unknown']],
    ['a date of another form', { date: '2026/01/31' }, ['date-format']],
    ['a day that does not exist', { date: '2026-02-30' }, ['date-format']],
    ['modified before it was written', { modified: '2025-01-01' }, ['date-order']],
    ['modified later', { modified: '2026-02-01' }, []],
    ['a reference that is no address', { references: '[A book]' }, ['reference-not-url']],
    ['a reference twice', { references: '[https://a.example, https://a.example]' }, ['list-duplicate']],
    ['references without a list', { references: 'https://a.example' }, ['list-expected']],
    ['an empty text', { falsepositives: "['', Other]" }, ['list-empty-text']],
    ['a list in a list', { related: '[{id: 7b2bb3e6-2f3e-4c39-9f0a-3d3f6a1b2c4e, type: similar}]' }, []],
    ['false positives that say nothing', { falsepositives: '[None]' }, ['falsepositives-empty']],
    ['false positives in small letters', { falsepositives: '[unlikely]' }, ['falsepositives-case']],
    ['related that is no list', { related: 'x' }, ['related-format']],
    ['related without id', { related: '[{type: derived}, x]' }, ['related-id', 'related-id', 'related-type']],
    ['an unknown relation', { related: '[{id: 7b2bb3e6-2f3e-4c39-9f0a-3d3f6a1b2c4e, type: similiar}]' }, ['related-type']],
  ])('%s', (_, changes, expected) => {
    expect(codes(changes).toSorted()).toEqual(expected.toSorted())
  })
})

describe('tags', () => {
  it.each([
    ['attack', ['tag-format']],
    ['atack.t1190', ['tag-namespace']],
    ['attack.T1190', ['tag-case']],
    ['attack.t119', ['tag-value']],
    ['attack.t1190.001', []],
    ['attack.g0007', []],
    ['attack.initial_access', ['tag-value']],
    ['attack.persistance', ['tag-value']],
    ['cve.2024-1', ['tag-value']],
    ['car.2016', ['tag-value']],
    ['d3fend.x', ['tag-value']],
    ['detection.other', ['tag-value']],
    ['stp.9', ['tag-value']],
    ['tlp.white', ['tag-value']],
  ])('%s', (tag, expected) => {
    expect(codes({ tags: `[${tag}]` })).toEqual(expected)
  })
  it('twice, of the wrong kind, or no list', () => {
    expect(codes({ tags: '[attack.t1190, attack.t1190]' })).toEqual(['tag-duplicate'])
    expect(codes({ tags: 'attack' })).toEqual([])
  })
  it('suggests the tactic that was meant', () => {
    expect(findings(rule({ tags: '[attack.persistance]' }))[0]?.message).toContain('"persistence" is')
  })
})

describe('log source', () => {
  it.each<[string, string, string, string[]]>([
    ['in capitals', '{category: process_creation, product: Windows}', 'Image', ['logsource-case']],
    ['a category with a typo', '{category: proces_creation, product: windows}', 'Image', ['logsource-unknown']],
    ['of one\u2019s own', '{category: lift_control, product: elevator9000}', 'Floor', []],
    ['a field that it does not have', '{category: process_creation, product: windows}', 'Imgae', ['field-unknown']],
    ['an ECS field', '{category: process_creation, product: windows}', 'process.executable', []],
    ['a header field', '{category: network_connection, product: windows}', 'Computer', []],
    ['no header field elsewhere', '{category: network_connection, product: linux}', 'Computer', ['field-unknown']],
    ['a web field', '{category: webserver}', 'cs-uri-query', []],
    ['a log without fixed fields', '{product: windows, service: security}', 'Anything', []],
  ])('%s', (_, logsource, field, expected) => {
    expect(codes({ logsource, detection: `{selection: {${field}: x}, condition: selection}` })).toEqual(expected)
  })
  it('names the field that was meant, and keywords have none', () => {
    expect(findings(rule({ detection: '{selection: {Imgae: x}, condition: selection}' }))[0]).toMatchObject({
      suggestion: 'Image',
      field: 'Imgae',
    })
    expect(codes({ detection: '{keywords: [a, b], condition: keywords}' })).toEqual([])
    expect(fieldsOf({})).toBeUndefined()
  })
})

describe('detection', () => {
  it.each<[string, string, string[]]>([
    ['a selection that nothing uses', '{s: {Image: x}, t: {Image: y}, condition: s}', ['selection-unused']],
    ['all over one value', '{s: {Image|contains|all: x}, condition: s}', ['all-single']],
    ['base64offset without contains', '{s: {CommandLine|base64offset: x}, condition: s}', ['base64offset-contains']],
    ['base64offset with contains', '{s: {CommandLine|base64offset|contains: x}, condition: s}', []],
    ['windash without a dash', '{s: {CommandLine|contains|windash: x}, condition: s}', ['windash-no-dash']],
    ['windash with a dash', "{s: {CommandLine|contains|windash: ' -x'}, condition: s}", []],
    ['null in a list', '{s: {Image: [x, null]}, condition: s}', ['null-in-list']],
    ['null alone', '{s: {Image: null}, condition: s}', []],
    ['a value twice', '{s: {Image: [abc, ABC]}, condition: s}', ['value-duplicate']],
    ['a regex with open ends', "{s: {Image|re: '.*a[bc]'}, condition: s}", ['regex-open-end']],
    ['a regex that ends openly', "{s: {Image|re: 'a[bc].*'}, condition: s}", ['regex-open-end']],
    ['a regex that is plain text', '{s: {Image|re: abc}, condition: s}', ['regex-plain']],
    ['a wildcard for endswith', "{s: {Image: '*x'}, condition: s}", ['wildcard-modifier']],
    ['a wildcard for startswith', "{s: {Image: 'x*'}, condition: s}", ['wildcard-modifier']],
    ['wildcards for contains', "{s: {Image: '*x*'}, condition: s}", ['wildcard-modifier']],
    ['a wildcard inside', "{s: {Image: 'x*y'}, condition: s}", []],
    ['wildcards inside and outside', "{s: {Image: '*x*y*'}, condition: s}", []],
    ['operators in capitals', '{s: {Image: x}, t: {Image: y}, condition: s AND NOT t}', ['condition-case']],
    ['1 of them over one selection', '{s: {Image: x}, condition: 1 of them}', ['condition-them']],
    ['a condition that never holds', '{s: {Image: x}, condition: s and not s}', ['condition-never']],
    [
      'a condition that never holds through its parts',
      '{s: {Image: x, User: y}, t: {Image: x}, condition: s and not t}',
      ['condition-never'],
    ],
    ['a condition that always holds', '{s: {Image: x}, condition: s or not s}', ['condition-always']],
    ['conditions in a list', '{s: {Image: x}, t: {Image: y}, condition: [s, not t]}', []],
    ['what a placeholder stands for is not known', "{s: {User|expand: '%x%'}, condition: s}", []],
  ])('%s', (_, detection, expected) => {
    expect(codes({ detection })).toEqual(expected)
  })
})

it('filters and correlations are looked at too', () => {
  const filter = rule({ detection: undefined, filter: '{rules: any, s: {Image: x}, t: {Image: y}, condition: not s}' })
  expect(findings(filter).map(({ code }) => code)).toEqual(['selection-unused'])
  const correlation = rule({
    detection: undefined,
    logsource: undefined,
    correlation: '{type: temporal, rules: [a], timespan: 1m}',
    title: 'thing',
  })
  expect(findings(correlation).map(({ code }) => code)).toEqual(['title-case'])
})

describe('judge', () => {
  const predicates = ['a', 'b', 'c', 'd'].map((field): Expression => ({ field, test: { kind: 'exists' } }))
  const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
    expression: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(...predicates),
      fc.array(tie('expression'), { maxLength: 3 }).map((all) => ({ all })),
      fc.array(tie('expression'), { maxLength: 3 }).map((any) => ({ any })),
      tie('expression').map((not) => ({ not })),
    ),
  }))
  it('says what evaluation of every event says', () => {
    const events = Array.from({ length: 16 }, (_, bits) =>
      Object.fromEntries(['a', 'b', 'c', 'd'].filter((__, index) => (bits >> index) & 1).map((f) => [f, 1])),
    )
    fc.assert(
      fc.property(expression, (candidate) => {
        const results = new Set(events.map((event) => evaluate(candidate, event)))
        expect(judge(candidate)).toBe(results.size === 2 ? 'depends' : results.has(true) ? 'always' : 'never')
      }),
    )
  })
  it('says nothing of more predicates than it can try', () => {
    const many = Array.from({ length: 20 }, (_, index): Expression => ({ field: `f${index}`, test: { kind: 'exists' } }))
    expect(judge({ all: [...many, { not: many[0] as Expression }] })).toBe('depends')
  })
})
