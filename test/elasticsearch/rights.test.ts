import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openElasticsearchDocumentStore, openElasticsearchEventStore } from '../../analyzer/src/storage/index.ts'
import type { LocalElasticsearch } from '../../deploy/elasticsearch/local/cluster.ts'
import { ownElasticsearch, whyNoElasticsearch } from '../support/elasticsearch.ts'
import { everyone, everything, numberedBatch, receivedAt } from '../support/numbered-events.ts'

const role = JSON.parse(readFileSync(join(import.meta.dirname, '../../deploy/elasticsearch/role.json'), 'utf8')) as object

describe.skipIf(whyNoElasticsearch() !== undefined)('an API key with the documented rights', () => {
  let server: LocalElasticsearch
  const keyWith = async (rights: object) => {
    const headers = {
      authorization: `Basic ${Buffer.from(`elastic:${server.password}`).toString('base64')}`,
      'content-type': 'application/json',
    }
    const body = JSON.stringify({ name: 'vonggac', role_descriptors: { vonggac: rights } })
    const answer = await fetch(`${server.urls[0]}/_security/api_key`, { method: 'POST', headers, body })
    return ((await answer.json()) as { encoded: string }).encoded
  }
  const connection = (apiKey: string) => ({ nodes: [...server.urls], apiKey })

  beforeAll(async () => {
    server = await ownElasticsearch({ nodes: 1, secure: true })
  })
  afterAll(() => server.stop())

  it('is enough for both stores', async () => {
    const apiKey = await keyWith(role)
    const events = await openElasticsearchEventStore({ connection: connection(apiKey), replicas: 0 })
    const documents = await openElasticsearchDocumentStore({ connection: connection(apiKey) })
    try {
      expect(await events.append(numberedBatch('c1', 0, 30))).toEqual({ stored: 30 })
      expect(await events.count(everyone, everything)).toBe(30)
      expect(await events.health()).toMatchObject({ state: 'ready', detail: '', disk: { freeBytes: expect.any(Number) } })
      expect((await events.retain({ before: receivedAt(30), exceptions: [], holds: [] })).events).toBe(30)
      expect((await events.health()).events).toBe(0)
      expect(await documents.lease('test', 'me', 1_000)).toBeDefined()
    } finally {
      await events.close()
      await documents.close()
    }
  })

  it('is missed with a sentence that says what to do', async () => {
    const apiKey = await keyWith({ cluster: ['monitor'], indices: [] })
    const opened = openElasticsearchEventStore({ connection: connection(apiKey), replicas: 0 })
    await expect(opened).rejects.toThrow(/lacks a privilege .* See deploy\/elasticsearch/)
  })
})
