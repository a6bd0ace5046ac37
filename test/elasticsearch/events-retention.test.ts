import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Retention } from '../../analyzer/src/storage/event-store.ts'
import { openElasticsearchEventStore, type ElasticsearchEventStore } from '../../analyzer/src/storage/elasticsearch/events/event-store.ts'
import { sharedElasticsearch } from '../support/elasticsearch.ts'
import { everyone, everything, numberedBatch, receivedAt } from '../support/numbered-events.ts'

const url = sharedElasticsearch()

describe.skipIf(url === undefined)('retention over backing indices', () => {
  let store: ElasticsearchEventStore
  let prefix: string
  let made = 0
  const flow = (position: number) => (position % 2 === 0 ? { 'event.dataset': 'netflow' } : {})
  const policy = (before: number, more: Partial<Retention> = {}): Retention => ({
    before: receivedAt(before),
    exceptions: [],
    holds: [],
    ...more,
  })
  const count = () => store.count(everyone, everything)
  const indices = async () => (await store.health()).parts.map(({ name, events }) => [name.replace(/-\d{4}\.\d\d\.\d\d/, ''), events])
  const rollOver = async () => {
    for (const stream of ['port', 'health', 'port.netflow', 'health.netflow']) {
      await fetch(`${url}/${prefix}-events-${stream}/_rollover`, { method: 'POST' })
    }
  }

  beforeEach(async () => {
    prefix = `retention-${process.pid}-${made++}`
    store = await openElasticsearchEventStore({ connection: { nodes: [url!] }, replicas: 0, prefix, datasetsApart: ['netflow'] })
  })
  afterEach(async () => {
    await store.close()
    for (const path of [`_data_stream/${prefix}-*`, `${prefix}-event-state`]) await fetch(`${url}/${path}`, { method: 'DELETE' })
  })

  it('deletes indices of which nothing is kept, and hides the rest at once', async () => {
    await store.append(numberedBatch('c1', 0, 60))
    await rollOver()
    await store.append(numberedBatch('c1', 60, 60))
    const { events, bytes } = await store.retain(policy(90))
    expect(events).toBe(90)
    // Elasticsearch measures sizes every ten seconds: of an index as young as these it may not know much.
    expect(bytes).toBeGreaterThan(0)
    expect(await count()).toBe(30)
    const left = await indices()
    expect(left.every(([name]) => String(name).endsWith('000002'))).toBe(true)
    // What is deleted stays known as stored, and what was given up stays given up when a later policy keeps more.
    expect(await store.append(numberedBatch('c1', 0, 120))).toEqual({ stored: 0 })
    expect(await store.retain(policy(10))).toEqual({ events: 0, bytes: 0 })
    expect(await count()).toBe(30)
  })

  it('gives a dataset with its own age its space back, and keeps what the rest keeps', async () => {
    await store.append(numberedBatch('c1', 0, 60, flow))
    const shorter = policy(0, { exceptions: [{ dataset: 'netflow', before: receivedAt(100) }] })
    expect((await store.retain(shorter)).events).toBe(30)
    expect(await count()).toBe(30)
    expect((await indices()).filter(([, events]) => Number(events) > 0).map(([name]) => name)).toEqual([
      `.ds-${prefix}-events-health-000001`,
      `.ds-${prefix}-events-port-000001`,
    ])
  })

  it('lets the first exception that fits decide', async () => {
    await store.append(numberedBatch('c1', 0, 60, flow))
    const exceptions = [
      { agency: 'port', dataset: 'netflow', before: receivedAt(0) },
      { dataset: 'netflow', before: receivedAt(60) },
      { agency: 'port', before: receivedAt(30) },
    ]
    const gone = Array.from({ length: 60 }, (_, n) => {
      const port = n % 3 !== 0
      return n % 2 === 0 ? !port : n < (port ? 30 : 50)
    })
    expect((await store.retain(policy(50, { exceptions }))).events).toBe(gone.filter(Boolean).length)
    expect(await count()).toBe(gone.filter((is) => !is).length)
  })

  it('touches nothing that is held, whatever its age', async () => {
    await store.append(numberedBatch('c1', 0, 60))
    await rollOver()
    const holds = [{ agency: 'port', from: receivedAt(10), to: receivedAt(20) }]
    const held = Array.from({ length: 10 }, (_, n) => n + 10).filter((n) => n % 3 !== 0).length
    expect((await store.retain(policy(60, { holds }))).events).toBe(60 - held)
    expect(await count()).toBe(held)
    expect((await indices()).map(([name]) => name)).toContain(`.ds-${prefix}-events-port-000001`)
    expect((await store.retain(policy(60))).events).toBe(held)
    expect(await count()).toBe(0)
    expect((await indices()).map(([name]) => name)).not.toContain(`.ds-${prefix}-events-port-000001`)
  })

  it('takes what comes in after an index was emptied', async () => {
    await store.append(numberedBatch('c1', 0, 10))
    await store.retain(policy(10))
    expect(await store.append(numberedBatch('c1', 10, 10))).toEqual({ stored: 10 })
    expect(await count()).toBe(10)
    expect(await store.health()).toMatchObject({ state: 'ready', events: 10 })
  })
})
