import { formatEventId, type FieldValue } from '@vonggac/contract'
import { readEvent } from '@vonggac/sigma'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { catalogue, columnTypes, ownColumns } from '../catalogue.ts'
import { toRow, type Row } from '../row.ts'
import { PlainLine } from './plain-line.ts'

/** The row that is written for the line, read as DuckDB reads it: names without a column are skipped. */
function rowOf(plain: PlainLine, line: string): Row | undefined {
  const bytes = Buffer.from(`before\n${line}\nafter`)
  const [start, end] = [7, bytes.length - 6]
  if (!plain.read(bytes, start, end)) return undefined
  const target = Buffer.alloc(PlainLine.rowBytes(end - start) + 3)
  const written = target.toString('utf8', 3, plain.write(target, 3, start, end))
  expect(written.indexOf('\n')).toBe(written.length - 1)
  return columnsOf(JSON.parse(written) as Row)
}

function columnsOf(row: Row): Row {
  const kept = Object.entries(row).filter(([name, value]) => columnTypes.has(name) && value !== undefined)
  return Object.fromEntries(kept.map(([name, value]) => [name, name === ownColumns.rest ? JSON.parse(String(value)) : value]))
}

const id = formatEventId(Date.UTC(2026, 10, 22), 'c1', 7)
const text = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('a"b', 'C:\\x', 'thất bại', '\u0000', '\ud800', '😀', ''))
const scalar = fc.oneof(text, fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null))
const value: fc.Arbitrary<FieldValue> = fc.oneof({ weight: 3, arbitrary: text }, scalar, fc.array(scalar, { maxLength: 3 }), fc.array(text))
const field = fc.oneof(
  fc.constantFrom(...[...catalogue.keys()].filter((name) => name !== 'event.id')),
  fc.constantFrom('custom.a', 'custom.b', '_t', '_x', 'Event.Id', '__proto__'),
  text,
)
const event = fc.array(fc.tuple(field, value), { maxLength: 8 }).map((entries) => [['event.id', id] as const, ...entries])
const line = (entries: readonly (readonly [string, unknown])[]) =>
  `{${entries.map(([name, member]) => `${JSON.stringify(name)}:${JSON.stringify(member)}`).join(',')}}`

it('writes the very row that the event would give, or leaves the line to that', () => {
  const plain = new PlainLine()
  fc.assert(
    fc.property(event, (entries) => {
      const found = rowOf(plain, line(entries))
      if (found === undefined) return
      expect(found).toEqual(columnsOf(toRow(readEvent(line(entries)))!))
    }),
    { numRuns: 2_000 },
  )
})

it('takes the lines that parsers make', () => {
  const plain = new PlainLine()
  const made = {
    'event.id': id,
    message: 'Đăng "nhập" \t',
    'source.port': 443,
    'related.ip': ['10.0.0.1'],
    'custom.note': ['a', 1],
    'custom.n': -5,
  }
  for (let round = 0; round < 2; round++) {
    expect(rowOf(plain, JSON.stringify(made))).toEqual(columnsOf(toRow(made)!))
  }
  expect([...plain.columns].toSorted()).toEqual(['_t', '_x', 'event.id', 'message', 'related.ip', 'source.port'])
  expect(plain.receivedMs).toBe(Date.UTC(2026, 10, 22))
})

it('knows the names of lines before, and not their columns', () => {
  const plain = new PlainLine()
  rowOf(plain, JSON.stringify({ 'event.id': id, 'source.ip': '10.0.0.1', 'custom.note': 'a' }))
  expect([...plain.columns].toSorted()).toEqual(['_t', '_v4.source.ip', '_x', 'event.id', 'source.ip'])
  plain.begin()
  expect(plain.values.count).toBe(0)
  const made = { 'event.id': id, 'source.ip': '::1' }
  expect(rowOf(plain, JSON.stringify(made))).toEqual(columnsOf(toRow(made)!))
  expect([...plain.columns].toSorted()).toEqual(['_t', 'event.id', 'source.ip'])
})

it('reads lines with more names than it remembers', () => {
  const plain = new PlainLine()
  for (let round = 0; round < 3; round++) {
    plain.begin()
    for (let n = 0; n < 60; n++) {
      const made = Object.fromEntries([['event.id', id], ...Array.from({ length: 100 }, (_, at) => [`custom.f${n * 100 + at}`, 'x'])])
      expect(rowOf(plain, JSON.stringify(made))).toEqual(columnsOf(toRow(made)!))
      expect(plain.nameOf(plain.values.nameAt(plain.values.count - 1)).field).toBe(`custom.f${n * 100 + 99}`)
    }
    for (let n = 0; n < 60; n++) rowOf(plain, JSON.stringify({ 'event.id': id, [`round${round}.${n}`]: Array(100).fill('x') }))
  }
  expect(plain.columns.size).toBe(3)
})

const withId = (rest: string) => `{"event.id":"${id}"${rest}}`
it.each([
  ['a number in a text column', withId(',"user.name":7')],
  ['a text in a number column', withId(',"source.port":"443"')],
  ['a number that JavaScript writes otherwise', withId(',"source.port":443.0')],
  ['a negative zero', withId(',"custom.a":-0')],
  ['more digits than a double holds', withId(',"custom.a":1234567890123456')],
  ['several values for a column of one', withId(',"user.name":["a","b"]')],
  ['no value at all', withId(',"tags":[]')],
  ['null in a column', withId(',"user.name":null')],
  ['half a surrogate pair', withId(',"message":"\\ud800"')],
  ['an escape that JSON does not know', withId(',"message":"\\x41"')],
  ['a raw control character', withId(',"message":"a\tb"')],
  ['a name twice', withId(',"message":"a","message":"b"')],
  ['a name with an escape', withId(',"mess\\u0061ge":"a"')],
  ['a name of our own', withId(',"_t":5')],
  ['nested fields', withId(',"user":{"name":"an"}')],
  ['spaces', withId(', "message":"a"')],
  ['something behind the object', `${withId('')}x`],
  ['no id', '{"message":"a"}'],
  ['an id that is none', '{"event.id":"a"}'],
  ['nothing', '{}'],
  ['an end too early', `{"event.id":"${id}"`],
])('leaves a line with %s', (_, given) => {
  expect(rowOf(new PlainLine(), given)).toBeUndefined()
})
