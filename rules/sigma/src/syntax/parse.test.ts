import { describe, expect, it } from 'vitest'
import { parseSigma } from './parse.ts'
import { diagnosticsOf, itemRule, parseOne, placesOf, ruleText } from './testing/rule.ts'

describe('a detection rule', () => {
  const text = `# a comment first
title: Full
id: 5F2C6C9E-0E1B-4C7D-9C5A-000000000001
name: full_rule
status: Test
level: high
description: What it finds
author: A, B
references: [https://example.org/a]
date: 2026-01-02
license: MIT
related:
  - {id: 5f2c6c9e-0e1b-4c7d-9c5a-000000000002, type: similar}
  - {id: 5}
  - x
  - ~
tags: [attack.t1190]
falsepositives:
  - None known
fields: [a, b]
logsource:
  category: process_creation
  product: windows
  definition: needs auditing
detection:
  selection:
    a: 1
  condition: selection
vonggac:
  reason: {en: because}
`

  it('keeps all that it says about itself', () => {
    const { metadata, logSource } = parseOne(text)
    expect(metadata).toEqual({
      id: '5f2c6c9e-0e1b-4c7d-9c5a-000000000001',
      name: 'full_rule',
      title: 'Full',
      status: 'test',
      level: 'high',
      description: 'What it finds',
      author: 'A, B',
      references: ['https://example.org/a'],
      date: '2026-01-02',
      license: 'MIT',
      related: [{ id: '5f2c6c9e-0e1b-4c7d-9c5a-000000000002', type: 'similar' }],
      tags: ['attack.t1190'],
      falsePositives: ['None known'],
      fields: ['a', 'b'],
      custom: { vonggac: { reason: { en: 'because' } } },
      file: 'rule.yml',
      line: 2,
    })
    expect(logSource).toEqual({ category: 'process_creation', product: 'windows' })
  })

  it('has defaults where it says nothing', () => {
    const bare =
      'title: T\nid: 11111111-2222-4333-8444-555555555555\nlogsource: {product: x}\nlevel:\ntags:\ndetection: {s: {a: 1}, condition: s}'
    expect(parseOne(bare).metadata).toMatchObject({ level: 'medium', status: 'experimental', references: [], fields: [], tags: [] })
  })

  it('takes a list of one text without the list', () => {
    expect(parseOne(ruleText('s: {a: 1}\ncondition: s') + 'tags: attack.t1190\nreferences: [~, x]\n').metadata).toMatchObject({
      tags: ['attack.t1190'],
      references: ['x'],
    })
  })

  it('without an id is known by its file, the second of a file by its line too', () => {
    const bare = 'title: T\nlogsource: {product: x}\ndetection: {s: {a: 1}, condition: s}\n'
    const { documents, diagnostics } = parseSigma(`${bare}---\n${bare}`, { file: 'x.yml' })
    expect(documents.map(({ metadata }) => metadata.id)).toEqual(['x.yml', 'x.yml:5'])
    expect(diagnostics.map(({ code, severity }) => `${severity} ${code}`)).toEqual(['warning id-missing', 'warning id-missing'])
  })

  it('with an id that is no UUID stays, with a warning', () => {
    expect(placesOf(ruleText('s: {a: 1}\ncondition: s').replace(/id: .*/, 'id: my-rule'))).toEqual(['id-not-uuid 2:5'])
    expect(placesOf(ruleText('s: {a: 1}\ncondition: s').replace(/id: .*/, "id: ' '"))).toEqual(['id-missing 1:1'])
  })
})

describe('what is wrong is told with its place', () => {
  const rule = ruleText('selection:\n  a: 1\ncondition: selection')
  it.each([
    ['no title', rule.replace(/title: .*\n/, ''), ['title-missing 1:1']],
    ['a title that is a list', rule.replace('title: A rule', 'title: [a]'), ['type-text 1:8', 'title-missing 1:1']],
    ['tags that are maps', rule + 'tags: [{a: 1}]\n', ['type-list 11:8']],
    ['an unknown level', rule.replace('level: low', 'level: hihg'), ['level-unknown 3:8']],
    ['an unknown status', rule.replace('status: test', 'status: tset'), ['status-unknown 4:9']],
    ['no log source', rule.replace('logsource', 'logsources'), ['logsource-missing 1:1']],
    ['a log source that is a text', rule.replace('logsource:\n  category: test', 'logsource: test'), ['logsource-type 5:12']],
    ['a log source that names nothing', rule.replace('category', 'definition'), ['logsource-empty 6:3']],
    ['a detection that is a list', rule.replace(/detection:[^]*/, 'detection: [a]'), ['detection-type 7:12']],
    ['no condition', ruleText('selection:\n  a: 1'), ['condition-missing 8:3']],
    ['a condition that is a map', ruleText('selection:\n  a: 1\ncondition: {a: 1}'), ['condition-type 10:14']],
    ['an empty list of conditions', ruleText('selection:\n  a: 1\ncondition: []'), ['condition-type 10:14']],
    ['an empty selection', ruleText('selection: {}\ncondition: selection'), ['selection-empty 8:14']],
    ['an empty list as selection', ruleText('selection: []\ncondition: selection'), ['selection-empty 8:14']],
    ['a map as a value', itemRule('a', '{b: 1}'), ['value-map 9:10']],
    ['a list in a list of values', itemRule('a', '[1, [2]]'), ['value-nested 9:14']],
    ['an empty list of values', itemRule('a', '[]'), ['value-empty-list 9:10']],
    ['an unknown modifier', itemRule('a|contians', 'x'), ['modifier-unknown 9:8']],
    ['a repeated modifier', itemRule('a|contains|contains', 'x'), ['modifier-repeated 9:8']],
    ['exists with company', itemRule('a|exists|all', '[true, false]'), ['modifier-combination 9:8']],
    ['null as a keyword', ruleText('selection: [~]\ncondition: selection'), ['keyword-null 8:15']],
    ['a keyword that needs a field', ruleText("selection:\n  '|gt': 1\ncondition: selection"), ['keyword-modifier 9:12']],
  ])('%s', (_, text, places) => {
    expect(placesOf(text)).toEqual(places)
  })

  it('and with what was probably meant', () => {
    expect(diagnosticsOf(itemRule('a|contians', 'x'))[0]).toMatchObject({ suggestion: 'contains', field: 'a' })
    expect(diagnosticsOf(rule.replace('level: low', 'level: hihg'))[0]?.suggestion).toBe('high')
    expect(diagnosticsOf(rule.replace('logsource', 'logsources'))[0]?.suggestion).toBe('Rename "logsources" to "logsource".')
    expect(diagnosticsOf(rule.replace('detection', 'detections'))[0]).toMatchObject({
      code: 'document-kind',
      suggestion: 'Is "detections" meant as one of them?',
    })
  })

  it('a selection that no condition can name is only a warning, and how to write modifiers', () => {
    expect(diagnosticsOf(ruleText("'sel|endswith': {a: 1}\ncondition: 1 of sel*"))).toMatchObject([
      { severity: 'warning', code: 'selection-name', suggestion: 'Put modifiers behind the field.' },
    ])
    expect(diagnosticsOf(ruleText("'a b': {a: 1}\ncondition: 1 of them"))).toMatchObject([{ severity: 'warning', code: 'selection-name' }])
  })

  it('timeframe is no selection', () => {
    expect(parseOne(ruleText('selection:\n  a: 1\ntimeframe: 5m\ncondition: 1 of them')).selections.size).toBe(1)
  })

  it('several mistakes of a rule are told at once', () => {
    const text = ruleText("selection:\n  a|contians: 1\n  b|re: ''\n  c|exists: yes\ncondition: selektion")
    expect(diagnosticsOf(text).map(({ code }) => code)).toEqual([
      'modifier-unknown',
      'modifier-value',
      'modifier-value',
      'condition-unknown-selection',
    ])
  })
})

describe('values that their modifiers refuse', () => {
  it.each([
    ['a|re', 'null', 'modifier-value'],
    ['a|re', "''", 'modifier-value'],
    ['a|contains', 'null', 'modifier-value'],
    ['a|contains|re', 'x', 'modifier-order'],
    ['a|i', 'x', 'modifier-order'],
    ['a|cased|re', 'x', undefined],
    ['a|re|cased', 'x', 'modifier-value'],
    ['a|cased', 'null', 'modifier-value'],
    ['a|exists', 'x', 'modifier-value'],
    ['a|gt', "'5'", 'modifier-value'],
    ['a|gt', 'null', 'modifier-value'],
    ['a|hour', '24', 'value-range'],
    ['a|hour', '1.5', 'modifier-value'],
    ['a|week', '53', undefined],
    ['a|hour|contains', '5', 'modifier-value'],
    ['a|cidr', '10.0.0.0/33', 'network-invalid'],
    ['a|cidr', '10.0.0.0/x', 'network-invalid'],
    ['a|cidr', '10.0.0/8', 'network-invalid'],
    ['a|cidr', '10.0.0.0/8/8', 'network-invalid'],
    ['a|cidr|contains', '10.0.0.0/8', 'modifier-value'],
    ['a|base64', "'a*'", 'base64-wildcard'],
    ['a|base64', "''", 'base64-empty'],
    ['a|expand|wide', "'%x%'", 'encoding-placeholder'],
    ['a|windash', "'-a -b -c -d -e -f'", 'windash-too-many'],
    ['a|exists|expand', 'true', 'modifier-combination'],
    ['a|windash|gt', "'-a'", 'modifier-value'],
    ['a|fieldref|contains|startswith', 'b', undefined],
    ['a|base64|re', 'x', undefined],
  ])('%s: %s', (key, value, code) => {
    expect(diagnosticsOf(itemRule(key, value)).map((diagnostic) => diagnostic.code)).toEqual(code === undefined ? [] : [code])
  })
})

describe('a file', () => {
  it('of nothing, of a text, of a list', () => {
    expect(placesOf('')).toEqual(['file-empty 1:1'])
    expect(placesOf('just a text')).toEqual(['document-type 1:1'])
    expect(placesOf('- a')).toEqual(['document-type 1:1'])
  })

  it('of several documents of which one is broken keeps the others', () => {
    const rule = (id: number): string =>
      ruleText('s: {a: 1}\ncondition: s').replace(/id: .*/, `id: 00000000-0000-4000-8000-00000000000${id}`)
    const { documents, diagnostics, refused } = parseSigma(
      [rule(1), 'title: [', rule(2), rule(3).replace('condition: s', 'condition: t')].join('\n---\n'),
    )
    expect(documents.map(({ metadata }) => metadata.id.at(-1))).toEqual(['1', '2'])
    expect(refused.map(({ line, id, diagnostics: why }) => [line, id?.at(-1), why[0]?.code])).toEqual([
      [13, undefined, 'yaml-syntax'],
      [25, '3', 'condition-unknown-selection'],
    ])
    expect(new Set(diagnostics.map(({ code }) => code))).toEqual(new Set(['yaml-syntax', 'condition-unknown-selection']))
  })
})

describe('collections', () => {
  const parts = `action: global
title: Shared
logsource: {category: test, product: linux}
detection:
  condition: s
---
id: 00000000-0000-4000-8000-000000000001
detection: {s: {a: 1}}
---
action: repeat
id: 00000000-0000-4000-8000-000000000002
logsource: {product: windows}
---
action: reset
---
title: Alone
id: 00000000-0000-4000-8000-000000000003
logsource: {category: other}
detection: {s: {a: 1}, condition: s}
`
  it('share, repeat and reset', () => {
    const { documents, diagnostics } = parseSigma(parts)
    expect(diagnostics).toEqual([])
    expect(documents.map(({ metadata: { title }, ...document }) => [title, document.kind === 'rule' && document.logSource])).toEqual([
      ['Shared', { category: 'test', product: 'linux' }],
      ['Shared', { category: 'test', product: 'windows' }],
      ['Alone', { category: 'other' }],
    ])
  })
  it('cannot repeat nothing, nor do what is not known', () => {
    expect(placesOf('action: repeat\ntitle: T')).toContain('action-repeat 1:1')
    expect(placesOf('action: glob')).toEqual(['action-unknown 1:9'])
  })
})

describe('a filter', () => {
  const filter = (rules: string, rest = 'selection: {User: x}\n  condition: not selection'): string =>
    `title: F\nid: 00000000-0000-4000-8000-000000000009\nlogsource: {product: windows}\nfilter:\n  rules: ${rules}\n  ${rest}\n`

  it('names rules by id or name', () => {
    expect(parseOne<'filter'>(filter('[ABC, other_rule]'))).toMatchObject({ kind: 'filter', rules: ['abc', 'other_rule'] })
    expect(parseOne<'filter'>(filter('one')).rules).toEqual(['one'])
  })
  it('for any rule belongs to the coming edition', () => {
    expect(placesOf(filter('any'))).toEqual(['edition 5:10'])
    expect(parseOne<'filter'>(filter('all'), { edition: '2.2' }).rules).toBe('any')
  })
  it('needs rules, a condition and a log source', () => {
    expect(placesOf(filter('[]'))).toEqual(['filter-rules-missing 5:10'])
    expect(placesOf(filter('[a]', 'selection: {User: x}'))).toEqual(['condition-missing 5:3'])
    expect(placesOf('title: F\nid: 00000000-0000-4000-8000-000000000009\nfilter: {s: {a: 1}, condition: s}')).toEqual([
      'logsource-missing 1:1',
      'filter-rules-missing 3:9',
    ])
    expect(placesOf(filter('[a]').replace(/filter:[^]*/, 'filter: x'))).toEqual(['filter-type 4:9'])
  })
})
