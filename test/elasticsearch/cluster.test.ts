import { systemScope } from '@vonggac/contract'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { toAppend, toWrite, type Kind, type Series } from '../../analyzer/src/storage/document-store.ts'
import { openElasticsearchDocumentStore } from '../../analyzer/src/storage/elasticsearch/documents/document-store.ts'
import type { LocalElasticsearch } from '../../deploy/elasticsearch/local/cluster.ts'
import { ownElasticsearch, sharedElasticsearch, whyNoElasticsearch } from '../support/elasticsearch.ts'

async function ask(url: string, path: string, init: RequestInit = {}): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await fetch(`${url}${path}`, { ...init, headers: { 'content-type': 'application/json', ...init.headers } })
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}

describe.skipIf(sharedElasticsearch() === undefined)('the shared server', () => {
  it('is a real Elasticsearch', async () => {
    const { body } = await ask(sharedElasticsearch()!, '/')
    expect(body).toMatchObject({ tagline: 'You Know, for Search', version: { number: expect.stringMatching(/^[89]\./) } })
  })
})

const everyone = systemScope('cluster')
const steps: Kind<{ n: number }> = { name: 'step', schema: z.object({ n: z.int() }), agency: () => 'port', index: { n: ({ n }) => n } }
const chain: Series<{ n: number; previous: number }> = { name: 'chain', schema: z.object({ n: z.int(), previous: z.int() }) }
const all = { all: [] }

describe.skipIf(whyNoElasticsearch() !== undefined)('a cluster of three, with users', () => {
  let cluster: LocalElasticsearch
  const signedIn = () => ({ headers: { authorization: `Basic ${Buffer.from(`elastic:${cluster.password}`).toString('base64')}` } })
  const nodes = async (url: string) => (await ask(url, '/_cluster/health', signedIn())).body.number_of_nodes
  beforeAll(async () => {
    cluster = await ownElasticsearch({ nodes: 3, secure: true })
  })
  afterAll(() => cluster.stop())

  it('lets in only who knows the password', async () => {
    expect((await ask(cluster.urls[0]!, '/')).status).toBe(401)
    expect((await ask(cluster.urls[2]!, '/_security/_authenticate', signedIn())).body.username).toBe('elastic')
    const wrong = { nodes: cluster.urls, username: 'elastic', password: 'wrong' }
    await expect(openElasticsearchDocumentStore({ connection: wrong })).rejects.toThrow(/refuses the API key or the user name/)
  })

  it('loses a node and takes it back, and every document and entry that was acknowledged is there', { timeout: 400_000 }, async () => {
    const connection = { nodes: cluster.urls, username: 'elastic', password: cluster.password }
    const documents = await openElasticsearchDocumentStore({ connection, patienceMs: 60_000 })
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
    await expect(fetch(cluster.urls[2]!)).rejects.toThrow('fetch failed')
    await progress()
    await cluster.restart(2)
    expect(await nodes(cluster.urls[2]!)).toBe(3)
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
    await documents.close()
  })
})
