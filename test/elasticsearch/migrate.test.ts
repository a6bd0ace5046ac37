import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fields, formatEventId, systemScope, type EventBatch } from '@vonggac/contract'
import { always } from '@vonggac/sigma'
import { afterAll, describe, expect, it } from 'vitest'
import { chainOf, createAuditRecorder } from '../../analyzer/src/audit/index.ts'
import { ruleSwitchKind } from '../../analyzer/src/detection/switches.ts'
import { everyKind } from '../../analyzer/src/kinds.ts'
import { migrate } from '../../analyzer/src/migration/index.ts'
import { systemClock } from '../../analyzer/src/platform/index.ts'
import {
  openDuckDbEventStore,
  openElasticsearchDocumentStore,
  openElasticsearchEventStore,
  openLibsqlDocumentStore,
} from '../../analyzer/src/storage/index.ts'
import type { Series } from '../../analyzer/src/storage/index.ts'
import { sharedElasticsearch } from '../support/elasticsearch.ts'

const url = sharedElasticsearch()
const scope = systemScope('test')
const start = Date.parse('2026-03-01T08:00:00Z')
const everything = { where: always, range: { from: new Date(0), to: new Date('2030-01-01T00:00:00Z') } }

/** Events of two agencies, ten seconds apart. */
function batch(first: number, count: number): EventBatch {
  const lines = Array.from({ length: count }, (_, index) => {
    const position = first + index
    const receivedMs = start + position * 10_000
    const event = {
      [fields.timestamp]: new Date(receivedMs).toISOString(),
      [fields.id]: formatEventId(receivedMs, 'c1', position),
      [fields.dataset]: position % 2 === 0 ? 'nginx.access' : 'openssh.auth',
      [fields.agency]: position % 3 === 0 ? 'congdan' : 'khodulieu',
      [fields.source]: 'web',
      'source.port': position,
      'custom.field': [position, 'một', true],
      message: `Đăng nhập ${position} "\\`,
    }
    return `${JSON.stringify(event)}\n`
  })
  return { collector: 'c1', first, last: first + count - 1, count, bytes: Buffer.from(lines.join('')) }
}

describe.skipIf(url === undefined)('moving up to Elasticsearch', () => {
  const prefix = `move-${process.pid}`
  const folder = mkdtempSync(join(tmpdir(), 'vonggac-move-'))

  afterAll(async () => {
    rmSync(folder, { recursive: true })
    for (const path of [`_data_stream/${prefix}-*`, `_index_template/${prefix}-*`, `_component_template/${prefix}-*`, `${prefix}-*`])
      await fetch(`${url}/${path}`, { method: 'DELETE' })
  })

  it('moves everything, goes on after an interruption, and changes nothing when it is repeated', async () => {
    const source = {
      events: await openDuckDbEventStore({ folder: join(folder, 'events'), memoryMegabytes: 256 }),
      documents: openLibsqlDocumentStore({ folder: join(folder, 'documents'), clock: systemClock }),
    }
    const connection = { nodes: [url!] }
    const target = {
      events: await openElasticsearchEventStore({ connection, prefix, replicas: 0 }),
      documents: await openElasticsearchDocumentStore({ connection, prefix, clock: systemClock }),
    }
    try {
      for (let first = 0; first < 3_000; first += 500) await source.events.append(batch(first, 500))
      const value = { agency: 'attt', enabled: false, at: '2026-03-01T08:00:00.000Z', by: 'an' }
      await source.documents.write(scope, ruleSwitchKind, 'rule-1', value, 'new')
      const audit = createAuditRecorder(source.documents, systemClock)
      for (const subject of ['a', 'b', 'c']) await audit.record(scope, { agency: 'attt', action: 'test', subject, detail: {} })

      const stop = new AbortController()
      const options = {
        source,
        target,
        targetName: 'test',
        operator: 'attt',
        by: { user: 'an', host: 'may-chu' },
        audit,
        kinds: everyKind,
        series: [chainOf('attt') as unknown as Series<unknown>],
        say: () => stop.abort(),
      }
      expect(await migrate({ ...options, signal: stop.signal })).toBeUndefined()
      expect(await target.events.count(scope, everything)).toBe(360)
      const moved = { events: 3_000, documents: 2, entries: 4 }
      expect(await migrate(options)).toEqual(moved)
      expect(await migrate(options)).toEqual(moved)
      expect(await target.events.count(scope, everything)).toBe(3_000)
      expect(await target.events.positions()).toEqual(new Map([['c1', 2_999]]))
      expect((await target.documents.read(scope, ruleSwitchKind, 'rule-1'))?.value).toEqual(value)
      expect(await target.documents.entries(chainOf('attt'), { after: 0, limit: 10 })).toEqual(
        await source.documents.entries(chainOf('attt'), { after: 0, limit: 10 }),
      )
    } finally {
      for (const { events, documents } of [source, target]) {
        await events.close()
        await documents.close()
      }
    }
  })
})
