import { describe, expect, it } from 'vitest'
import type { Expression } from '../ir/expression.ts'
import { type KqlOptions, parseKql } from './parse.ts'

const meaning = (text: string, options?: KqlOptions): Expression | undefined => parseKql(text, options).expression
const leaf = (field: string, test: object) => ({ field, test }) as Expression
const equals = (field: string, value: string | number | boolean) => leaf(field, { kind: 'equals', value })
const anywhere = (value: string) => leaf('*', { kind: 'contains', value })

describe('values', () => {
  it.each<[string, Expression]>([
    ['user.name: root', equals('user.name', 'root')],
    ['user.name:root', equals('user.name', 'root')],
    ['user.name: "Nguyễn Văn A"', equals('user.name', 'Nguyễn Văn A')],
    ['user.name: Nguyễn  Văn A', equals('user.name', 'Nguyễn  Văn A')],
    ['"user name": root', equals('user name', 'root')],
    ['event.code: 4625', equals('event.code', 4625)],
    ['event.code: "4625"', equals('event.code', '4625')],
    ['event.code: 007', equals('event.code', '007')],
    ['flag: true', equals('flag', true)],
    ['flag: "true"', equals('flag', 'true')],
    ['flag: null', leaf('flag', { kind: 'null' })],
    ['flag: *', leaf('flag', { kind: 'exists' })],
    ['flag: **', leaf('flag', { kind: 'contains', value: '' })],
    ['path: C\\:\\\\Users*', leaf('path', { kind: 'prefix', value: 'C:\\Users' })],
    ['path: *.exe', leaf('path', { kind: 'suffix', value: '.exe' })],
    ['path: *power*', leaf('path', { kind: 'contains', value: 'power' })],
    ['path: a*b?', leaf('path', { kind: 'glob', pattern: 'a*b\\?' })],
    ['path: "a*b"', equals('path', 'a*b')],
    ['path: a\\*b', equals('path', 'a*b')],
    ['path: \\(x\\) \\"y\\"', equals('path', '(x) "y"')],
    ['path: a \\and b', equals('path', 'a and b')],
    ['path: "a\\tb\\"\\\\\\u0041\\w"', equals('path', 'a\tb"\\A\\w')],
    ['path: \\u0110\\n', equals('path', 'Đ\n')],
    ['source.ip: 10.0.0.0/8', leaf('source.ip', { kind: 'network', cidr: '10.0.0.0/8' })],
    ['source.ip: "2001:db8::/32"', leaf('source.ip', { kind: 'network', cidr: '2001:db8::/32' })],
    ['source.ip: "2001:db8::1"', leaf('source.ip', { kind: 'network', cidr: '2001:db8::1/128' })],
    ['source.ip: 10.1.2.3', equals('source.ip', '10.1.2.3')],
    ['path: "10.0.0.0/8"', equals('path', '10.0.0.0/8')],
    ['*: root', equals('*', 'root')],
    ['', { all: [] }],
    ['*', { all: [] }],
    ['*: *', { all: [] }],
    ['segfault', anywhere('segfault')],
    ['failed password', { all: [anywhere('failed'), anywhere('password')] }],
    ['"failed password"', anywhere('failed password')],
    ['fail*ed', leaf('*', { kind: 'glob', pattern: '*fail*ed*' })],
    ['bytes >= 1.5e3', leaf('bytes', { kind: 'compare', operator: 'gte', value: 1500 })],
    ['bytes<-5', leaf('bytes', { kind: 'compare', operator: 'lt', value: -5 })],
  ])('%s', (text, expected) => {
    expect(meaning(text)).toEqual(expected)
  })

  it('are read by the type of a known field', () => {
    const options: KqlOptions = {
      fields: [
        { name: 'message', type: 'text' },
        { name: 'port', type: 'number' },
        { name: 'client address', type: 'ip' },
      ],
    }
    const inMessage = (value: string) => leaf('message', { kind: 'contains', value })
    expect(meaning('message: failed pass*', options)).toEqual({ all: [inMessage('failed'), inMessage('pass')] })
    expect(meaning('message: "failed password"', options)).toEqual(inMessage('failed password'))
    expect(meaning('port: 22.0', options)).toEqual(equals('port', 22))
    expect(meaning('client address: "10.0.0.0/8"', options)).toEqual(leaf('client address', { kind: 'network', cidr: '10.0.0.0/8' }))
  })
})

describe('conditions', () => {
  const [a, b, c] = [equals('a', 1), equals('b', 2), equals('c', 3)]
  it.each<[string, Expression]>([
    ['a: 1 or b: 2 and not c: 3', { any: [a, { all: [b, { not: c }] }] }],
    ['(a: 1 OR b: 2) AND c: 3', { all: [{ any: [a, b] }, c] }],
    ['not (a: 1 or b: 2)', { not: { any: [a, b] } }],
    ['not not a: 1', { not: { not: a } }],
    ['not a: 1 and b: 2', { all: [{ not: a }, b] }],
    ['((a: 1))', a],
    ['a: (1 or 2)', { any: [a, equals('a', 2)] }],
    ['a: (1 and not (2 or x*))', { all: [a, { not: { any: [equals('a', 2), leaf('a', { kind: 'prefix', value: 'x' })] } }] }],
    ['a: 1 or x', { any: [a, anywhere('x')] }],
  ])('%s', (text, expected) => {
    expect(meaning(text)).toEqual(expected)
  })

  it('reach every field of a pattern, where the fields are known', () => {
    const fields = ['source.ip', 'destination.ip', 'user.name'].map((name) => ({ name }))
    expect(meaning('*.ip: (10.1.2.3 and not x)', { fields })).toEqual({
      all: [
        { any: [equals('source.ip', '10.1.2.3'), equals('destination.ip', '10.1.2.3')] },
        { not: { any: [equals('source.ip', 'x'), equals('destination.ip', 'x')] } },
      ],
    })
    expect(meaning('use*: x', { fields })).toEqual(equals('user.name', 'x'))
    expect(parseKql('*.ip: 1 or us*: 2 and *.ip: 3 or nobody*: 4', { fields }).patterns).toEqual([
      { pattern: '*.ip', fields: ['source.ip', 'destination.ip'] },
      { pattern: 'us*', fields: ['user.name'] },
      { pattern: 'nobody*', fields: [] },
    ])
    expect(meaning('nobody*: 1', { fields: [] })).toEqual({ any: [] })
  })

  it('compare those fields of a pattern that can be', () => {
    const fields = ['source.ip', 'source.bytes', 'source.packets'].map((name) => ({ name }))
    const more = (field: string) => leaf(field, { kind: 'compare', operator: 'gt', value: 5 })
    expect(meaning('source.* > 5', { fields })).toEqual({ any: fields.map(({ name }) => more(name)) })
    const [, ...numbers] = fields
    expect(meaning('source.* > 5', { fields: [{ name: 'source.when', type: 'date' }, ...numbers] })).toEqual({
      any: numbers.map(({ name }) => more(name)),
    })
    expect(parseKql('source.* > x', { fields }).problems).toMatchObject([{ code: 'range-address' }])
  })
})

it('says where each part stands', () => {
  const { syntax } = parseKql('not user.name: (root or "an b")') as { syntax: unknown }
  expect(syntax).toMatchObject({
    kind: 'not',
    start: 0,
    end: 31,
    of: {
      kind: 'match',
      start: 4,
      end: 31,
      field: { start: 4, end: 13 },
      value: {
        kind: 'or',
        start: 15,
        end: 31,
        of: [
          { start: 16, end: 20 },
          { start: 24, end: 30, quoted: true },
        ],
      },
    },
  })
})

describe('warns', () => {
  const fields = [{ name: 'user.name' }, { name: 'source.ip' }]
  const warnings = (text: string, options: KqlOptions = { fields }) =>
    parseKql(text, options).expression && parseKql(text, options).warnings

  it('of a field that nobody knows, with the nearest one', () => {
    expect(warnings('user.nmae: root')).toMatchObject([{ code: 'field-unknown', start: 0, end: 9, suggestion: 'user.name' }])
    expect(warnings('nothing.like.it > 5')).toEqual([expect.not.objectContaining({ suggestion: expect.anything() })])
    expect(warnings('user.nmae: root', {})).toEqual([])
    expect(warnings('nothing.*: root')).toMatchObject([{ code: 'field-unknown', start: 0, end: 9 }])
    expect(warnings('user.name: root and *: x')).toEqual([])
  })

  it('of a value that lost its field', () => {
    expect(warnings('user.name: root or admin')).toMatchObject([{ code: 'value-alone', start: 19, end: 24 }])
    expect(warnings('user.name: (root or admin) or source.ip: *')).toEqual([])
    expect(warnings('root or admin')).toEqual([])
  })

  it('twenty times at most', () => {
    expect(warnings(Array.from({ length: 30 }, (_, number) => `f${number}: 1`).join(' or '))?.length).toBe(20)
    expect(warnings(Array.from({ length: 30 }, () => 'user.name: 1 or x').join(' or '))?.length).toBe(20)
  })
})
