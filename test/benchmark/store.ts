import { mkdtemp, rm } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { formatEventId, systemScope, type EventBatch } from '@vonggac/contract'
import type { Expression } from '@vonggac/sigma'
import { openDuckDbEventStore, type EventQuery } from '../../analyzer/src/storage/index.ts'
import { EventMill } from './events.ts'
import { cpuMicroseconds, percentile, random, report, type Metric } from './report.ts'

const usage = `npm run bench:store -- [--events N] [--rounds N] [--seed N] [--json FILE]

The embedded event store alone, on an empty folder, with generated ECS events of mixed sources over a day:
  append            batches of 5,000, until all of them are durable and can be found; then again while queries run
  bytes an event    of all its files when everything is in segments
  queries           each --rounds times on a warm store: the median; --events N of them (default 300000)`

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '300000' },
    rounds: { type: 'string', default: '7' },
    seed: { type: 'string', default: '1' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(usage)
  process.exit(0)
}

const events = Number(values.events)
const next = random(Number(values.seed))
const batchSize = 5_000
const day = 86_400_000
const start = Date.UTC(2026, 10, 21)
const scope = systemScope('benchmark')
const is = (field: string, value: string): Expression => ({ field, test: { kind: 'equals', value } })
const holds = (field: string, value: string): Expression => ({ field, test: { kind: 'contains', value } })
const all = { where: { all: [] }, range: { from: new Date(start), to: new Date(start + day) } } satisfies EventQuery

const folder = await mkdtemp(join(tmpdir(), 'vonggac-store-'))
const store = await openDuckDbEventStore({ folder, memoryMegabytes: 512 })
const metrics: Metric[] = []
try {
  // A fifth of the events comes later, beside queries.
  const mill = new EventMill(next, start, events / (day / 1000))
  const quiet = Math.ceil((events * 0.8) / batchSize)
  const beside = Math.ceil((events * 0.2) / batchSize)
  await measureAppend('append', batchesOf(mill, quiet))
  const before = (await store.health()).bytes
  metrics.push({ metric: 'in the log and hot tables before the flush', value: before / mill.position, unit: 'bytes/event' })
  const flushing = performance.now()
  await store.flush()
  metrics.push({ metric: 'flush of what is not in segments', value: performance.now() - flushing, unit: 'ms' })
  metrics.push({ metric: 'on disk, all in segments', value: (await store.health()).bytes / mill.position, unit: 'bytes/event' })
  await measureQueries(mill)
  await measureBeside(batchesOf(mill, beside))
  metrics.push({ metric: 'most memory of the engine', value: peakMegabytes(store.enginePid!), unit: 'MB' })
} finally {
  await store.close()
  await rm(folder, { recursive: true })
}
report(metrics, values.json)

function batchesOf(mill: EventMill, count: number): EventBatch[] {
  return Array.from({ length: count }, () => mill.batch(batchSize))
}

async function measureAppend(metric: string, batches: readonly EventBatch[]): Promise<void> {
  const count = batches.length * batchSize
  const own = process.cpuUsage()
  const engine = cpuMicroseconds(store.enginePid!)
  const started = performance.now()
  for (const batch of batches) await store.append(batch)
  const durable = performance.now() - started
  await store.count(scope, all)
  const { user, system } = process.cpuUsage(own)
  metrics.push(
    { metric: `${metric}: durable`, value: (count / durable) * 1000, unit: 'events/s' },
    { metric: `${metric}: durable and to be found`, value: (count / (performance.now() - started)) * 1000, unit: 'events/s' },
    { metric: `${metric}: CPU of the store`, value: (user + system) / count, unit: 'µs/event' },
    { metric: `${metric}: CPU of the engine`, value: (cpuMicroseconds(store.enginePid!) - engine) / count, unit: 'µs/event' },
  )
}

async function measureQueries(mill: EventMill): Promise<void> {
  for (const [metric, query] of queriesOn(mill)) {
    const times: number[] = []
    for (let round = 0; round <= Number(values.rounds); round++) {
      const started = performance.now()
      await query()
      if (round > 0) times.push(performance.now() - started)
    }
    metrics.push({ metric, value: percentile(times, 0.5), unit: 'ms' })
  }
}

function queriesOn(mill: EventMill): readonly [string, () => Promise<unknown>][] {
  const userAndNetwork = {
    all: [is('user.name', 'lan'), { field: 'source.ip', test: { kind: 'network', cidr: '203.113.131.0/24' } }],
  } as const
  const middle = mill.position >> 1
  const id = formatEventId(start + Math.floor((middle * 1000) / (events / (day / 1000))), 'c1', middle)
  return [
    ['count and 5-minute histogram', () => store.aggregate(scope, all, { by: 'time', bucketSeconds: 300, split: 'event.dataset' })],
    ['newest 100, whole rows', () => store.search(scope, { ...all, order: 'newest', limit: 100 })],
    ['newest 100 by user and network', () => store.search(scope, { ...all, where: userAndNetwork, order: 'newest', limit: 100 })],
    [
      'newest 100 of a text that is nowhere',
      () => store.search(scope, { ...all, where: holds('message', 'khong-co'), order: 'newest', limit: 100 }),
    ],
    ['top 10 addresses', () => store.aggregate(scope, all, { by: 'terms', field: 'source.ip', size: 10 })],
    ['by id', () => store.read(scope, id)],
  ]
}

/** Batches and queries at once: the rate of the one, the times of the other. */
async function measureBeside(batches: readonly EventBatch[]): Promise<void> {
  const times: number[] = []
  let done = false
  const asking = (async () => {
    const queries = queriesOn(new EventMill(random(1), start, 1)).slice(0, 5)
    for (let n = 0; !done; n++) {
      const started = performance.now()
      await queries[n % queries.length]![1]()
      times.push(performance.now() - started)
    }
  })()
  await measureAppend('append beside queries', batches)
  done = true
  await asking
  metrics.push({ metric: 'queries beside append, median', value: percentile(times, 0.5), unit: 'ms' })
  metrics.push({ metric: 'queries beside append, p99', value: percentile(times, 0.99), unit: 'ms' })
}

function peakMegabytes(pid: number): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024
}
