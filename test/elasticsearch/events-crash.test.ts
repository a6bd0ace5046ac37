import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { setTimeout as pause } from 'node:timers/promises'
import type { LocalElasticsearch } from '../../deploy/elasticsearch/local/cluster.ts'
import { openElasticsearchEventStore, type ElasticsearchEventStore } from '../../analyzer/src/storage/elasticsearch/events/event-store.ts'
import { ownElasticsearch, whyNoElasticsearch } from '../support/elasticsearch.ts'
import { countsOnce, numberedBatch, sendUntilTaken } from '../support/numbered-events.ts'

const limits = { requestBytes: 100_000, patienceMs: 3_000 }
const collectors = ['c1', 'c2']
const batchSize = 300

/** Sends batch after batch, each until it is taken, as collectors do, until told to stop. */
class Senders {
  readonly #store: ElasticsearchEventStore
  #stopped = false
  #taken = new Map<string, number>()
  readonly #work: Promise<unknown>

  constructor(store: ElasticsearchEventStore) {
    this.#store = store
    this.#work = Promise.all(collectors.map((collector) => this.#send(collector)))
  }

  get taken(): number {
    return [...this.#taken.values()].reduce((sum, taken) => sum + taken, 0)
  }

  async until(taken: number): Promise<void> {
    const deadline = Date.now() + 120_000
    while (this.taken < taken) {
      if (Date.now() > deadline) throw new Error(`only ${this.taken} of ${taken} events were taken`)
      await pause(20)
    }
  }

  async stop(): Promise<number> {
    this.#stopped = true
    await this.#work
    return this.taken
  }

  async #send(collector: string): Promise<void> {
    for (let first = 0; !this.#stopped; first += batchSize) {
      await sendUntilTaken(this.#store, numberedBatch(collector, first, batchSize))
      this.#taken.set(collector, first + batchSize)
    }
  }
}

async function expectEachOnce(store: ElasticsearchEventStore, sent: number): Promise<void> {
  expect(await countsOnce(store)).toEqual({ events: sent, different: sent, counted: sent })
  const reached = [...(await store.positions()).values()].reduce((sum, position) => sum + position + 1, 0)
  expect(reached).toBe(sent)
}

describe.skipIf(whyNoElasticsearch() !== undefined)('a single server killed while events arrive', () => {
  let server: LocalElasticsearch
  beforeAll(async () => {
    server = await ownElasticsearch({ nodes: 1 })
  })
  afterAll(() => server.stop())

  it('loses and doubles nothing, and goes on without a new start of ours', async () => {
    const store = await openElasticsearchEventStore({ connection: { nodes: [...server.urls] }, replicas: 0, limits })
    try {
      const senders = new Senders(store)
      await senders.until(3_000)
      await server.kill(0)
      expect((await store.health()).state).toBe('failed')
      await server.restart(0)
      await senders.until(senders.taken + 2_000)
      await expectEachOnce(store, await senders.stop())
    } finally {
      await store.close()
    }
  })
})

describe.skipIf(whyNoElasticsearch() !== undefined)('three servers with one replica', () => {
  let cluster: LocalElasticsearch
  let store: ElasticsearchEventStore
  beforeAll(async () => {
    cluster = await ownElasticsearch({ nodes: 3 })
    store = await openElasticsearchEventStore({ connection: { nodes: [...cluster.urls] }, replicas: 1, limits })
  })
  afterAll(async () => {
    await store.close()
    await cluster.stop()
  })

  it('lose one, then all, while events arrive; nothing is lost or doubled', async () => {
    const state = async () => (await store.health()).state
    const senders = new Senders(store)
    await senders.until(3_000)
    await cluster.kill(1)
    await senders.until(senders.taken + 2_000)
    // Failed for as long as the copy of a lost shard is not in its place.
    await expect.poll(state).toBe('degraded')
    await Promise.all([0, 2].map((node) => cluster.kill(node)))
    await Promise.all([0, 1, 2].map((node) => cluster.restart(node)))
    await senders.until(senders.taken + 2_000)
    await expectEachOnce(store, await senders.stop())
    await expect.poll(state).toBe('ready')
  })
})
