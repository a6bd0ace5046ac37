import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { textOf } from '@vonggac/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { documentStoreContract } from '../../analyzer/src/storage/document-store.contract.ts'
import { connectElasticsearch, type Client, type ElasticsearchConfig } from '../../analyzer/src/storage/elasticsearch/client.ts'
import { DocumentNames } from '../../analyzer/src/storage/elasticsearch/documents/names.ts'
import type { ElasticsearchEventStore } from '../../analyzer/src/storage/elasticsearch/events/event-store.ts'
import { eventStoreContract } from '../../analyzer/src/storage/event-store.contract.ts'
import { openElasticsearchDocumentStore, openElasticsearchEventStore } from '../../analyzer/src/storage/index.ts'
import { makeCertificate } from '../../deploy/elasticsearch/local/certificate.ts'
import type { LocalElasticsearch } from '../../deploy/elasticsearch/local/cluster.ts'
import { ownElasticsearch, superuserOf, whyNoSecurity } from '../support/elasticsearch.ts'
import { everyone, everything, numberedBatch } from '../support/numbered-events.ts'

const role = JSON.parse(readFileSync(join(import.meta.dirname, '../../deploy/elasticsearch/role.json'), 'utf8')) as object

describe.skipIf(whyNoSecurity() !== undefined)('over TLS, with an API key of the documented rights', () => {
  let server: LocalElasticsearch
  let superuser: Client
  let connection: ElasticsearchConfig
  let client: Client
  let made = 0
  /** The rights are for names that begin so. */
  const nextPrefix = () => `vonggac-secured-${++made}`
  const keyWith = async (rights: object, expiration?: string) => {
    const named = { name: 'vonggac', role_descriptors: { vonggac: rights }, ...(expiration !== undefined && { expiration }) }
    return superuser.security.createApiKey(named)
  }
  const openEvents = (with_: Partial<ElasticsearchConfig> = {}) =>
    openElasticsearchEventStore({
      connection: { ...connection, ...with_ },
      replicas: 0,
      prefix: nextPrefix(),
      datasetsApart: ['openssh.auth'],
    })
  const openDocuments = (with_: Partial<ElasticsearchConfig> = {}) =>
    openElasticsearchDocumentStore({ connection: { ...connection, ...with_ }, prefix: nextPrefix(), patienceMs: 1_000 })

  beforeAll(async () => {
    server = await ownElasticsearch({ nodes: 1, secure: true })
    superuser = connectElasticsearch(superuserOf(server))
    connection = { nodes: server.urls, apiKey: (await keyWith(role)).encoded, caFile: server.entry!.caFile }
    client = connectElasticsearch(connection)
  })
  afterAll(async () => {
    await superuser.close()
    await client.close()
    await server.stop()
  })

  describe('events', () => {
    const prefixes = new Map<unknown, string>()
    eventStoreContract(
      async () => {
        const store = await openEvents()
        prefixes.set(store, `vonggac-secured-${made}`)
        return store
      },
      async (store) => {
        const name = `${prefixes.get(store as ElasticsearchEventStore)}-*`
        const { data_streams: streams } = await client.indices.getDataStream({ name })
        await Promise.all(streams.map((stream) => client.indices.rollover({ alias: stream.name })))
      },
    )
  })

  describe('documents', () => {
    let prefix: string
    documentStoreContract(
      async (clock) => {
        prefix = nextPrefix()
        return openElasticsearchDocumentStore({ connection, prefix, clock })
      },
      async (series, sequence) => {
        await client.delete({ ...new DocumentNames(prefix).entry(series, sequence), refresh: true })
      },
    )
  })

  it('knows its disks', async () => {
    const store = await openEvents()
    try {
      expect(await store.append(numberedBatch('c1', 0, 30))).toEqual({ stored: 30 })
      expect(await store.health()).toMatchObject({ state: 'ready', detail: '', events: 30, disk: { freeBytes: expect.any(Number) } })
    } finally {
      await store.close()
    }
  })

  describe('says what is wrong, and what to do', () => {
    it('with the authority', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'vonggac-authority-'))
      const { authority } = await makeCertificate(folder, '127.0.0.1')
      for (const caFile of [authority, undefined]) {
        const expected = /its certificate is not trusted .*Name the file of the authority that signed it as the CA file/
        await expect(openEvents({ caFile })).rejects.toThrow(expected)
        await expect(openDocuments({ caFile })).rejects.toThrow(expected)
      }
      rmSync(folder, { recursive: true })
    })

    it('with the address', async () => {
      const { port } = new URL(server.urls[0]!)
      await expect(openEvents({ nodes: [`https://localhost:${port}`] })).rejects.toThrow(
        /certificate is for another address .*Address it as/,
      )
    })

    it('with a key that has expired', async () => {
      const { encoded: apiKey } = await keyWith(role, '1s')
      await expect.poll(() => failureOf(openDocuments({ apiKey }))).toMatch(/refuses the API key .*expired.*Check them/)
    })

    it('with a right that is missing', async () => {
      const { encoded: apiKey } = await keyWith({ cluster: ['monitor'], indices: [] })
      await expect(openEvents({ apiKey })).rejects.toThrow(/lacks a privilege .* See deploy\/elasticsearch/)
    })

    it('with a key that is taken away or narrowed while the platform runs, until there is another', async () => {
      const { encoded, id } = await keyWith(role)
      let kept = encoded
      const apiKey = () => kept
      const events = await openEvents({ apiKey })
      const documents = await openDocuments({ apiKey })
      const series = { name: 'any', schema: z.string() }
      const failing = async () => {
        const { state, detail } = await events.health()
        return state === 'failed' ? textOf(detail) : state
      }
      try {
        await superuser.security.updateApiKey({ id, role_descriptors: { vonggac: { cluster: [], indices: [] } } })
        const narrowed = /lacks a privilege .* See deploy\/elasticsearch/
        await expect.poll(failing).toMatch(narrowed)
        await expect(documents.entries(series, { limit: 1 })).rejects.toThrow(narrowed)
        await superuser.security.invalidateApiKey({ ids: [id] })
        const taken = /refuses the API key .*invalidated.*Check them/
        await expect.poll(failing).toMatch(taken)
        await expect(documents.entries(series, { limit: 1 })).rejects.toThrow(taken)
        await expect(events.count(everyone, everything)).rejects.toThrow(taken)
        kept = (await keyWith(role)).encoded
        expect(await events.count(everyone, everything)).toBe(0)
        expect(await documents.entries(series, { limit: 1 })).toEqual([])
      } finally {
        await events.close()
        await documents.close()
      }
    })
  })
})

async function failureOf(opening: Promise<{ close(): Promise<void> }>): Promise<string> {
  try {
    await (await opening).close()
    return 'none'
  } catch (error) {
    return (error as Error).message
  }
}
