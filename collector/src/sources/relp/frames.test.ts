import fc from 'fast-check'
import { expect, it } from 'vitest'
import { RelpError, relpFrame, RelpReader } from './frames.ts'

function read(pieces: readonly Buffer[], limit = 100): string[] {
  const said: string[] = []
  const reader = new RelpReader(limit, ({ transaction, command, data, oversize }) =>
    said.push(`${transaction} ${command} ${data.toString()}${oversize ? '…' : ''}`),
  )
  for (const piece of pieces) reader.push(piece)
  return said
}

it('reads the same frames wherever the stream is cut', () => {
  const frames = fc.array(fc.tuple(fc.integer({ min: 1, max: 999_999_999 }), fc.constantFrom('open', 'syslog', 'close'), fc.string()), {
    maxLength: 8,
  })
  fc.assert(
    fc.property(frames, fc.array(fc.nat(400)), (all, cuts) => {
      const stream = Buffer.from(all.map(([transaction, command, data]) => relpFrame(transaction, command, data)).join(''))
      const places = [0, ...cuts.filter((cut) => cut < stream.length).toSorted((a, b) => a - b), stream.length]
      const pieces = places.slice(1).map((end, index) => stream.subarray(places[index], end))
      expect(read(pieces, 1_000_000)).toEqual(all.map(([transaction, command, data]) => `${transaction} ${command} ${data}`))
    }),
  )
})

it('keeps no more than its limit of a frame that is longer', () => {
  const stream = Buffer.from(relpFrame(1, 'syslog', 'x'.repeat(1000)) + relpFrame(2, 'syslog', 'next'))
  const pieces = Array.from({ length: Math.ceil(stream.length / 7) }, (_, index) => stream.subarray(index * 7, index * 7 + 7))
  for (const way of [[stream], pieces]) expect(read(way)).toEqual([`1 syslog ${'x'.repeat(100)}…`, '2 syslog next'])
})

it('refuses what is no RELP, and nothing else happens', () => {
  for (const text of ['GET / HTTP/1.1\r\n', '1 syslog 5\n', '1 syslog 2 abc\n', '1 syslog -1 \n', '9999999999 open 0\n', ' '.repeat(100)]) {
    expect(() => read([Buffer.from(text)])).toThrow(RelpError)
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      try {
        read([Buffer.from(bytes)])
      } catch (error) {
        expect(error).toBeInstanceOf(RelpError)
      }
    }),
  )
})
