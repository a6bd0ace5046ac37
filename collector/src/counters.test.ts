import { expect, it } from 'vitest'
import { Counters, type SavedCounts } from './counters.ts'

const empty: SavedCounts = { upTo: 0, sources: {}, dropped: [] }
const agencyOf = () => 'attt'

it('adds up: received is journaled, dropped, or under way', () => {
  const counters = new Counters(['a', 'idle'], empty)
  for (let index = 0; index < 5; index++) counters.received('a', 1000)
  counters.journaled(new Map([['a', 2]]), 2)
  counters.dropped('a', 'journal-full', 1)
  counters.forwarded('a', 1)
  counters.dropped('kernel-udp', 'receive-buffer-full', 7)
  expect(counters.sources(agencyOf)).toEqual([
    { source: 'a', agency: 'attt', received: 5, journaled: 2, forwarded: 1, lastReceived: '1970-01-01T00:00:01.000Z', connections: 0 },
    { source: 'idle', agency: 'attt', received: 0, journaled: 0, forwarded: 0, lastReceived: null, connections: 0 },
  ])
  expect(counters.drops()).toEqual([
    { source: 'a', reason: 'journal-full', count: 1 },
    { source: 'kernel-udp', reason: 'receive-buffer-full', count: 7 },
  ])
})

it('goes on from what was saved, and forgets only what was under way', () => {
  const before = new Counters(['a'], empty)
  for (let index = 0; index < 3; index++) before.received('a', 1000)
  before.journaled(new Map([['a', 2]]), 2)
  before.dropped('a', 'x', 1)
  before.received('a', 2000)
  const after = new Counters(['a'], before.save())
  expect(before.save().upTo).toBe(2)
  expect(after.sources(agencyOf)[0]).toMatchObject({ received: 3, journaled: 2, forwarded: 0 })
})
