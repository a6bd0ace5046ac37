import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exportResponse, statusMessage } from './answers.ts'
import { decodeLogs } from './protobuf.ts'
import { isBroken, recordsOf } from './records.ts'

const message = (number: number, content: Uint8Array) => new BinaryWriter().tag(number, WireType.LengthDelimited).bytes(content).finish()
const join = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts))
const text = (number: number, value: string) => message(number, Buffer.from(value))
const stringValue = (value: string) => text(1, value)
const attribute = (key: string, value: Uint8Array) => join(text(1, key), message(2, value))
const request = (...records: Uint8Array[]) =>
  message(
    1,
    // The resource may come behind the records that it belongs to, and fields that nobody knows anywhere.
    join(
      message(2, join(message(1, text(1, 'scope')), text(9, 'unknown'), ...records.map((record) => message(2, record)))),
      message(1, message(1, attribute('service.name', stringValue('kho')))),
    ),
  )
const nanoseconds = (number: number, value: bigint) => new BinaryWriter().tag(number, WireType.Bit64).fixed64(value).finish()

describe('protobuf', () => {
  it('becomes what stands for itself', () => {
    const list = message(5, join(message(1, stringValue('a')), message(1, new BinaryWriter().tag(3, WireType.Varint).int64(-7).finish())))
    const record = join(
      nanoseconds(1, 1_795_320_000_123_456_789n),
      nanoseconds(11, 0n),
      new BinaryWriter().tag(2, WireType.Varint).int32(9).finish(),
      message(5, stringValue('xin chào')),
      message(6, attribute('list', list)),
      message(6, attribute('big', new BinaryWriter().tag(3, WireType.Varint).int64('9223372036854775807').finish())),
      message(6, attribute('half', new BinaryWriter().tag(4, WireType.Bit64).double(0.5).finish())),
      message(6, attribute('yes', new BinaryWriter().tag(2, WireType.Varint).bool(true).finish())),
      message(6, attribute('none', new Uint8Array())),
      message(9, Buffer.from('5b8efff798038103d269b633813fc60c', 'hex')),
      new BinaryWriter().tag(8, WireType.Bit32).fixed32(1).finish(),
    )
    expect([...recordsOf(decodeLogs(request(record, new Uint8Array())))]).toEqual([
      {
        time: '2026-11-22T04:00:00.123456789Z',
        severity_number: 9,
        body: 'xin chào',
        trace_id: '5b8efff798038103d269b633813fc60c',
        attributes: { list: ['a', -7], big: '9223372036854775807', half: 0.5, yes: true, none: null },
        resource: { 'service.name': 'kho' },
        scope: { name: 'scope' },
      },
      { resource: { 'service.name': 'kho' }, scope: { name: 'scope' } },
    ])
  })

  it('of any bytes is read or refused, never more', () => {
    const valid = request(join(message(5, stringValue('body')), message(6, attribute('k', stringValue('v')))))
    const mutated = fc.tuple(fc.nat(valid.length - 1), fc.nat(255), fc.nat(valid.length)).map(([at, byte, end]) => {
      const bytes = Uint8Array.from(valid)
      bytes[at] = byte
      return bytes.subarray(0, end)
    })
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), mutated), (bytes) => {
        try {
          for (const record of recordsOf(decodeLogs(bytes))) JSON.stringify(record)
        } catch (error) {
          expect(error).toBeInstanceOf(Error)
        }
      }),
      { numRuns: 2_000, seed: 20_261_122 },
    )
  })

  it('is bounded in depth and in parts', () => {
    let value: Uint8Array = stringValue('deep')
    for (let depth = 0; depth < 200; depth++) value = message(5, message(1, value))
    expect(() => decodeLogs(request(message(5, value)))).toThrow(/nested deeper than 64/)
    const empty = Buffer.alloc(2 * 600_000)
    for (let at = 0; at < empty.length; at += 2) empty[at] = 0x12
    expect(() => decodeLogs(message(1, message(2, empty)))).toThrow(/more than 500000 parts/)
  })
})

it('JSON of any shape gives records and broken ones', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue({ maxDepth: 4 }), { maxLength: 5 }), (logRecords) => {
      const records = [...recordsOf({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] })]
      expect(records.length).toBe(logRecords.length)
      for (const record of records) if (isBroken(record)) expect(logRecords).toContain(record.record)
    }),
  )
  const nested = Array.from({ length: 100 }).reduce<unknown>((value) => ({ arrayValue: { values: [value] } }), { stringValue: 'x' })
  const [broken] = recordsOf({ resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: nested }] }] }] })
  expect(broken).toMatchObject({ broken: 'values are nested deeper than 64 levels' })
})

it('answers in both encodings', () => {
  expect([exportResponse('json', 0, ''), exportResponse('json', 2, 'why')]).toEqual([
    '{}',
    '{"partialSuccess":{"rejectedLogRecords":"2","errorMessage":"why"}}',
  ])
  expect(Buffer.from(exportResponse('protobuf', 2, 'why')).toString('hex')).toBe('0a07080212037768 79'.replace(' ', ''))
  expect(exportResponse('protobuf', 0, '')).toHaveLength(0)
  expect(Buffer.from(statusMessage('protobuf', 3, 'no')).toString('hex')).toBe('080312026e6f')
})
