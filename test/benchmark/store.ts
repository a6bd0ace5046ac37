import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { existsSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { openDuckDbEventStore } from '../../analyzer/src/storage/index.ts'
import { Batches } from './batches.ts'
import { cpuMicroseconds, medianOf, percentile, report, timeOf, type Metric } from './report.ts'
import { measureElasticsearch } from './store-elasticsearch.ts'
import { everything, queries, ratePerSecond, scope, start } from './store-queries.ts'

const usage = `npm run bench:store -- [--events N] [--rounds N] [--seed N] [--json FILE]

The embedded event store alone, on an empty folder, with generated ECS events of mixed sources over a day:
  append            batches of 5,000, until all of them are durable and can be found; then again while queries run
  bytes an event    of all its files when everything is in segments
  queries           each --rounds times on a warm store, small segments merged: the median; --events N of them (default 300000)
  beside append     the same queries in turn, while --pace N events a second arrive for --seconds N (default 25000, 20)
  --elasticsearch   then the same events and queries on a local Elasticsearch (Java and Maven needed), and how many times ahead the embedded store is
  --folder DIR      keeps the store there, and takes it as it is when there is one: only the queries are measured then`

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '300000' },
    rounds: { type: 'string', default: '7' },
    seed: { type: 'string', default: '1' },
    pace: { type: 'string', default: '25000' },
    seconds: { type: 'string', default: '20' },
    folder: { type: 'string' },
    elasticsearch: { type: 'boolean', default: false },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(usage)
  process.exit(0)
}

const events = Number(values.events)
const batchSize = 5_000
/** Batches that are made before they are appended. */
const portion = 20
const rounds = Number(values.rounds)

const kept = values.folder !== undefined && existsSync(values.folder)
const folder = values.folder ?? (await mkdtemp(join(tmpdir(), 'vonggac-store-')))
const store = await openDuckDbEventStore({ folder, memoryMegabytes: 512 })
const batches = new Batches({ seed: Number(values.seed), startMs: start, ratePerSecond: ratePerSecond(events), batchSize })
const metrics: Metric[] = []
try {
  if (!kept) {
    await measureAppend('append')
    const flushing = performance.now()
    await store.flush()
    metrics.push({ metric: 'flush of what is not in segments', value: performance.now() - flushing, unit: 'ms' })
    const merging = performance.now()
    while ((await store.compact()) > 0);
    metrics.push({ metric: 'merging of small segments', value: performance.now() - merging, unit: 'ms' })
    metrics.push({ metric: 'on disk, all in segments', value: (await bytesIn(folder)) / events, unit: 'bytes/event' })
  }
  metrics.push({ metric: 'first count after a start, cold', value: await timeOf(() => store.count(scope, everything)), unit: 'ms' })
  await measureQueries()
  metrics.push(...memory('after the queries'))
  if (values.folder === undefined) await measureBeside()
  metrics.push(...memory('most, in all'))
} finally {
  await batches.close()
  await store.close()
  if (values.folder === undefined) await rm(folder, { recursive: true })
}
if (values.elasticsearch) metrics.push(...(await measureElasticsearch({ events, batchSize, rounds, seed: Number(values.seed) }, metrics)))
report(metrics, values.json)

async function measureAppend(metric: string): Promise<void> {
  let [count, durable, found] = [0, 0, 0]
  let [own, engine] = [0, 0]
  for (let left = Math.ceil(events / batchSize); left > 0; left -= portion) {
    const made = await batches.make(Math.min(left, portion))
    const before = [process.cpuUsage(), cpuMicroseconds(store.enginePid!)] as const
    const started = performance.now()
    for await (const batch of made) {
      await store.append(batch)
      count += batch.count
    }
    durable += performance.now() - started
    await store.count(scope, everything)
    found += performance.now() - started
    const { user, system } = process.cpuUsage(before[0])
    own += user + system
    engine += cpuMicroseconds(store.enginePid!) - before[1]
  }
  metrics.push(
    { metric: `${metric}: durable`, value: (count / durable) * 1000, unit: 'events/s' },
    { metric: `${metric}: durable and to be found`, value: (count / found) * 1000, unit: 'events/s' },
    { metric: `${metric}: CPU of the store`, value: own / count, unit: 'µs/event' },
    { metric: `${metric}: CPU of the engine`, value: engine / count, unit: 'µs/event' },
  )
}

async function measureQueries(): Promise<void> {
  for (const [metric, query] of queries(store, events)) {
    const cpu = cpuMicroseconds(store.enginePid!)
    metrics.push({ metric, value: await medianOf(query, rounds), unit: 'ms' })
    metrics.push({ metric: '  CPU of the engine', value: (cpuMicroseconds(store.enginePid!) - cpu) / 1000 / (rounds + 1), unit: 'ms' })
  }
}

/** Queries in turn while events arrive at a pace: the times of the one, whether the other was held. */
async function measureBeside(): Promise<void> {
  const pace = Number(values.pace)
  const made = await batches.make(Math.ceil((pace * Number(values.seconds)) / batchSize))
  const times: number[] = []
  let done = false
  const asking = (async () => {
    const asked = queries(store, events).slice(0, -1)
    for (let n = 0; !done; n++) times.push(await timeOf(asked[n % asked.length]![1]))
  })()
  const engine = cpuMicroseconds(store.enginePid!)
  const started = performance.now()
  let arrived = 0
  for await (const batch of made) {
    const early = (arrived * 1000) / pace - (performance.now() - started)
    if (early > 1) await pause(early)
    await store.append(batch)
    arrived += batch.count
  }
  const took = performance.now() - started
  done = true
  await asking
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
    // What was merged goes when nobody reads it any more, which may be now.
    names
      .filter((name) => name.isFile())
      .map((name) =>
        stat(join(name.parentPath, name.name)).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

function memory(metric: string): Metric[] {
  const peak = (pid: number | 'self') => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024
  return [
    { metric: `memory ${metric}: engine`, value: peak(store.enginePid!), unit: 'MB' },
    { metric: `memory ${metric}: store, with the benchmark and the batch under way`, value: peak('self'), unit: 'MB' },
  ]
}
