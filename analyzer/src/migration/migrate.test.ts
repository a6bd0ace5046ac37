import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatEventId, systemScope, type EventBatch } from '@vonggac/contract'
import { always } from '@vonggac/sigma'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createAuditRecorder } from '../audit/index.ts'
import { chainOf } from '../audit/chain.ts'
import { ruleSwitchKind } from '../detection/switches.ts'
import { TestClock } from '../platform/testing.ts'
import type { Kind, Series } from '../storage/document-store.ts'
import { openDuckDbEventStore } from '../storage/index.ts'
import { openTestDocuments } from '../storage/testing.ts'
import { migrate, type Stores } from './migrate.ts'

const scope = systemScope('test')
const hour = 3_600_000
const start = Date.parse('2026-03-01T08:00:00Z')
const range = { from: new Date(0), to: new Date('2030-01-01T00:00:00Z') }
const clock = new TestClock()

let folder: string
let opened: Stores[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-move-'))
  opened = []
})
afterEach(async () => {
  for (const { events, documents } of opened) {
    await events.close()
    await documents.close()
  }
  rmSync(folder, { recursive: true })
})

async function open(name: string): Promise<Stores> {
  const events = await openDuckDbEventStore({ folder: join(folder, name), memoryMegabytes: 256 })
  const stores = { events, documents: openTestDocuments(clock) }
  opened.push(stores)
  return stores
}

function batch(collector: string, times: readonly number[], first = 0): EventBatch {
  const lines = times.map((receivedMs, index) =>
    JSON.stringify({
      '@timestamp': new Date(receivedMs).toISOString(),
      'event.id': formatEventId(receivedMs, collector, first + index),
      'event.dataset': index % 2 === 0 ? 'nginx.access' : 'openssh.auth',
      'organization.id': 'congdan',
      'vonggac.source.id': 'congdan-web',
      'source.port': index,
      message: `Đăng nhập ${index}`,
    }),
  )
  return {
    collector,
    first,
    last: first + times.length - 1,
    count: times.length,
    bytes: Buffer.from(lines.map((line) => `${line}\n`).join('')),
  }
}

const every = (count: number, stepMs: number, from = start) => Array.from({ length: count }, (_, index) => from + index * stepMs)
const kinds = [ruleSwitchKind as unknown as Kind<unknown>]
const series = [chainOf('attt') as unknown as Series<unknown>]

const by = { user: 'an', host: 'may-chu' }

function move(source: Stores, target: Stores, more: Partial<Parameters<typeof migrate>[0]> = {}) {
  const audit = createAuditRecorder(source.documents, clock)
  return migrate({ source, target, targetName: 'test', operator: 'attt', by, audit, kinds, series, say: () => {}, pauseMs: 1, ...more })
}

const idsIn = async ({ events }: Stores) => {
  const ids: unknown[] = []
  for await (const chunk of events.scan(scope, { where: always, range })) {
    for (const line of new TextDecoder().decode(chunk).trimEnd().split('\n')) ids.push(JSON.parse(line))
  }
  return ids
}

it('moves events, documents and audit chains, and leaves the target knowing what it has', async () => {
  const [source, target] = [await open('a'), await open('b')]
  await source.events.append(batch('c1', every(3_000, 10_000)))
  await source.events.append(batch('c2', every(100, 1_000, start + 40 * hour)))
  const value = { agency: 'attt', enabled: false, at: '2026-03-01T08:00:00.000Z', by: 'an' }
  await source.documents.write(scope, ruleSwitchKind, 'rule-1', value, 'new')
  const audit = createAuditRecorder(source.documents, clock)
  for (const subject of ['a', 'b', 'c']) await audit.record(scope, { agency: 'attt', action: 'test', subject, detail: {} })
  const said: string[] = []
  expect(await move(source, target, { say: (sentence) => said.push(sentence) })).toEqual({ events: 3_100, documents: 1, entries: 4 })
  expect(await idsIn(target)).toEqual(await idsIn(source))
  expect(said.at(-3)).toMatch(/100 % of the time$/)
  expect(await target.events.positions()).toEqual(
    new Map([
      ['c1', 2_999],
      ['c2', 99],
    ]),
  )
  expect(await target.events.append(batch('c1', every(3_000, 10_000)))).toEqual({ stored: 0 })
  expect((await target.documents.read(scope, ruleSwitchKind, 'rule-1'))?.value).toEqual(value)
  const range3 = { after: 0, limit: 10 }
  expect(await target.documents.entries(chainOf('attt'), range3)).toEqual(await source.documents.entries(chainOf('attt'), range3))
  const [last] = await target.documents.entries(chainOf('attt'), { before: 100, limit: 1 })
  expect(last?.entry).toMatchObject({ actor: 'system:command', action: 'storage.migrate', detail: { to: 'test', events: 3_100, by } })
  // Once more changes nothing.
  expect(await move(source, target)).toEqual({ events: 3_100, documents: 1, entries: 4 })
  expect(await target.events.count(scope, { where: always, range })).toBe(3_100)
})

it('goes on with the hour that it was at when it was broken off', async () => {
  const [source, target] = [await open('a'), await open('b')]
  await source.events.append(batch('c1', every(2_000, 10_000)))
  const append = target.events.append.bind(target.events)
  let appends = 0
  target.events.append = async (given) => {
    const result = await append(given)
    if (++appends === 3) throw new Error('killed')
    return result
  }
  await expect(move(source, target)).rejects.toThrow('killed')
  target.events.append = append
  const said: string[] = []
  expect(await move(source, target, { say: (sentence) => said.push(sentence) })).toMatchObject({ events: 2_000 })
  expect(said[0]).toBe('Going on at 2026-03-01T10:00:00.000Z: 720 events are copied already.')
  expect(await idsIn(target)).toEqual(await idsIn(source))
})

it('stops behind an hour when it is told to', async () => {
  const [source, target] = [await open('a'), await open('b')]
  await source.events.append(batch('c1', every(1_000, 10_000)))
  const stop = new AbortController()
  expect(await move(source, target, { signal: stop.signal, say: () => stop.abort() })).toBeUndefined()
  expect(await target.events.count(scope, { where: always, range })).toBe(360)
  expect(await move(source, target)).toMatchObject({ events: 1_000 })
})

it('copies what a collector received while its clock went back', async () => {
  const [source, target] = [await open('a'), await open('b')]
  await source.events.append(batch('c1', [...every(20, 1_000, start + 600_000), ...every(20, 1_000, start)]))
  expect(await move(source, target)).toMatchObject({ events: 40 })
  expect(await idsIn(target)).toEqual(await idsIn(source))
})

it('refuses a target that is in use, and one that does not give back what it was given', async () => {
  const [source, used, faulty] = [await open('a'), await open('b'), await open('c')]
  await source.events.append(batch('c1', every(10, 1_000)))
  await used.events.append(batch('c9', every(1, 1_000)))
  await expect(move(source, used, { targetName: 'used' })).rejects.toMatchObject({ code: 'conflict' })
  const append = faulty.events.append.bind(faulty.events)
  faulty.events.append = (given) =>
    append({ ...given, bytes: Buffer.from(Buffer.from(given.bytes).toString().replace('Đăng nhập 3', 'Đăng xuất 3')) })
  await expect(move(source, faulty)).rejects.toThrow('10 events on both sides, but not the same ones')
})

it('moves documents alone where there are no events', async () => {
  const [source, target] = [await open('a'), await open('b')]
  expect(await move(source, target)).toEqual({ events: 0, documents: 0, entries: 1 })
  expect(await move(source, target)).toEqual({ events: 0, documents: 0, entries: 1 })
})
