import { afterAll, beforeAll, describe, expect, it } from 'vitest'
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
  })

  it('loses a node and takes it back with its data', async () => {
    const written = await ask(cluster.urls[0]!, '/kept/_doc/1', { method: 'PUT', body: '{"number":1}', ...signedIn() })
    expect(written.status).toBe(201)
    await cluster.kill(2)
    await expect(fetch(cluster.urls[2]!)).rejects.toThrow('fetch failed')
    // Where the node held the first copy, another takes over within a moment.
    const kept = async () => (await ask(cluster.urls[0]!, '/kept/_doc/1', signedIn())).body._source
    await expect.poll(kept, { timeout: 60_000 }).toEqual({ number: 1 })
    await cluster.restart(2)
    expect(await nodes(cluster.urls[2]!)).toBe(3)
  })
})
