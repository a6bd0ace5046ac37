import { isVonggacError, systemScope } from '@vonggac/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { toAppend, toWrite, type DocumentStore, type Kind, type Series } from '../../analyzer/src/storage/document-store.ts'
import { connectElasticsearch } from '../../analyzer/src/storage/elasticsearch/client.ts'
import { DocumentNames } from '../../analyzer/src/storage/elasticsearch/documents/names.ts'
import { openElasticsearchDocumentStore } from '../../analyzer/src/storage/elasticsearch/documents/document-store.ts'
import { sharedElasticsearch } from '../support/elasticsearch.ts'
import { CuttingProxy, type Cut } from './cutting-proxy.ts'
import { IndexSpace } from './index-space.ts'

interface Item {
  readonly text: string
  readonly run: string
}
const items: Kind<Item> = {
  name: 'item',
  schema: z.object({ text: z.string(), run: z.string() }),
  agency: () => 'port',
  index: { text: ({ text }) => text, run: ({ run }) => run },
}
const everyone = systemScope('faults')
const url = sharedElasticsearch()

describe.skipIf(url === undefined)('the document store on Elasticsearch, when connections are cut', () => {
  const space = new IndexSpace(url ?? '')
  const prefix = space.next()
  let proxy: CuttingProxy
  let direct: DocumentStore
  let runs = 0
  beforeAll(async () => {
    proxy = await CuttingProxy.start(url!)
    direct = await openElasticsearchDocumentStore({ connection: { nodes: [url!] }, prefix, abortAfterMs: 100 })
  })
  afterAll(async () => {
    await direct.close()
    await proxy.stop()
    await space.clear()
  })

  /** Who wrote what the change is made on: another store, so that it is read first; or this one, which then writes upon what it remembers. */
  type Before = 'another' | 'the same'

  /** Through the proxy, ready to write: nothing of its preparation is cut. */
  async function openCut(
    patienceMs: number,
    before: Before = 'another',
  ): Promise<{ store: DocumentStore; run: string; series: Series<string> }> {
    proxy.heal()
    const run = `run-${++runs}`
    const series: Series<string> = { name: run, schema: z.string() }
    const store = await openElasticsearchDocumentStore({ connection: { nodes: [proxy.url] }, prefix, patienceMs, abortAfterMs: 100 })
    const writer = before === 'another' ? direct : store
    await writer.writeAll(everyone, [toWrite(items, `${run}-a`, { text: 'old', run }, 'new')], [toAppend(series, () => 'first')])
    // Carries out what stands open, and makes the store know the kind.
    await store.count(everyone, items, { all: [] })
    return { store, run, series }
  }

  async function stateOf(store: DocumentStore, run: string, series: Series<string>) {
    const [a, b] = [await store.read(everyone, items, `${run}-a`), await store.read(everyone, items, `${run}-b`)]
    const found = await store.find(everyone, items, { field: 'run', test: { kind: 'equals', value: run } }, byId)
    return {
      read: [a?.value.text, b?.value.text],
      versions: [a?.version, b?.version],
      found: found.items.map(({ value }) => value.text),
      entries: (await store.entries(series, { limit: 10 })).map(({ entry }) => entry),
    }
  }
  const byId = { orderBy: 'id', direction: 'ascending', limit: 10 } as const
  const before = { read: ['old', undefined], versions: [1, undefined], found: ['old'], entries: ['first'] }
  const after = { read: ['new', 'b'], versions: [2, 1], found: ['new', 'b'], entries: ['first', 'second', 'third'] }

  const change = (store: DocumentStore, run: string, series: Series<string>) =>
    store.writeAll(
      everyone,
      [toWrite(items, `${run}-a`, { text: 'new', run }, 1), toWrite(items, `${run}-b`, { text: 'b', run }, 'new')],
      [toAppend(series, () => 'second'), toAppend(series, () => 'third')],
    )

  describe.each(['before', 'after'] as const)('%s a request is carried out', (when) => {
    it.each<Before>(['another', 'the same'])(
      'for ever, after %s store’s: a change of several documents and entries happened, or did not, and others go on',
      async (first) => {
        const outcomes: string[] = []
        for (let request = 1; ; request++) {
          const { store, run, series } = await openCut(0, first)
          proxy.cut({ request, when, how: 'forever' })
          const outcome = await change(store, run, series).then(
            () => 'done',
            (error: unknown) => (isVonggacError(error) ? error.code : error),
          )
          // What is carried out behind the answer is over then.
          await store.close().catch(() => undefined)
          const wasCut = proxy.hasCut
          const state = await stateOf(direct, run, series)
          expect([before, after], `cut at request ${request}`).toContainEqual(state)
          if (outcome === 'done') expect(state).toEqual(after)
          else expect(outcome).toBe('store-failed')
          outcomes.push(`${String(outcome)}, ${state.entries.length === 3 ? 'happened' : 'did not'}`)

          const entry = await direct.append(series, (last) => `after ${last?.entry}`)
          expect(entry).toEqual({ sequence: state.entries.length + 1, entry: `after ${state.entries.at(-1)}` })
          expect(await direct.write(everyone, items, `${run}-a`, { text: 'later', run }, state.versions[0]!)).toBe(state.versions[0]! + 1)
          if (!wasCut) break
        }
        // Every way it can end was met.
        expect(outcomes).toContain('store-failed, did not')
        expect(outcomes).toContain('done, happened')
        if (when === 'after') expect(outcomes).toContain('store-failed, happened')
      },
    )

    const once = (request: number): Cut => ({ request, when, how: 'once' })

    it('once: every change happens, and happens once', async () => {
      for (let request = 1; ; request++) {
        const { store, run, series } = await openCut(5_000)
        proxy.cut(once(request))
        expect(await change(store, run, series)).toEqual([{ version: 2 }, { version: 1 }])
        await store.close()
        const wasCut = proxy.hasCut
        expect(await stateOf(direct, run, series)).toEqual(after)
        if (!wasCut) break
      }
    })

    it('once: single writes, removals and leases happen, and happen once', async () => {
      for (let request = 1; request <= 3; request++) {
        const { store, run } = await openCut(5_000)
        const id = `${run}-a`
        proxy.cut(once(request))
        expect(await store.write(everyone, items, id, { text: 'x', run }, 1)).toBe(2)
        proxy.cut(once(request))
        expect(await store.write(everyone, items, `${run}-c`, { text: 'c', run }, 'new')).toBe(1)
        proxy.cut(once(request))
        await store.remove(everyone, items, id, 2)
        expect(await direct.read(everyone, items, id)).toBeUndefined()
        proxy.cut(once(request))
        expect((await store.lease(run, 'me', 60_000))?.token).toBe(1)
        expect(await direct.lease(run, 'you', 60_000)).toBeUndefined()
        await store.close()
      }
    })
  })

  it('leave nothing that a store opened days later does not take away', async () => {
    const clock = { now: () => new Date(Date.now() + 48 * 60 * 60_000) }
    const later = await openElasticsearchDocumentStore({ connection: { nodes: [url!] }, prefix, clock })
    await later.close()
    const client = connectElasticsearch({ nodes: [url!] })
    const { commits, series, allDocuments } = new DocumentNames(prefix)
    await client.indices.refresh({ index: `${prefix}-*` })
    expect((await client.count({ index: commits })).count).toBe(0)
    expect((await client.count({ index: [series, allDocuments], query: { exists: { field: 'pending.commit' } } })).count).toBe(0)
    await client.close()
  })
})
