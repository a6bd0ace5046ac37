import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Chunks, chunkPatienceMs, isChunk, type Chunked } from './chunks.ts'
import { NulSplitter } from './messages.ts'

const chunk = (id: string, number: number, count: number, part: string) =>
  Buffer.concat([Buffer.from([0x1e, 0x0f]), Buffer.from(id.padEnd(8).slice(0, 8)), Buffer.from([number, count]), Buffer.from(part)])
const textOf = (chunked: Chunked) => (chunked.kind === 'whole' ? chunked.bytes.toString() : chunked.kind)

function makeChunks(bounds = { messages: 100, bytes: 10_000 }) {
  const givenUp: string[] = []
  const chunks = new Chunks(bounds, (peer, part, reason) => givenUp.push(`${peer} ${part.toString()} ${reason}`))
  return { chunks, givenUp }
}

it('puts a message together in whatever order its chunks come, also doubled, from several senders at once', () => {
  const parts = fc.array(fc.string({ minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 20 })
  fc.assert(
    fc.property(fc.array(parts, { minLength: 1, maxLength: 4 }), fc.infiniteStream(fc.nat()), (messages, order) => {
      const { chunks, givenUp } = makeChunks()
      const sent = messages.flatMap((all, peer) => all.map((part, number) => ({ peer, datagram: chunk('id', number, all.length, part) })))
      const doubled = [...sent, ...sent.slice(0, 5)].map((one) => ({ one, weight: order.next().value! }))
      const shuffled = doubled.toSorted((a, b) => a.weight - b.weight).map(({ one }) => one)
      const whole = shuffled.flatMap(({ peer, datagram }) => {
        const result = chunks.add(`${peer}`, datagram, 0)
        return result.kind === 'whole' ? [`${peer} ${textOf(result)}`] : []
      })
      expect(new Set(whole)).toEqual(new Set(messages.map((all, peer) => `${peer} ${all.join('')}`)))
      expect(givenUp).toEqual([])
    }),
  )
})

it('gives up what is not complete in time, and the oldest where too much is open', () => {
  const { chunks, givenUp } = makeChunks({ messages: 2, bytes: 10 })
  expect(textOf(chunks.add('a', chunk('1', 0, 2, 'x'), 0))).toBe('waiting')
  chunks.expire(chunkPatienceMs - 1)
  expect(givenUp).toEqual([])
  chunks.expire(chunkPatienceMs)
  expect(givenUp.splice(0)).toEqual(['a x chunks-missing'])
  for (const id of ['1', '2', '3']) chunks.add('a', chunk(id, 1, 2, id), 0)
  expect(givenUp.splice(0)).toEqual(['a 1 chunks-overflow'])
  chunks.add('b', chunk('4', 0, 2, '123456789'), 0)
  expect(givenUp.splice(0)).toEqual(['a 2 chunks-overflow'])
  chunks.add('b', chunk('4', 0, 2, 'again'), 0)
  chunks.close()
  expect(givenUp).toEqual(['a 3 chunks-missing', 'b 123456789 chunks-missing'])
  expect([chunks.open, chunks.bytes]).toEqual([0, 0])
})

it('stays within its bounds whatever comes', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(3), fc.uint8Array({ maxLength: 40 }), fc.boolean())), (all) => {
      const { chunks } = makeChunks({ messages: 3, bytes: 50 })
      for (const [peer, bytes, likely] of all) {
        const datagram = Buffer.concat([Buffer.from(likely ? [0x1e, 0x0f] : []), Buffer.from(bytes)])
        if (isChunk(datagram)) chunks.add(`${peer}`, datagram, 0)
        expect(chunks.open).toBeLessThanOrEqual(3)
        expect(chunks.bytes).toBeLessThanOrEqual(50)
      }
      chunks.close()
      expect(chunks.bytes).toBe(0)
    }),
  )
})

it('splits a stream at its NULs wherever it is cut, and cuts what is too long', () => {
  const message = fc.string({ minLength: 1, maxLength: 40 }).map((text) => text.replaceAll('\0', ' '))
  fc.assert(
    fc.property(fc.array(message, { maxLength: 8 }), fc.integer({ min: 1, max: 50 }), (all, size) => {
      const stream = Buffer.from(all.map((text) => `${text}\0`).join(''))
      const said: string[] = []
      const splitter = new NulSplitter(20, (bytes, flags) => said.push(bytes.toString('latin1') + (flags ? '…' : '')))
      for (let at = 0; at < stream.length; at += size) splitter.push(stream.subarray(at, at + size))
      splitter.end()
      const expected = all.map((text) => {
        const bytes = Buffer.from(text)
        return bytes.length > 20 ? `${bytes.toString('latin1', 0, 20)}…` : bytes.toString('latin1')
      })
      expect(said).toEqual(expected)
    }),
  )
})
