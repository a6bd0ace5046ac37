import { describe, expect, it } from 'vitest'
import { compileRule } from '../compile/compile.ts'
import type { Expression } from '../ir/expression.ts'
import { itemRule, parseOne, ruleText } from '../syntax/testing/rule.ts'
import { parsePipeline } from './parse.ts'
import type { Pipeline } from './pipeline.ts'
import { compiled, expressionAfter, parsed, pipelineOf, refusal } from './testing/pipeline.ts'

const equals = (field: string, value: string | number | boolean): Expression => ({ field, test: { kind: 'equals', value } })
const twoItems = ruleText('s:\n  a: 1\n  b: 2\ncondition: s')

describe('fields', () => {
  it('are mapped to one name or to several, of which any may match', () => {
    expect(expressionAfter(twoItems, '{type: field_name_mapping, mapping: {a: x, b: [y, z]}}')).toEqual({
      all: [equals('x', 1), { any: [equals('y', 2), equals('z', 2)] }],
    })
  })
  it('of a negated item: none of the names may match', () => {
    expect(expressionAfter(itemRule('a|neq', '1'), '{type: field_name_mapping, mapping: {a: [x, y]}}')).toEqual({
      all: [{ not: equals('x', 1) }, { not: equals('y', 1) }],
    })
  })
  it('that an item refers to are mapped as well', () => {
    const equalsField = (other: string): Expression => ({ field: 'a', test: { kind: 'equalsField', other, match: 'equals' } })
    expect(expressionAfter(itemRule('a|fieldref', 'b'), '{type: field_name_mapping, mapping: {b: x}}')).toEqual(equalsField('x'))
    expect(expressionAfter(itemRule('a|fieldref', 'b'), '{type: field_name_mapping, mapping: {b: [x, y]}}')).toEqual({
      any: [equalsField('x'), equalsField('y')],
    })
    expect(expressionAfter(itemRule('a|windash', "'-x'"), '{type: field_name_mapping, mapping: {b: x}}')).toMatchObject({ any: {} })
  })
  it.each([
    ['{type: field_name_prefix, prefix: win.}', 'win.Ab'],
    ['{type: field_name_suffix, suffix: .raw}', 'Ab.raw'],
    ['{type: field_name_prefix_mapping, mapping: {A: x., Q: y.}}', 'x.b'],
    ['{type: field_name_prefix_mapping, mapping: {Q: y.}}', 'Ab'],
    ['{type: field_name_transform, transform_func: upper}', 'AB'],
    ['{type: field_name_transform, transform_func: lower, mapping: {Ab: other}}', 'other'],
    ['{type: field_name_transform, transform_func: snake_case}', 'ab'],
  ])('%s', (transformation, field) => {
    expect(expressionAfter(itemRule('Ab', '1'), transformation)).toEqual(equals(field, 1))
  })
  it('are added to, removed from and set as those to show, and renamed there', () => {
    const text = ruleText('s: {a: 1}\ncondition: s') + 'fields: [a, b]\n'
    const fields = (...transformations: string[]): readonly string[] => compiled(text, pipelineOf(...transformations)).fields
    expect(fields('{type: field_name_mapping, mapping: {a: [x, y]}}')).toEqual(['x', 'y', 'b'])
    expect(fields('{type: add_field, field: [c, d]}', '{type: remove_field, field: a}')).toEqual(['b', 'c', 'd'])
    expect(fields('{type: set_field, fields: [z]}')).toEqual(['z'])
  })
})

describe('values', () => {
  it.each([
    ['a', String.raw`'C:\\x*'`, String.raw`{type: replace_string, regex: '\\', replacement: '/'}`, { kind: 'prefix', value: 'C:/x' }],
    [
      'a',
      "'foo(bar)'",
      String.raw`{type: replace_string, regex: '(f)(o+)', replacement: '\2$\g<1>'}`,
      { kind: 'equals', value: 'oo$f(bar)' },
    ],
    [
      'a',
      "'foo'",
      String.raw`{type: replace_string, regex: '(?P<n>o+)', replacement: '\g<n>-\g<0>\\'}`,
      { kind: 'equals', value: 'foo-oo\\' },
    ],
    ['a', "'foo'", "{type: replace_string, regex: 'o+$', replacement: '*'}", { kind: 'prefix', value: 'f' }],
    ['a', "'abc'", "{type: replace_string, regex: 'x', replacement: 'y'}", { kind: 'equals', value: 'abc' }],
    ['a', "'*a*'", "{type: replace_string, regex: '.+', replacement: 'b', skip_special: true}", { kind: 'contains', value: 'b' }],
    ['a', "'a*'", "{type: replace_string, regex: 'a', replacement: '*', skip_special: true}", { kind: 'prefix', value: '*' }],
    [
      'a',
      "'?a'",
      "{type: replace_string, regex: 'a', replacement: '*', skip_special: true, interpret_special: true}",
      { kind: 'glob', pattern: '?*' },
    ],
    ['a', 'x', '{type: map_string, mapping: {x: y}}', { kind: 'equals', value: 'y' }],
    ['a', 'x', '{type: map_string, mapping: {q: y}}', { kind: 'equals', value: 'x' }],
    ['a', 'x', '{type: set_value, value: y*}', { kind: 'prefix', value: 'y' }],
    ['a', 'x', '{type: set_value, value: 5}', { kind: 'equals', value: 5 }],
    ['a', 'x', '{type: set_value, value: 5, force_type: str}', { kind: 'equals', value: '5' }],
    ['a', 'x', "{type: set_value, value: '5', force_type: num}", { kind: 'equals', value: 5 }],
    ['a', 'x', '{type: set_value, value: true}', { kind: 'equals', value: true }],
    ['a', 'x', '{type: set_value, value: null}', { kind: 'null' }],
    ['a', '5', '{type: convert_type, target_type: str}', { kind: 'equals', value: '5' }],
    ['a', 'null', '{type: convert_type, target_type: str}', { kind: 'null' }],
    ['a', "'5'", '{type: convert_type, target_type: num}', { kind: 'equals', value: 5 }],
    ['a', "'x'", '{type: convert_type, target_type: num}', { kind: 'equals', value: 'x' }],
    ['a', '5', '{type: convert_type, target_type: num}', { kind: 'equals', value: 5 }],
    ['a', "'aB.*'", '{type: regex}', { kind: 'regex', source: String.raw`\A(?:[aA][bB]\..*)\z`, flags: 's' }],
    ['a', "'aB?'", '{type: regex, method: ignore_case_flag}', { kind: 'regex', source: String.raw`\A(?:aB.)\z`, flags: 'is' }],
    ['a', "'aB'", '{type: regex, method: plain}', { kind: 'regex', source: String.raw`\A(?:aB)\z`, flags: 's' }],
    ['a', "''", '{type: regex}', { kind: 'equals', value: '' }],
    ['a', "'aB*'", '{type: case, method: upper}', { kind: 'prefix', value: 'AB' }],
    ['a', 'camelCase', '{type: case, method: snake_case}', { kind: 'equals', value: 'camel_case' }],
    ['a|expand', "'x%p%'", '{type: wildcard_placeholders}', { kind: 'prefix', value: 'x' }],
  ])('%s: %s %s', (key, value, transformation, test) => {
    expect(expressionAfter(itemRule(key, value), transformation)).toEqual({ field: 'a', test })
  })

  it('map to several texts of which any may match', () => {
    expect(expressionAfter(itemRule('a|contains|all', '[x, z]'), '{type: map_string, mapping: {"*x*": [p, q]}}')).toEqual({
      all: [{ any: [equals('a', 'p'), equals('a', 'q')] }, { field: 'a', test: { kind: 'contains', value: 'z' } }],
    })
  })
  it('change in every variant of an expansion', () => {
    expect(expressionAfter(itemRule('a|windash', "'-x'"), '{type: case, method: upper}')).toMatchObject({
      any: ['-X', '/X', '–X', '—X', '―X'].map((value) => equals('a', value)),
    })
    expect(expressionAfter(itemRule('a|windash', "'-x'"), '{type: case, method: lower}')).toMatchObject({ any: {} })
  })

  it('placeholders come from the vars of all pipelines, as include and exclude say', () => {
    const text = itemRule('a|expand', "'%p%%q%'")
    const vars = parsed('vars: {p: [x, 5], q: y}')
    const step = (extra: string): Pipeline => pipelineOf(`{type: value_placeholders${extra}}`)
    expect(compiled(text, vars, step('')).expression).toEqual({ any: [equals('a', 'xy'), equals('a', '5y')] })
    const some = compileRule(parseOne(text), { pipelines: [vars, step(', include: [p]')] })
    expect(some.diagnostics).toMatchObject([{ code: 'placeholder-unresolved', message: expect.stringContaining('%q%') as string }])
    expect(compileRule(parseOne(text), { pipelines: [vars, step(', exclude: [q]'), step(', include: [q]')] }).rule).toBeDefined()
  })
  it('with a placeholder survive a replacement', () => {
    const pipeline = pipelineOf('{type: replace_string, regex: x, replacement: y}', '{type: wildcard_placeholders}')
    expect(compiled(itemRule('a|expand', "'x%p%'"), pipeline).expression).toEqual({ field: 'a', test: { kind: 'prefix', value: 'y' } })
  })
  it('with a placeholder cannot become a regex', () => {
    expect(refusal(itemRule('a|expand', "'%p%'"), '{type: regex}')[0]).toMatchObject({ code: 'placeholder-unresolved', field: 'a' })
  })
})

describe('items', () => {
  it('are dropped, and with the last one a selection holds always', () => {
    expect(expressionAfter(twoItems, '{type: drop_detection_item, field_name_conditions: [{type: include_fields, fields: [a]}]}')).toEqual({
      all: [equals('b', 2)],
    })
    expect(expressionAfter(twoItems, '{type: drop_detection_item}')).toEqual({ all: [] })
  })
  it('of hashes are taken apart', () => {
    const step = (extra = ''): string => `{type: hashes_fields, valid_hash_algos: [MD5, SHA1]${extra}}`
    const md5 = '0'.repeat(32)
    const sha1 = '1'.repeat(40)
    expect(expressionAfter(itemRule('Hashes', `['MD5=${md5}', 'sha1|${sha1}', '${md5}']`), step(', field_prefix: File'))).toEqual({
      any: [{ any: [equals('FileMD5', md5), equals('FileMD5', md5)] }, equals('FileSHA1', sha1)],
    })
    expect(
      expressionAfter(
        itemRule('Hashes|contains|all', `['MD5=${md5}', 'SHA1=${sha1}']`),
        step(', field_prefix: hash, drop_algo_prefix: true'),
      ),
    ).toEqual({
      all: [{ all: [equals('hash', md5), equals('hash', sha1)] }],
    })
    for (const value of ['IMPHASH=00', 'short', 'a*b', '5'])
      expect(refusal(itemRule('Hashes', `'${value}'`), step())[0]).toMatchObject({ code: 'not-applicable' })
    expect(refusal(itemRule('Hashes', '5'), step())[0]).toMatchObject({ code: 'not-applicable', field: 'Hashes' })
  })
  it('that no step has named fail strictly', () => {
    const steps = ['{type: field_name_mapping, mapping: {a: x}}', '{type: strict_field_mapping_failure}']
    expect(refusal(twoItems, ...steps)).toMatchObject([{ code: 'not-applicable', field: 'b', line: 10 }])
    expect(expressionAfter(itemRule('a', '1'), ...steps)).toEqual(equals('x', 1))
    expect(expressionAfter(ruleText('s: [word]\ncondition: s'), ...steps)).toMatchObject({ field: '*' })
  })
  it('fail with a message and the field', () => {
    expect(refusal(itemRule('a', '1'), '{type: detection_item_failure, message: Not here}')[0]?.message).toBe('Not here (field "a")')
  })
  it('of absent fields keep their name and are judged by their place', () => {
    const absent = [
      '{type: absent_field, message: Gone, field_name_conditions: [{type: include_fields, fields: [a]}]}',
      '{type: field_name_prefix, prefix: x.}',
    ]
    expect(expressionAfter(ruleText('s: {a: 1}\nt: {b: 1}\ncondition: s or t'), ...absent)).toEqual({
      any: [{ any: [] }, equals('x.b', 1)],
    })
    expect(expressionAfter(ruleText('s: {a|neq: 1}\nt: {b: 1}\ncondition: not s and t'), ...absent)).toMatchObject({})
    expect(refusal(ruleText('s: {a|neq: 1}\nt: {b: 1}\ncondition: s and t'), ...absent)).toMatchObject([{ field: 'a' }])
    expect(refusal(twoItems, ...absent)).toMatchObject([{ code: 'not-applicable', field: 'a' }])
    expect(refusal(ruleText('s: [{a: 1}, {b: 1}]\ncondition: not s'), ...absent)).toMatchObject([{ code: 'not-applicable' }])
  })
})

describe('rules', () => {
  it('get conditions in front, from the log source too, negated too', () => {
    const plain = "{type: add_condition, conditions: {EventID: 1, 'x|endswith': y}}"
    expect(expressionAfter(itemRule('a', '1'), plain)).toEqual({
      all: [{ all: [equals('EventID', 1), { field: 'x', test: { kind: 'suffix', value: 'y' } }] }, equals('a', 1)],
    })
    const template = "{type: add_condition, name: n, negated: true, template: true, conditions: {c: ['$category', '${product}', 5]}}"
    expect(expressionAfter(itemRule('a', '1'), template)).toEqual({
      all: [{ not: { any: [equals('c', 'test'), equals('c', ''), equals('c', 5)] } }, equals('a', 1)],
    })
  })
  it('"1 of them" does not reach an added condition', () => {
    const text = ruleText('s: {a: 1}\nt: {b: 1}\ncondition: 1 of them')
    expect(expressionAfter(text, '{type: add_condition, conditions: {c: 1}}')).toMatchObject({ all: [equals('c', 1), { any: [{}, {}] }] })
  })
  it('change their log source', () => {
    expect(compiled(twoItems, pipelineOf('{type: change_logsource, product: windows, service: security}')).logSource).toEqual({
      product: 'windows',
      service: 'security',
    })
  })
  it('take custom attributes and can be refused', () => {
    expect(compiled(twoItems, pipelineOf('{type: set_custom_attribute, attribute: index, value: main}')).custom).toEqual({ index: 'main' })
    expect(refusal(twoItems, '{type: rule_failure, message: Not supported}')).toMatchObject([
      { code: 'not-applicable', message: 'Not supported', line: 1 },
    ])
  })
  it('go through nested steps under one condition', () => {
    const nest = '{type: nest, items: [{type: field_name_prefix, prefix: p.}], rule_conditions: [{type: contains_field, field: a}]}'
    expect(expressionAfter(itemRule('a', '1'), nest)).toEqual(equals('p.a', 1))
    expect(expressionAfter(itemRule('b', '1'), nest)).toEqual(equals('b', 1))
  })
})

it('pipelines run by priority, equal ones in the order given', () => {
  const prefix = (name: string, priority: number): Pipeline =>
    parsed(`name: ${name}\npriority: ${priority}\ntransformations: [{type: field_name_prefix, prefix: ${name}.}]`)
  const rule = compiled(itemRule('a', '1'), prefix('last', 30), prefix('first', -1), prefix('second', 5), prefix('third', 5))
  expect(rule.expression).toEqual(equals('last.third.second.first.a', 1))
})

describe('a pipeline that is wrong is refused whole, with places', () => {
  it.each([
    ['', 'pipeline-type 1:1'],
    ['- a', 'pipeline-type 1:1'],
    ['a: 1\n---\nb: 1', 'pipeline-documents 3:1'],
    ['a: [', 'yaml-syntax 1:5'],
    ['priority: high', 'pipeline-priority 1:11'],
    ['vars: [a]', 'pipeline-vars 1:7'],
    ['transformations: {a: 1}', 'pipeline-transformations 1:18'],
    ['transformations: [a]', 'pipeline-transformation-type 1:19'],
    ['transformations: [{type: field_name_maping}]', 'pipeline-transformation-unknown 1:26'],
    ['transformations: [{type: field_name_mapping}]', 'pipeline-mapping 1:19'],
    ['transformations: [{type: map_string, mapping: x}]', 'pipeline-mapping 1:47'],
    ['transformations: [{type: field_name_prefix}]', 'pipeline-parameter 1:19'],
    ['transformations: [{type: set_value}]', 'pipeline-parameter 1:19'],
    ['transformations: [{type: add_condition, conditions: x}]', 'pipeline-parameter 1:53'],
    ['transformations: [{type: case, method: title}]', 'pipeline-parameter 1:19'],
    ['transformations: [{type: replace_string, regex: "(", replacement: x}]', 'pipeline-regex 1:19'],
    ['transformations: [{type: query_expression_placeholders, expression: x}]', 'pipeline-output 1:19'],
    ['transformations: [{type: drop_detection_item, rule_conditions: x}]', 'pipeline-conditions 1:64'],
    ['transformations: [{type: drop_detection_item, rule_conditions: [x]}]', 'pipeline-condition-type 1:65'],
    ['transformations: [{type: drop_detection_item, rule_conditions: [{type: logsuorce}]}]', 'pipeline-condition-unknown 1:72'],
    ['transformations: [{type: drop_detection_item, rule_cond_op: xor, rule_conditions: []}]', 'pipeline-operator 1:61'],
    ['transformations: [{type: drop_detection_item, rule_cond_expr: nobody, rule_conditions: {}}]', 'condition-unknown-selection 1:63'],
  ])('%s', (text, place) => {
    const { pipeline, diagnostics } = parsePipeline(text)
    expect(pipeline).toBeUndefined()
    expect(diagnostics.map(({ code, line, column }) => `${code} ${line}:${column}`)).toEqual([place])
  })
  it('suggests the name that was meant', () => {
    expect(parsePipeline('transformations: [{type: field_name_maping}]').diagnostics[0]?.suggestion).toBe('field_name_mapping')
  })
  it('but only warns of parts that write query text', () => {
    const { pipeline, diagnostics } = parsePipeline('name: p\npostprocessing: []\nfinalizers: []\n')
    expect(pipeline).toMatchObject({ name: 'p', priority: 0, steps: [] })
    expect(diagnostics.map(({ severity, code }) => `${severity} ${code}`)).toEqual(['warning pipeline-output', 'warning pipeline-output'])
  })
})
