import { formatEventId, systemScope, type FlatEvent } from '@vonggac/contract'
import { textOf, valuesOf } from '@vonggac/sigma'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Bucket } from '../event-store.ts'
import { openDuckDbEventStore, type DuckDbEventStore } from './event-store.ts'

const everyone = systemScope('test')
const start = Date.UTC(2026, 2, 1, 9)
const hour = 3_600_000
/** In a segment more different values than are listed of what has no summary; then some in no segment yet. */
const [settled, fresh] = [3_000, 200]

let folder: string
let store: DuckDbEventStore
const events = Array.from({ length: settled + fresh }, (_, n): FlatEvent => {
  const path = pathOf(n)
  return {
    'event.id': formatEventId(start + n * 100, 'c1', n),
    'event.dataset': 'linux.process',
    'process.executable': path,
    'custom.path': path,
    'related.hosts': n % 2 === 0 ? [path, 'gateway'] : [path],
    // Each of them as often as any other.
    'process.pid': n % settled,
  }
})

function pathOf(n: number): string {
  if (n % 6 === 0) return ['/usr/bin/a', "it's", 'a\u0000b', '\u0000', 'ạ'][(n / 6) % 5]!
  // Frequent of late; among the others too rare to be listed.
  return n < 12 || n >= settled ? `/zone/it's\u0000${n % 10}` : `/tmp/${n}`
}

async function append(first: number, count: number): Promise<void> {
  const lines = events.slice(first, first + count).map((event) => `${JSON.stringify(event)}\n`)
  await store.append({ collector: 'c1', first, last: first + count - 1, count, bytes: Buffer.from(lines.join('')) })
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vonggac-top-terms-'))
  store = await openDuckDbEventStore({ folder, memoryMegabytes: 256 })
  await append(0, settled)
  await store.flush()
  await append(settled, fresh)
})
afterAll(async () => {
  await store.close()
  await rm(folder, { recursive: true })
})

function mostFrequent(field: string, size: number): Bucket[] {
  const counts = new Map<string, number>()
  for (const event of events) {
    for (const value of new Set(valuesOf(event, field))) counts.set(textOf(value)!, (counts.get(textOf(value)!) ?? 0) + 1)
  }
  return [...counts]
    .toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, size)
    .map(([key, count]) => ({ key, count }))
}

it.each(['process.executable', 'custom.path', 'related.hosts', 'process.pid'])(
  'puts together the most frequent values of %s in segments and in what is in none yet',
  async (field) => {
    const query = { where: { all: [] }, range: { from: new Date(start), to: new Date(start + hour) } }
    for (const size of [1, 5, 9, 40]) {
      expect(await store.aggregate(everyone, query, { by: 'terms', field, size })).toEqual(mostFrequent(field, size))
    }
  },
)
