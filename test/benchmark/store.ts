import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { existsSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { formatEventId, systemScope, type EventBatch } from '@vonggac/contract'
import type { Expression } from '@vonggac/sigma'
import { openDuckDbEventStore, type EventQuery } from '../../analyzer/src/storage/index.ts'
import { EventMill, rareText } from './events.ts'
import { huntedRules } from './hunted-rules.ts'
import { cpuMicroseconds, percentile, random, report, type Metric } from './report.ts'

const usage = `npm run bench:store -- [--events N] [--rounds N] [--seed N] [--json FILE]

The embedded event store alone, on an empty folder, with generated ECS events of mixed sources over a day:
  append            batches of 5,000, until all of them are durable and can be found; then again while queries run
  bytes an event    of all its files when everything is in segments
  queries           each --rounds times on a warm store: the median; --events N of them (default 300000)
  beside append     the same queries in turn, while --pace N events a second arrive for --seconds N (default 25000, 20)
  --folder DIR      keeps the store there, and takes it as it is when there is one: only the queries are measured then`

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '300000' },
    rounds: { type: 'string', default: '7' },
    seed: { type: 'string', default: '1' },
    pace: { type: 'string', default: '25000' },
    seconds: { type: 'string', default: '20' },
    folder: { type: 'string' },
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
/** Batches. */
const portion = 20
const day = 86_400_000
const start = Date.UTC(2026, 10, 21)
const scope = systemScope('benchmark')
const is = (field: string, value: string): Expression => ({ field, test: { kind: 'equals', value } })
const holds = (field: string, value: string): Expression => ({ field, test: { kind: 'contains', value } })
const all = { where: { all: [] }, range: { from: new Date(start), to: new Date(start + day) } } satisfies EventQuery

const kept = values.folder !== undefined && existsSync(values.folder)
const folder = values.folder ?? (await mkdtemp(join(tmpdir(), 'vonggac-store-')))
const store = await openDuckDbEventStore({ folder, memoryMegabytes: 512 })
const metrics: Metric[] = []
try {
  const mill = new EventMill(next, start, events / (day / 1000))
  if (!kept) {
    await measureAppend('append', batchesOf(mill, Math.ceil(events / batchSize)))
    const flushing = performance.now()
    await store.flush()
    metrics.push({ metric: 'flush of what is not in segments', value: performance.now() - flushing, unit: 'ms' })
    metrics.push({ metric: 'on disk, all in segments', value: (await bytesIn(folder)) / events, unit: 'bytes/event' })
  }
  metrics.push({ metric: 'first count after a start, cold', value: await timeOf(() => store.count(scope, all)), unit: 'ms' })
  await measureQueries()
  metrics.push(...memory('after the queries'))
  if (values.folder === undefined) await measureBeside(mill)
  metrics.push(...memory('most, in all'))
} finally {
  await store.close()
  if (values.folder === undefined) await rm(folder, { recursive: true })
}
report(metrics, values.json)

/** Made as they are needed, in portions: they would take gigabytes. */
function* batchesOf(mill: EventMill, count: number): Generator<readonly EventBatch[]> {
  for (let left = count; left > 0; left -= portion) yield Array.from({ length: Math.min(left, portion) }, () => mill.batch(batchSize))
}

async function measureAppend(metric: string, portions: Iterable<readonly EventBatch[]>): Promise<void> {
  let [count, durable, found] = [0, 0, 0]
  let [own, engine] = [0, 0]
  for (const batches of portions) {
    const before = [process.cpuUsage(), cpuMicroseconds(store.enginePid!)] as const
    const started = performance.now()
    for (const batch of batches) await store.append(batch)
    durable += performance.now() - started
    await store.count(scope, all)
    found += performance.now() - started
    const { user, system } = process.cpuUsage(before[0])
    own += user + system
    engine += cpuMicroseconds(store.enginePid!) - before[1]
    count += batches.length * batchSize
  }
  metrics.push(
    { metric: `${metric}: durable`, value: (count / durable) * 1000, unit: 'events/s' },
    { metric: `${metric}: durable and to be found`, value: (count / found) * 1000, unit: 'events/s' },
    { metric: `${metric}: CPU of the store`, value: own / count, unit: 'µs/event' },
    { metric: `${metric}: CPU of the engine`, value: engine / count, unit: 'µs/event' },
  )
}

async function timeOf(query: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await query()
  return performance.now() - started
}

async function measureQueries(): Promise<void> {
  for (const [metric, query] of queries()) {
    const times: number[] = []
    const cpu = cpuMicroseconds(store.enginePid!)
    for (let round = 0; round <= Number(values.rounds); round++) {
      const time = await timeOf(query)
      if (round > 0) times.push(time)
    }
    metrics.push({ metric, value: percentile(times, 0.5), unit: 'ms' })
    const each = (cpuMicroseconds(store.enginePid!) - cpu) / 1000 / (Number(values.rounds) + 1)
    metrics.push({ metric: `  CPU of the engine`, value: each, unit: 'ms' })
  }
}

function queries(): readonly (readonly [string, () => Promise<unknown>])[] {
  const network = (cidr: string): Expression => ({ field: 'source.ip', test: { kind: 'network', cidr } })
  const userAndNetwork = (cidr: string) => ({ ...all, where: { all: [is('user.name', 'lan'), network(cidr)] } })
  const middle = events >> 1
  const id = formatEventId(start + Math.floor((middle * 1000) / (events / (day / 1000))), 'c1', middle)
  const newest = { order: 'newest', limit: 100 } as const
  const top = { by: 'terms', size: 10 } as const
  const fiveMinutes = { by: 'time', bucketSeconds: 300 } as const
  return [
    ['count and 5-minute histogram', () => store.aggregate(scope, all, { ...fiveMinutes, split: 'event.dataset' })],
    ['histogram of failures', () => store.aggregate(scope, { ...all, where: is('event.outcome', 'failure') }, fiveMinutes)],
    ['newest 100, whole rows', () => store.search(scope, { ...all, ...newest })],
    ['newest 100 by user and network', () => store.search(scope, { ...userAndNetwork('203.113.131.0/24'), ...newest })],
    ['newest 100 by user and rare network', () => store.search(scope, { ...userAndNetwork('77.12.0.0/16'), ...newest })],
    ['rare substring', () => store.search(scope, { ...all, where: holds('process.command_line', rareText), ...newest })],
    ['substring that is nowhere', () => store.search(scope, { ...all, where: holds('message', 'khong-co'), ...newest })],
    // Its digits are everywhere, so that nothing rules it out: a scan of the column.
    ['rare digits', () => store.search(scope, { ...all, where: holds('process.command_line', 'lang=vi 0f3a7'), ...newest })],
    ['top 10 addresses', () => store.aggregate(scope, all, { ...top, field: 'source.ip' })],
    ['top 10 users', () => store.aggregate(scope, all, { ...top, field: 'user.name' })],
    ['by id', () => store.read(scope, id)],
    ['50 rules over everything', () => retroHunt()],
  ]
}

async function retroHunt(): Promise<number> {
  let bytes = 0
  for await (const chunk of store.scan(scope, { ...all, where: { any: huntedRules() } })) bytes += chunk.byteLength
  return bytes
}

/** Queries in turn while events arrive at a pace: the times of the one, whether the other was held. */
async function measureBeside(mill: EventMill): Promise<void> {
  const pace = Number(values.pace)
  const count = Math.ceil((pace * Number(values.seconds)) / batchSize)
  const batches = Array.from({ length: count }, () => mill.batch(batchSize))
  const times: number[] = []
  let done = false
  const asking = (async () => {
    const asked = queries().slice(0, -1)
    for (let n = 0; !done; n++) times.push(await timeOf(asked[n % asked.length]![1]))
  })()
  const engine = cpuMicroseconds(store.enginePid!)
  const started = performance.now()
  for (const [n, batch] of batches.entries()) {
    const early = (n * batchSize * 1000) / pace - (performance.now() - started)
    if (early > 1) await pause(early)
    await store.append(batch)
  }
  const took = performance.now() - started
  done = true
  await asking
  const arrived = count * batchSize
  metrics.push(
    { metric: 'append beside queries', value: (arrived / took) * 1000, unit: 'events/s' },
    {
      metric: 'append beside queries: CPU of the engine, queries included',
      value: (cpuMicroseconds(store.enginePid!) - engine) / arrived,
      unit: 'µs/event',
    },
    { metric: 'queries beside append', value: times.length, unit: 'queries' },
    { metric: 'queries beside append, median', value: percentile(times, 0.5), unit: 'ms' },
    { metric: 'queries beside append, p99', value: percentile(times, 0.99), unit: 'ms' },
  )
}

async function bytesIn(of: string): Promise<number> {
  const names = await readdir(of, { recursive: true, withFileTypes: true })
  const sizes = await Promise.all(
    names.filter((name) => name.isFile()).map(async (name) => (await stat(join(name.parentPath, name.name))).size),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

function memory(metric: string): Metric[] {
  const peak = (pid: number | 'self') => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024
  return [
    { metric: `memory ${metric}: engine`, value: peak(store.enginePid!), unit: 'MB' },
    { metric: `memory ${metric}: store and this benchmark`, value: peak('self'), unit: 'MB' },
  ]
}
