import { expect, it } from 'vitest'
import { Backoff } from './backoff.ts'

const pauses = (backoff: Backoff) => Array.from({ length: 7 }, () => backoff.next())

it('doubles its pauses up to the longest, and begins anew when it is told to', () => {
  const backoff = new Backoff(5_000, () => 1)
  expect(pauses(backoff)).toEqual([200, 400, 800, 1_600, 3_200, 5_000, 5_000])
  backoff.reset()
  expect(backoff.next()).toBe(200)
})

it('takes half a pause at least', () => {
  expect(pauses(new Backoff(5_000, () => 0))).toEqual([100, 200, 400, 800, 1_600, 2_500, 2_500])
})
