import { describe, expect, it } from 'vitest'
import { compileRule } from '../compile/compile.ts'
import type { Diagnostic } from '../rule.ts'
import { itemRule, parseOne, ruleText } from '../syntax/testing/rule.ts'
import { compiled, expressionAfter, pipelineOf } from './testing/pipeline.ts'

const twoItems = ruleText('s:\n  a: 1\n  b: 2\ncondition: s')

describe('conditions', () => {
  const rename = '{type: field_name_prefix, prefix: x.'
  const firstField = (text: string, condition: string, ...before: string[]): boolean => {
    const expression = expressionAfter(text, ...before, `${rename}, ${condition}}`)
    return JSON.stringify(expression).includes('x.')
  }

  it.each([
    ['{type: logsource, category: test}', true],
    ['{type: logsource, category: test, product: linux}', false],
    ['{type: contains_field, field: b}', true],
    ['{type: contains_field, field: c}', false],
    ['{type: contains_detection_item, field: b, value: 2}', true],
    ['{type: contains_detection_item, field: b, value: 3}', false],
    ['{type: processing_item_applied, processing_item_id: early}', true],
    ['{type: processing_item_applied, processing_item_id: never}', false],
    ['{type: processing_state, key: k, val: v}', true],
    ['{type: processing_state, key: k, val: w}', false],
    ['{type: processing_state, key: n, val: 5, op: gt}', true],
    ['{type: processing_state, key: n, val: 7, op: gte}', true],
    ['{type: processing_state, key: n, val: 7, op: lt}', false],
    ['{type: processing_state, key: n, val: 7, op: lte}', true],
    ['{type: processing_state, key: n, val: 7, op: ne}', false],
    ['{type: processing_state, key: none, val: 7}', false],
    ['{type: is_sigma_rule}', true],
    ['{type: is_sigma_correlation_rule}', false],
    ['{type: tag, tag: attack.T1190}', true],
    ['{type: tag, tag: attack.t1}', false],
    ['{type: rule_attribute, attribute: level, value: medium, op: lt}', true],
    ['{type: rule_attribute, attribute: level, value: informational, op: lte}', false],
    ['{type: rule_attribute, attribute: status, value: stable, op: lt}', true],
    ['{type: rule_attribute, attribute: date, value: 2026-01-01, op: gte}', true],
    ['{type: rule_attribute, attribute: title, value: A rule}', true],
    ['{type: rule_attribute, attribute: title, value: B, op: ne}', true],
    ['{type: rule_attribute, attribute: priority, value: 3, op: gte}', true],
    ['{type: rule_attribute, attribute: tags, value: attack.t1190, op: in}', true],
    ['{type: rule_attribute, attribute: tags, value: attack.t1, op: not_in}', true],
    ['{type: rule_attribute, attribute: tags, value: attack.t1, op: ne}', true],
    ['{type: rule_attribute, attribute: tags, value: attack.t1}', false],
    ['{type: rule_attribute, attribute: title, value: A, op: in}', false],
    ['{type: rule_attribute, attribute: nothing, value: x}', false],
    ['{type: rule_attribute, attribute: logsource, value: x}', false],
  ])('on the rule: %s', (condition, expected) => {
    const text = twoItems + 'tags: [attack.t1190]\ndate: 2026-01-02\npriority: 3\n'
    const before = [
      '{id: early, type: set_state, key: k, val: v}',
      '{type: set_state, key: n, val: 7}',
      '{type: set_state, key: none, val: null}',
    ]
    expect(firstField(text, `rule_conditions: [${condition}]`, ...before)).toBe(expected)
  })

  it.each([
    ['{type: match_string, pattern: ab}', true],
    ['{type: match_string, pattern: bc}', false],
    ['{type: match_string, pattern: ab, cond: all}', false],
    ['{type: match_string, pattern: ab, negate: true}', true],
    ['{type: match_value, value: 5}', true],
    ['{type: match_value, value: 6}', false],
    ['{type: contains_wildcard}', true],
    ['{type: contains_wildcard, cond: all}', false],
    ['{type: is_null}', false],
    ['{type: processing_item_applied, processing_item_id: early}', true],
    ['{type: processing_item_applied, processing_item_id: late}', false],
    ['{type: processing_state, key: k, val: v}', false],
  ])('on the item: %s', (condition, expected) => {
    const text = itemRule('a', "[abc, '*x', 5]")
    expect(firstField(text, `detection_item_conditions: [${condition}]`, '{id: early, type: case, method: lower}')).toBe(expected)
  })

  it.each([
    ['{type: include_fields, fields: [a]}', true],
    ['{type: include_fields, fields: [b]}', false],
    ["{type: include_fields, mode: re, fields: ['[ab]']}", true],
    ["{type: exclude_fields, mode: re, fields: ['[ab]']}", false],
    ['{type: exclude_fields, fields: [b]}', true],
    ['{type: processing_item_applied, processing_item_id: early}', true],
    ['{type: processing_item_applied, processing_item_id: late}', false],
    ['{type: processing_state, key: k, val: v}', false],
  ])('on the field: %s', (condition, expected) => {
    expect(
      firstField(itemRule('a', '1'), `field_name_conditions: [${condition}]`, '{id: early, type: field_name_mapping, mapping: {a: a}}'),
    ).toBe(expected)
  })

  it('on the field, in the list of fields to show', () => {
    const text = ruleText('s: {a: 1}\ncondition: s') + 'fields: [a]\n'
    const pipeline = pipelineOf(
      '{id: early, type: field_name_mapping, mapping: {a: q}}',
      `${rename}, field_name_conditions: [{type: processing_item_applied, processing_item_id: early}]}`,
    )
    expect(compiled(text, pipeline).fields).toEqual(['x.q'])
  })

  it('keywords have no field to include or to exclude', () => {
    const text = ruleText('s: [word]\ncondition: s')
    const applied = (condition: string): Diagnostic[] => [
      ...compileRule(parseOne(text), {
        pipelines: [pipelineOf(`{type: detection_item_failure, message: no, field_name_conditions: [${condition}]}`)],
      }).diagnostics,
    ]
    expect(applied('{type: include_fields, fields: [a]}')).toEqual([])
    expect(applied('{type: exclude_fields, fields: [a]}')).toMatchObject([{ code: 'not-applicable', message: 'no' }])
    expect(applied('{type: processing_item_applied, processing_item_id: x}')).toEqual([])
  })

  it.each([
    ['rule_conditions: [{type: contains_field, field: a}, {type: contains_field, field: q}]', false],
    ['rule_cond_op: and, rule_conditions: [{type: contains_field, field: a}, {type: contains_field, field: q}]', false],
    ['rule_cond_op: or, rule_conditions: [{type: contains_field, field: a}, {type: contains_field, field: q}]', true],
    ['rule_cond_not: true, rule_conditions: [{type: contains_field, field: q}]', true],
    ['rule_cond_not: true, rule_conditions: []', true],
    [
      'rule_cond_expr: one and not two, rule_conditions: {one: {type: contains_field, field: a}, two: {type: contains_field, field: q}}',
      true,
    ],
    ['rule_cond_expr: two or two, rule_conditions: {two: {type: contains_field, field: q}}', false],
  ])('joined: %s', (condition, expected) => {
    expect(firstField(itemRule('a', '1'), condition)).toBe(expected)
  })
})
