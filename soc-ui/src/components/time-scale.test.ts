import { expect, it } from 'vitest'
import { amountsUpTo, bucketAt, timesWithin } from './time-scale.ts'

it.each([
  [1, [0, 1]],
  [3, [0, 1, 2, 3]],
  [7, [0, 5, 10]],
  [1_570, [0, 1_000, 2_000]],
  [60_001, [0, 50_000, 100_000]],
])('names round amounts up to %i', (largest, amounts) => expect(amountsUpTo(largest)).toEqual(amounts))

it('finds the bucket at a place, the outermost beyond the edges', () => {
  expect([-0.2, 0, 0.05, 0.1, 0.99, 1.3].map((place) => bucketAt(place, 10))).toEqual([0, 0, 0, 1, 9, 9])
})

it('names round times of the city, at their places', () => {
  const from = Date.parse('2026-11-22T10:07:30Z')
  const hour = timesWithin(from, 3_600_000)
  expect(hour.times.map(({ at }) => at.slice(11, 16))).toEqual(['10:10', '10:20', '10:30', '10:40', '10:50', '11:00'])
  expect(hour.times[0]?.place).toBeCloseTo(150 / 3_600)
  const days = timesWithin(from, 7 * 86_400_000)
  expect(days).toMatchObject({ stepMs: 86_400_000, times: { length: 7, 0: { at: '2026-11-22T17:00:00.000Z' } } })
})
