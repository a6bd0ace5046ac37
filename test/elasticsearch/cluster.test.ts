import { systemScope } from '@vonggac/contract'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { toAppend, toWrite, type Kind, type Series } from '../../analyzer/src/storage/document-store.ts'
import { connectElasticsearch } from '../../analyzer/src/storage/elasticsearch/client.ts'
import { openElasticsearchDocumentStore } from '../../analyzer/src/storage/elasticsearch/documents/document-store.ts'
import type { LocalElasticsearch } from '../../deploy/elasticsearch/local/cluster.ts'
import { ownElasticsearch, sharedElasticsearch, superuserOf, whyNoSecurity } from '../support/elasticsearch.ts'

describe.skipIf(sharedElasticsearch() === undefined)('the shared server', () => {
  it('is a real Elasticsearch', async () => {
    const answer = await fetch(sharedElasticsearch()!)
    expect(await answer.json()).toMatchObject({ tagline: 'You Know, for Search', version: { number: expect.stringMatching(/^[89]\./) } })
  })
})

const everyone = systemScope('cluster')
const steps: Kind<{ n: number }> = { name: 'step', schema: z.object({ n: z.int() }), agency: () => 'port', index: { n: ({ n }) => n } }
const chain: Series<{ n: number; previous: number }> = { name: 'chain', schema: z.object({ n: z.int(), previous: z.int() }) }
const all = { all: [] }

describe.skipIf(whyNoSecurity() !== undefined)('a cluster of three, with users and TLS', () => {
  let cluster: LocalElasticsearch
  beforeAll(async () => {
    cluster = await ownElasticsearch({ nodes: 3, secure: true })
  })
  afterAll(() => cluster.stop())

  it('lets in only who knows the password', async () => {
    const client = connectElasticsearch({ ...superuserOf(cluster), nodes: [cluster.urls[2]!] })
    expect((await client.security.authenticate()).username).toBe('elastic')
    await client.close()
    const wrong = { ...superuserOf(cluster), password: 'wrong' }
    await expect(openElasticsearchDocumentStore({ connection: wrong })).rejects.toThrow(/refuses the API key or the user name/)
  })

  it('loses a node and takes it back, and every document and entry that was acknowledged is there', { timeout: 400_000 }, async () => {
    const documents = await openElasticsearchDocumentStore({ connection: superuserOf(cluster), patienceMs: 60_000 })
    const survivor = connectElasticsearch({ ...superuserOf(cluster), nodes: [cluster.urls[0]!] })
    let acknowledged = 0
    let stopped = false
    let failure: unknown
    const writing = (async () => {
      for (let n = 1; !stopped; n++) {
        const entry = toAppend(chain, (last) => ({ n, previous: last?.entry.n ?? 0 }))
        await documents.writeAll(
          everyone,
          [toWrite(steps, `${n}`, { n }, 'new'), toWrite(steps, `last`, { n }, n === 1 ? 'new' : n - 1)],
          [entry],
        )
        acknowledged = n
      }
    })().catch((error: unknown) => (failure = error))
    const progress = async () => {
      const target = acknowledged + 5
      await vi.waitUntil(() => failure !== undefined || acknowledged > target, { timeout: 90_000, interval: 200 })
      expect(failure).toBeUndefined()
    }
    await progress()
    await cluster.kill(2)
    await expect.poll(async () => (await survivor.cluster.health()).number_of_nodes).toBe(2)
    await progress()
    await cluster.restart(2)
    await expect.poll(async () => (await survivor.cluster.health()).number_of_nodes).toBe(3)
    await progress()
    stopped = true
    await writing
    expect((await documents.read(everyone, steps, 'last'))?.value.n).toBe(acknowledged)
    expect(await documents.count(everyone, steps, all)).toBe(acknowledged + 1)
    for (let after = 0; after < acknowledged; after += 500) {
      const entries = await documents.entries(chain, { after, limit: 500 })
      expect(entries.every(({ sequence, entry }) => entry.n === sequence && entry.previous === sequence - 1)).toBe(true)
      expect(entries).toHaveLength(Math.min(500, acknowledged - after))
    }
    await survivor.close()
    await documents.close()
  })
})
