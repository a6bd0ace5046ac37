import fc from 'fast-check'
import { expect, it } from 'vitest'
import { LumberjackError, LumberjackReader, type LumberjackFrame } from './frames.ts'

const limits = { eventBytes: 200, packedBytes: 1_000 }
const numbers = (...values: number[]) => {
  const bytes = Buffer.alloc(values.length * 4)
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, index * 4)
  return bytes
}
const head = (kind: string, ...values: number[]) => Buffer.concat([Buffer.from(`2${kind}`), numbers(...values)])
const window = (count: number) => head('W', count)
const event = (sequence: number, text: string) => Buffer.concat([head('J', sequence, Buffer.byteLength(text)), Buffer.from(text)])
const packed = (data: Buffer) => Buffer.concat([head('C', data.length), data])

function read(pieces: readonly Buffer[]): string[] {
  const reader = new LumberjackReader(limits)
  return pieces.flatMap((piece) => [...reader.read(piece)].map(told))
}

function told(frame: LumberjackFrame): string {
  if (frame.kind === 'window') return `window ${frame.count}`
  if (frame.kind === 'packed') return `packed ${frame.data.toString('hex')}`
  return `event ${frame.sequence} ${frame.data.toString()}${frame.oversize ? '…' : ''}`
}

it('reads the same frames wherever the stream is cut', () => {
  const frame = fc.oneof(
    fc.nat(1_000_000).map((count) => ({ bytes: window(count), said: `window ${count}` })),
    fc.tuple(fc.nat(), fc.string({ maxLength: 40 })).map(([sequence, text]) => ({
      bytes: event(sequence, text),
      said: `event ${sequence} ${text}`,
    })),
    fc.uint8Array({ maxLength: 100 }).map((data) => ({
      bytes: packed(Buffer.from(data)),
      said: `packed ${Buffer.from(data).toString('hex')}`,
    })),
    fc.constant({ bytes: event(7, 'x'.repeat(500)), said: `event 7 ${'x'.repeat(200)}…` }),
  )
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 8 }), fc.array(fc.nat(2_000)), (all, cuts) => {
      const stream = Buffer.concat(all.map(({ bytes }) => bytes))
      const places = [0, ...cuts.filter((cut) => cut < stream.length).toSorted((a, b) => a - b), stream.length]
      const pieces = places.slice(1).map((end, index) => stream.subarray(places[index], end))
      expect(read(pieces)).toEqual(all.map(({ said }) => said))
    }),
  )
})

it('reads the pairs of version 1', () => {
  const text = (value: string) => Buffer.concat([numbers(Buffer.byteLength(value)), Buffer.from(value)])
  const frame = Buffer.concat([Buffer.from('1D'), numbers(3, 2), text('line'), text('một dòng'), text('host'), text('a')])
  expect(read([...frame].map((byte) => Buffer.from([byte])))).toEqual(['event 3 {"line":"một dòng","host":"a"}'])
})

it('refuses what is no Lumberjack, and any length that it would have to believe', () => {
  const none = [
    Buffer.from('GET / HTTP/1.1'),
    head('X', 1),
    head('C', 0xffffffff),
    head('J', 1, 0xffffffff),
    head('D', 1, 0xffffffff),
    window(0xffffffff),
  ]
  for (const bytes of none) expect(() => read([bytes])).toThrow(LumberjackError)
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.boolean(), (bytes, likely) => {
      try {
        read([Buffer.concat([Buffer.from(likely ? '2J' : ''), Buffer.from(bytes)])])
      } catch (error) {
        expect(error).toBeInstanceOf(LumberjackError)
      }
    }),
  )
})
