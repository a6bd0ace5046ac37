import { batchLimits } from '@vonggac/contract'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Journal, ReadGroup } from '../journal/index.ts'
import type { FrameParser, ParseRequest } from '../parsing/index.ts'
import { Assembler } from './assembler.ts'

/** Positions of durable groups, with gaps where something could not be read. */
function journalOf(groups: readonly { first: number; count: number }[], bytesPerFrame = 10) {
  return {
    reader: (from: number) => {
      const left = groups.filter(({ first, count }) => first + count > from)
      const next = (): ReadGroup | undefined => {
        const group = left.shift()
        return group && { ...group, payload: Buffer.alloc(group.count * bytesPerFrame) }
      }
      return { next, close: () => {} }
    },
  } as unknown as Journal
}

/** Each frame's event has so many bytes; a batch that would be larger than the contract allows ends earlier, as a real one does. */
function parserOf(eventBytes: (position: number) => number): FrameParser & { readonly asked: ParseRequest[] } {
  const asked: ParseRequest[] = []
  return {
    asked,
    async parse(request) {
      asked.push(request)
      const positions = request.groups.flatMap(({ first, count }) => Array.from({ length: count }, (_, index) => first + index))
      const wanted = positions.filter((each) => each >= request.from && each <= (request.until ?? request.upTo ?? Infinity))
      let bytes = 0
      const taken = wanted.filter(
        (each, index) => (bytes += eventBytes(each)) <= batchLimits.bytes || request.until !== undefined || index === 0,
      )
      if (taken.length === 0) return undefined
      return {
        first: taken[0]!,
        last: taken.at(-1)!,
        count: taken.length,
        tallies: [],
        bytes: Buffer.alloc(taken.reduce((sum, each) => sum + eventBytes(each), 0)),
      }
    },
  }
}

it('gives every position that can be read to exactly one batch, in order, whatever the sizes and gaps', async () => {
  const lengths = fc.array(fc.record({ gap: fc.constantFrom(0, 0, 0, 3), count: fc.integer({ min: 1, max: 4_000 }) }), {
    minLength: 1,
    maxLength: 12,
  })
  await fc.assert(
    fc.asyncProperty(lengths, fc.integer({ min: 100, max: 20_000 }), fc.integer({ min: 1, max: 3 }), async (stretches, bytes, depth) => {
      let at = 100
      const groups = stretches.map(({ gap, count }) => {
        const first = at + gap
        at = first + count
        return { first, count }
      })
      const parser = parserOf((position) => (position % 1_000 < 500 ? 300 : bytes))
      const assembler = new Assembler(journalOf(groups), parser, 100, depth)
      const seen: number[] = []
      for (let batch = await assembler.next(); batch; batch = await assembler.next()) {
        expect(batch.count).toBe(batch.last - batch.first + 1)
        expect(batch.count).toBeLessThanOrEqual(batchLimits.events)
        for (let position = batch.first; position <= batch.last; position++) seen.push(position)
        expect(assembler.position).toBe(batch.last + 1)
      }
      expect(seen).toEqual(groups.flatMap(({ first, count }) => Array.from({ length: count }, (_, index) => first + index)))
    }),
    { numRuns: 60 },
  )
})

it('has as many batches made at once as it is told', async () => {
  const parser = parserOf(() => 500)
  const assembler = new Assembler(journalOf([{ first: 0, count: 20_000 }]), parser, 0, 3)
  await assembler.next()
  expect(parser.asked.map(({ from }) => from).length).toBe(3)
})

it('plans again what a thread that died was at', async () => {
  const whole = parserOf(() => 500)
  let dead = true
  const parser: FrameParser = { parse: (request) => (dead ? Promise.reject(new Error('dead')) : whole.parse(request)) }
  const assembler = new Assembler(journalOf([{ first: 0, count: 9_000 }]), parser, 0, 2)
  await expect(assembler.next()).rejects.toThrow('dead')
  dead = false
  expect((await assembler.next())?.first).toBe(0)
})

it('repeats a batch with exactly its boundaries, and goes on behind it', async () => {
  const assembler = new Assembler(
    journalOf([
      { first: 0, count: 100 },
      { first: 100, count: 100 },
    ]),
    parserOf(() => 100),
    20,
    2,
  )
  expect(await assembler.repeat({ first: 20, last: 149 })).toMatchObject({ first: 20, last: 149, count: 130 })
  expect(await assembler.next()).toMatchObject({ first: 150, last: 199 })
})
