import fc from 'fast-check'
import { expect, it } from 'vitest'
import { UnansweredFrames } from './unanswered.ts'

it('gives each frame back once, and no more of a name than there were', () => {
  const frames = fc.array(fc.record({ name: fc.constantFrom('a', 'b', 'c'), position: fc.nat() }))
  fc.assert(
    fc.property(frames, (kept) => {
      const unanswered = new UnansweredFrames(() => 0)
      unanswered.keep(kept)
      for (const name of ['a', 'b', 'c']) {
        const positions = kept.filter((frame) => frame.name === name).map(({ position }) => position)
        expect(positions.map(() => unanswered.take(name))).toEqual(positions)
        expect(unanswered.take(name)).toBeUndefined()
      }
    }),
  )
})

it('forgets after ten minutes, and the oldest where there are too many', () => {
  let now = 0
  const unanswered = new UnansweredFrames(() => now)
  unanswered.keep([{ name: 'old', position: 1 }, { position: 2 }])
  now = 600_000
  expect(unanswered.take('old')).toBeUndefined()
  unanswered.keep(Array.from({ length: 100_001 }, (_, position) => ({ name: `${position}`, position })))
  expect([unanswered.take('0'), unanswered.take('1'), unanswered.take('100000')]).toEqual([undefined, 1, 100_000])
})

it('keeps no more of one name than of many', () => {
  const unanswered = new UnansweredFrames(() => 0)
  for (let connection = 0; connection < 11; connection++)
    unanswered.keep(Array.from({ length: 10_000 }, () => ({ name: 'a', position: 1 })))
  expect(unanswered.take('a')).toBeUndefined()
  unanswered.keep([{ name: 'a', position: 2 }])
  expect(unanswered.take('a')).toBe(2)
})
