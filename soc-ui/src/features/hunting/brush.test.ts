import { expect, it } from 'vitest'
import { bucketAt, partsOf, periodOfBuckets, widened } from './brush.ts'

const minute = (at: number) => new Date(Date.UTC(2026, 10, 22, 3, at)).toISOString()
const histogram = { bucketSeconds: 60, items: Array.from({ length: 10 }, (_, at) => ({ at: minute(at), count: at })) }
const searched = { from: '2026-11-22T03:00:30.000Z', to: '2026-11-22T03:09:30.000Z' }

it('finds the bucket under the pointer, also beside the bars', () => {
  expect([-0.2, 0, 0.05, 0.1, 0.99, 1.3].map((place) => bucketAt(place, 10))).toEqual([0, 0, 0, 1, 9, 9])
})

it('takes whole buckets, in whichever direction they were drawn', () => {
  const period = { from: minute(2), to: minute(5) }
  expect(periodOfBuckets(histogram, 2, 4, searched)).toEqual(period)
  expect(periodOfBuckets(histogram, 4, 2, searched)).toEqual(period)
})

it('stays within what was searched', () => {
  expect(periodOfBuckets(histogram, 0, 9, searched)).toEqual(searched)
  expect(periodOfBuckets({ bucketSeconds: 60, items: [] }, 0, 0, searched)).toBeUndefined()
})

it('widens around the middle, not into the future', () => {
  const now = Date.parse(minute(10))
  expect(widened({ from: minute(4), to: minute(6) }, now)).toEqual({ from: minute(3), to: minute(7) })
  expect(widened({ from: minute(6), to: minute(10) }, now)).toEqual({ from: minute(4), to: minute(10) })
})

it('shows the largest parts, and the others together', () => {
  const items = [
    { at: minute(0), count: 6, parts: { nginx: 3, sshd: 2, cron: 1 } },
    { at: minute(1), count: 4, parts: { sshd: 4 } },
  ]
  expect(partsOf(items, 2)).toEqual({ names: ['sshd', 'nginx'], rest: true })
  expect(partsOf(items, 3)).toEqual({ names: ['sshd', 'nginx', 'cron'], rest: false })
})
