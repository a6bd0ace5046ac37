import { expect, it } from 'vitest'
import type { Expression, Test } from '../../ir/expression.ts'
import { toKql } from './convert.ts'

const about = (test: Test, field = 'process.command_line'): Expression => ({ field, test })

it.each<[Test, string]>([
  [{ kind: 'equals', value: 'say "hi" \\' }, 'process.command_line: "say \\"hi\\" \\\\"'],
  [{ kind: 'equals', value: 4625 }, 'process.command_line: 4625'],
  [{ kind: 'prefix', value: 'C:\\Users' }, 'process.command_line: C\\:\\\\Users*'],
  [{ kind: 'suffix', value: '.exe' }, 'process.command_line: *.exe'],
  [{ kind: 'contains', value: 'this and that*' }, 'process.command_line: *this \\and that\\**'],
  [{ kind: 'contains', value: '' }, 'process.command_line: **'],
  [{ kind: 'glob', pattern: '**' }, 'process.command_line: **'],
  [{ kind: 'prefix', value: ' -e ' }, 'process.command_line: \\u0020-e *'],
  [{ kind: 'glob', pattern: 'a*b\\*' }, 'process.command_line: a*b\\*'],
  [{ kind: 'glob', pattern: '' }, 'process.command_line: ""'],
  [{ kind: 'compare', operator: 'gte', value: 5 }, 'process.command_line >= 5'],
  [{ kind: 'moment', side: 'since', at: 0 }, 'process.command_line >= "1970-01-01T00:00:00.000Z"'],
  [{ kind: 'moment', side: 'before', at: 0 }, 'process.command_line < "1970-01-01T00:00:00.000Z"'],
  [{ kind: 'network', cidr: '10.0.0.0/8' }, 'process.command_line: 10.0.0.0/8'],
  [{ kind: 'network', cidr: '2001:db8::1' }, 'process.command_line: 2001\\:db8\\:\\:1/128'],
  [{ kind: 'network', cidr: 'nonsense' }, 'not *'],
  [{ kind: 'exists' }, 'process.command_line: *'],
  [{ kind: 'null' }, 'process.command_line: null'],
])('writes %j', (test, text) => {
  expect(toKql(about(test))).toEqual({ text, exact: true })
})

it.each<[Test, string]>([
  [{ kind: 'glob', pattern: 'a?b' }, 'process.command_line: a*b'],
  [{ kind: 'regex', source: 'netstop|scdelete', flags: '' }, 'process.command_line: *netstop* or process.command_line: *scdelete*'],
  [{ kind: 'regex', source: 'union\\s+select', flags: 'i' }, 'process.command_line: *select*'],
  [{ kind: 'regex', source: 'đăng|login', flags: '' }, 'process.command_line: *đăng* or process.command_line: *login*'],
  [{ kind: 'regex', source: '\\d', flags: '' }, 'process.command_line: *'],
  [{ kind: 'equalsField', other: 'user.name', match: 'contains' }, 'process.command_line: * and user.name: *'],
  [{ kind: 'timePart', part: 'hour', value: 3 }, 'process.command_line: *'],
  [{ kind: 'moment', side: 'since', at: Date.UTC(12_000, 0) }, 'process.command_line: *'],
  [{ kind: 'equals', value: 'A', cased: true }, 'process.command_line: "A"'],
])('widens %j', (test, text) => {
  expect(toKql(about(test))).toEqual({ text, exact: false })
})

it('puts parentheses where the operators change', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((field) => about({ kind: 'exists' }, field)) as [Expression, Expression, Expression]
  expect(toKql({ all: [a, { any: [b, { not: c }] }, { all: [b, c] }] }).text).toBe('a: * and (b: * or (not c: *)) and b: * and c: *')
  expect(toKql({ not: { all: [a] } }).text).toBe('not a: *')
  expect(toKql({ all: [] }).text).toBe('*')
  expect(toKql({ any: [] }).text).toBe('not *')
})

it('writes keywords without a field', () => {
  expect(toKql(about({ kind: 'contains', value: 'segfault' }, '*')).text).toBe('*segfault*')
  expect(toKql(about({ kind: 'contains', value: 'no such' }, '*')).text).toBe('"no such"')
  expect(toKql(about({ kind: 'equals', value: 'x' }, '*')).text).toBe('*: "x"')
  expect(toKql(about({ kind: 'null' }, '*')).text).toBe('not *: **')
})

it.each<[string, Test, string]>([
  ['source.ip', { kind: 'equals', value: '::1' }, 'source.ip: "::1"'],
  ['source.ip', { kind: 'equals', value: '10.0.0.0/8' }, 'source.ip: *10.0.0.0/8'],
  ['@timestamp', { kind: 'equals', value: '2026-07-28' }, '@timestamp: *2026-07-28'],
  ['@timestamp', { kind: 'compare', operator: 'gt', value: 5 }, '@timestamp: *'],
])('finds more where the type of %s makes something else of %j', (field, test, text) => {
  expect(toKql(about(test, field))).toEqual({ text, exact: false })
})

it.each<[Test, string, boolean]>([
  [{ kind: 'contains', value: 'failed' }, 'message: *failed*', true],
  [{ kind: 'contains', value: 'failed password' }, 'message: "failed password"', true],
  [{ kind: 'equals', value: 'failed' }, 'message: "failed"', false],
  [{ kind: 'suffix', value: 'of root' }, 'message: *of root', false],
  [{ kind: 'network', cidr: '10.0.0.0/8' }, 'message: *', false],
])('writes %j of running text', (test, text, exact) => {
  expect(toKql(about(test, 'message'))).toEqual({ text, exact })
})

it.each<[string, string]>([
  ['a b', '"a b": *'],
  ['not', '"not": *'],
  ['a"b', '"a\\"b": *'],
])('quotes the field %s', (field, text) => {
  expect(toKql(about({ kind: 'exists' }, field))).toEqual({ text, exact: true })
})

it.each<[Test, string]>([
  [{ kind: 'null' }, 'not a: *'],
  [{ kind: 'exists' }, 'a: *'],
  [{ kind: 'contains', value: '' }, 'a: *'],
  [{ kind: 'glob', pattern: '**' }, 'a: *'],
])('writes %j for an index without nulls', (test, text) => {
  expect(toKql(about(test, 'a'), { noNulls: true })).toEqual({ text, exact: true })
})
