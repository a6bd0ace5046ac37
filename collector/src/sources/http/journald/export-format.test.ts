import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { frameFlags } from '../../../frame.ts'
import { BrokenExport, ExportReader, type JournalEntry } from './export-format.ts'

const limit = 2_000

function read(...chunks: Buffer[]): JournalEntry[] {
  const entries: JournalEntry[] = []
  const reader = new ExportReader(limit, (entry) => entries.push(entry))
  for (const chunk of chunks) reader.push(chunk)
  reader.end()
  return entries
}
const values = (entries: readonly JournalEntry[]) => entries.map(({ json }) => JSON.parse(json.toString()) as unknown)

function binary(name: string, value: Buffer): Buffer {
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(value.length))
  return Buffer.concat([Buffer.from(`${name}\n`), length, value, Buffer.from('\n')])
}

it('reads text and binary fields, several entries, and fields that come twice', () => {
  const body = Buffer.concat([
    Buffer.from('__CURSOR=s=1;i=2\nMESSAGE=a = b\nTAG=x\nTAG=y\n\n\n'),
    binary('MESSAGE', Buffer.from('hai\n\ndòng')),
    binary('RAW', Buffer.from([255, 0])),
    binary('EMPTY', Buffer.alloc(0)),
  ])
  const entries = read(body)
  expect(values(entries)).toEqual([
    { __CURSOR: 's=1;i=2', MESSAGE: 'a = b', TAG: ['x', 'y'] },
    { MESSAGE: 'hai\n\ndòng', RAW: { base64: '/wA=' }, EMPTY: '' },
  ])
  expect(entries.map(({ cursor, flags }) => [cursor, flags])).toEqual([
    ['s=1;i=2', 0],
    [undefined, 0],
  ])
})

it('keeps the beginning of what is longer than the limit, and says so', () => {
  const long = Buffer.alloc(10 * limit, 'x')
  const [first, second, third] = read(
    Buffer.concat([Buffer.from('A=1\nB='), long, Buffer.from('\n\n'), Buffer.from('A=2\n'), binary('B', long), Buffer.from('\nA=3\n\n')]),
  )
  expect(values([first!, second!, third!])).toEqual([{ A: '1' }, { A: '2' }, { A: '3' }])
  expect([first!.flags, second!.flags, third!.flags]).toEqual([frameFlags.oversize, frameFlags.oversize, 0])
})

it('says where a stream cannot be followed', () => {
  expect(() => read(Buffer.from('A=1'))).toThrow(BrokenExport)
  expect(() => read(Buffer.from('NAME\n\xff\xff\xff\xff\xff\xff\xff\xff', 'latin1'))).toThrow(/claims to be/)
  expect(() => read(Buffer.concat([binary('A', Buffer.from('1')).subarray(0, -1), Buffer.from('x')]))).toThrow(
    /not followed by a line feed/,
  )
})

const field = fc.tuple(fc.stringMatching(/^[A-Z_]{1,8}$/), fc.oneof(fc.string({ unit: 'grapheme', maxLength: 20 }), fc.constant('a\nb')))

it('reads the same however the stream is cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uniqueArray(field, { minLength: 1, maxLength: 4, selector: ([name]) => name }), { maxLength: 6 }),
      fc.integer({ min: 1, max: 7 }),
      (entries, size) => {
        const write = ([name, text]: [string, string]) =>
          text.includes('\n') ? binary(name, Buffer.from(text)) : Buffer.from(`${name}=${text}\n`)
        const body = Buffer.concat(entries.flatMap((fields) => [...fields.map(write), Buffer.from('\n')]))
        const chunks = Array.from({ length: Math.ceil(body.length / size) }, (_, index) => body.subarray(index * size, (index + 1) * size))
        expect(values(read(...chunks))).toEqual(entries.map((fields) => Object.fromEntries(fields)))
      },
    ),
  )
})
