import { formatEventId, systemScope, type EventBatch } from '@vonggac/contract'
import { always } from '@vonggac/sigma'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { mergeable } from './compact.ts'
import { openDuckDbEventStore, type DuckDbEventStore } from './event-store.ts'
import type { Segment } from './manifest.ts'
import { batchOf, firstReceived } from './numbered-events.testing.ts'
import { readSignatures, type SegmentPart } from './signature-file.ts'

const scope = systemScope('test')
const everything = { where: always, range: { from: new Date(0), to: new Date('2100-01-01') } }

let folder: string
let store: DuckDbEventStore
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vonggac-compact-'))
  store = await openDuckDbEventStore({ folder, memoryMegabytes: 256 })
})
afterEach(async () => {
  await store.close()
  await rm(folder, { recursive: true })
})

async function filesIn(): Promise<string[]> {
  return (await readdir(join(folder, 'segments'), { recursive: true })).filter((name) => /\.\w+$/.test(name)).toSorted()
}

async function lines(): Promise<string[]> {
  const found: string[] = []
  for await (const chunk of store.scan(scope, everything)) found.push(...Buffer.from(chunk).toString().split('\n').slice(0, -1))
  return found
}

it('makes one segment of the small ones of an hour; events, searches and signatures are as before', async () => {
  for (let n = 0; n < 5; n++) {
    await store.append(batchOf(n * 50, 50))
    await store.flush()
  }
  const before = await lines()
  const needle = { ...everything, where: { field: 'user.name', test: { kind: 'equals', value: 'user7' } } } as const
  const found = await store.count(scope, needle)
  expect(await store.compact()).toBe(5)
  await expect.poll(filesIn).toEqual(['2026-01-05/10-000000001-1.parquet', '2026-01-05/10-000000001-1.sig'])
  expect(await lines()).toEqual(before)
  expect(await store.count(scope, needle)).toBe(found)
  await store.append(batchOf(250, 50))
  await store.flush()
  expect(await store.compact()).toBe(2)
  await expect.poll(filesIn).toEqual(['2026-01-05/10-000000001-2.parquet', '2026-01-05/10-000000001-2.sig'])
  await store.close()
  store = await openDuckDbEventStore({ folder, memoryMegabytes: 256 })
  expect(await lines()).toHaveLength(300)
  expect(await store.compact()).toBe(0)
})

/** Lines as they are stored nearly as they came, and such as have to be taken apart. */
function variousLines(first: number, count: number): EventBatch {
  const lines = Array.from({ length: count }, (_, n) => {
    const position = first + n
    return JSON.stringify({
      '@timestamp': new Date(firstReceived + position).toISOString(),
      'event.id': formatEventId(firstReceived + position, 'c1', position),
      'event.dataset': ['nginx.access', "it's\u0000odd", undefined][position % 3],
      'organization.id': ['port', 'health'][position % 2],
      'user.name': ['Nguyễn Văn A', 'root', 'ROOT', 443, null, ['a', 'B']][position % 6],
      'source.ip': ['10.1.2.3', '::ffff:10.1.2.9', 'fe80::1'][position % 3],
      'process.command_line': `powershell -enc ${position} "C:\\Temp\\${position}"`,
      'event.category': ['process', ['network', 'web']][position % 2],
      'custom.text': ['Đăng nhập', { deep: 1 }.deep, [true, 'x'], '\ud800'][position % 4],
    })
  })
  return { collector: 'c1', first, last: first + count - 1, count, bytes: Buffer.from(lines.map((line) => `${line}\n`).join('')) }
}

it('gives a merged segment the signatures that its events would have had together', async () => {
  for (const first of [0, 300, 600]) {
    await store.append(variousLines(first, 300))
    await store.flush()
  }
  expect(await store.compact()).toBe(3)
  const merged = await signaturesIn(folder)
  const other = await mkdtemp(join(tmpdir(), 'vonggac-compact-'))
  const together = await openDuckDbEventStore({ folder: other, memoryMegabytes: 256 })
  try {
    await together.append(variousLines(0, 900))
    await together.flush()
    const expected = await signaturesIn(other)
    expect(merged).toHaveLength(6)
    for (const { dataset, agency, events, signature } of expected) {
      const same = merged.find((part) => part.dataset === dataset && part.agency === agency)
      expect(same).toMatchObject({ events, signature })
    }
  } finally {
    await together.close()
    await rm(other, { recursive: true })
  }
})

async function signaturesIn(of: string): Promise<readonly SegmentPart[]> {
  const signatures = async () => (await readdir(join(of, 'segments'), { recursive: true })).filter((name) => name.endsWith('.sig'))
  await expect.poll(signatures).toHaveLength(1)
  const [name] = await signatures()
  return readSignatures(await readFile(join(of, 'segments', name!)))!
}

it('lets a scan that reads the old segments end', async () => {
  // More than a scan takes at once.
  for (const first of [0, 1_500, 3_000]) {
    await store.append(batchOf(first, 1_500))
    await store.flush()
  }
  const scanning = store.scan(scope, everything)[Symbol.asyncIterator]()
  const chunks = [(await scanning.next()).value as Uint8Array]
  expect(await store.compact()).toBe(3)
  for (let next = await scanning.next(); !next.done; next = await scanning.next()) chunks.push(next.value)
  expect(Buffer.concat(chunks).toString().split('\n')).toHaveLength(4_501)
  await expect.poll(filesIn).toHaveLength(2)
})

it('leaves a damaged segment alone, and goes on with the others', async () => {
  for (let n = 0; n < 3; n++) {
    await store.append(batchOf(n * 50, 50))
    await store.flush()
  }
  await store.close()
  const [first] = await filesIn()
  await writeFile(join(folder, 'segments', first!), 'torn')
  store = await openDuckDbEventStore({ folder, memoryMegabytes: 256 })
  expect(await store.compact()).toBe(2)
  expect(await lines()).toHaveLength(100)
  expect(await store.health()).toMatchObject({
    state: 'degraded',
    detail: [{ text: expect.stringContaining('its 50 events are left out') as string }],
  })
})

it('merges neighbours of an hour that is over, up to the size of a large segment; of the present hour only many', () => {
  const of = (hour: number, number: number, events: number) =>
    ({
      name: `2026-01-05/${hour}-${number}.parquet`,
      first: String(number),
      events,
      from: firstReceived + (hour - 10) * 3_600_000,
    }) as Segment
  const names = (...numbers: number[]) => numbers.map((number) => `2026-01-05/10-${number}.parquet`)
  const tomorrow = firstReceived + 86_400_000
  const segments = [of(10, 100, 60_000), of(10, 101, 50_000), of(10, 102, 40_000), of(10, 103, 70_000), of(10, 104, 10), of(11, 105, 10)]
  expect(mergeable(segments, tomorrow)).toEqual([names(100, 101), names(102, 104)])
  expect(mergeable(segments, firstReceived + 60_000)).toEqual([])
  const many = Array.from({ length: 8 }, (_, n) => of(10, 100 + n, 10))
  expect(mergeable(many, firstReceived + 60_000)).toEqual([names(100, 101, 102, 103, 104, 105, 106, 107)])
})
