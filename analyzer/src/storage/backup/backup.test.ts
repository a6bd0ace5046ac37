import { systemScope } from '@vonggac/contract'
import { always } from '@vonggac/sigma'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { openDuckDbEventStore, type DuckDbEventStore } from '../duckdb/event-store.ts'
import { batchOf } from '../duckdb/numbered-events.testing.ts'
import type { DocumentStore, Kind } from '../document-store.ts'
import { openLibsqlDocumentStore } from '../libsql/document-store.ts'
import { libsqlUpkeep } from '../libsql/upkeep.ts'
import { backUp } from './back-up.ts'
import { readList } from './list.ts'
import { readRestoredNote } from './restored-note.ts'
import { checkBackup, refuseHalfRestored, restore } from './restore.ts'

const scope = systemScope('test')
const everything = { where: always, range: { from: new Date(0), to: new Date('2100-01-01') } }
const thing: Kind<string> = { name: 'thing', schema: z.string(), agency: () => 'attt', index: {} }
const silent = () => undefined
const by = { user: 'an', host: 'may-chu' }

let root: string
let data: string
let folder: string
let events: DuckDbEventStore
let documents: DocumentStore
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'vonggac-backup-'))
  data = join(root, 'data')
  folder = join(root, 'backup')
  await openStores(data)
})
afterEach(async () => {
  await closeStores()
  await rm(root, { recursive: true })
})

async function openStores(at: string): Promise<void> {
  events = await openDuckDbEventStore({ folder: join(at, 'events'), memoryMegabytes: 256 })
  documents = openLibsqlDocumentStore({ folder: join(at, 'documents') })
}
async function closeStores(): Promise<void> {
  await events.close()
  await documents.close()
}

let clock = Date.UTC(2026, 0, 6)
const make = async () => {
  const stores = [events, libsqlUpkeep(join(data, 'documents'))]
  const now = () => new Date((clock += 1_000))
  return backUp(stores, { folder, version: '1.0.0', now, events: (await events.health()).events, progress: silent })
}

async function restored(): Promise<number[]> {
  const into = join(root, `restored-${(clock += 1)}`)
  await restore(folder, into, by, silent)
  await closeStores()
  await openStores(into)
  return numbers()
}
async function numbers(): Promise<number[]> {
  const found: number[] = []
  for await (const chunk of events.scan(scope, everything)) {
    const lines = Buffer.from(chunk).toString().split('\n').slice(0, -1)
    found.push(...lines.map((line) => (JSON.parse(line) as { 'custom.number': number })['custom.number']))
  }
  return found
}
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n)

async function flip(path: string): Promise<void> {
  const file = await open(path, 'r+')
  const byte = Buffer.alloc(1)
  const at = (await file.stat()).size >> 1
  await file.read(byte, 0, 1, at)
  byte[0]! ^= 0x10
  await file.write(byte, 0, 1, at)
  await file.close()
}

describe('a back-up', () => {
  it('holds segments, what is still in the log, and the documents of its moment', async () => {
    await events.append(batchOf(0, 300))
    await events.flush()
    await events.append(batchOf(300, 50))
    await documents.write(scope, thing, 'x', 'then', 'new')
    expect(await make()).toMatchObject({ events: 350, notes: [] })
    await events.append(batchOf(350, 50))
    await documents.write(scope, thing, 'x', 'later', 1)

    expect(await restored()).toEqual(upTo(350))
    expect(await documents.read(scope, thing, 'x')).toMatchObject({ value: 'then', version: 1 })
    expect((await events.health()).state).toBe('ready')
    expect(await readRestoredNote(join(root, `restored-${clock}`))).toMatchObject({
      by,
      folder,
      backedUpAt: expect.any(String),
      events: 350,
    })
    expect((await events.positions()).get('c1')).toBe(349)
    expect(await events.append(batchOf(340, 20))).toEqual({ stored: 10 })
  })

  it('is consistent while events arrive and become segments', async () => {
    await events.append(batchOf(0, 1_000))
    let next = 1_000
    let working = true
    const arriving = (async () => {
      while (working) {
        await events.append(batchOf(next, 25))
        next += 25
      }
    })()
    const flushing = (async () => {
      while (working) await events.flush()
    })()
    for (let n = 0; n < 2; n++) await make()
    const certainly = next
    await make()
    working = false
    await Promise.all([arriving, flushing])
    const found = await restored()
    expect(found).toEqual(upTo(found.length))
    expect(found.length).toBeGreaterThanOrEqual(certainly)
  })

  it('writes only what is new, and forgets what the store has deleted', async () => {
    const received = Date.UTC(2026, 0, 5, 10)
    await events.append(batchOf(0, 100))
    await events.flush()
    await make()
    const [first] = await segmentsIn(folder)
    const { ino } = await stat(first!)
    await events.append(batchOf(100, 100))
    await events.flush()
    await make()
    expect(await segmentsIn(folder)).toHaveLength(2)
    expect((await stat(first!)).ino).toBe(ino)
    await events.retain({ before: new Date(received + 100), exceptions: [], holds: [] })
    await make()
    expect(await segmentsIn(folder)).toHaveLength(1)
    expect(existsSync(first!)).toBe(false)
    expect((await readdir(folder)).filter((name) => /^\d/.test(name))).toHaveLength(1)
    expect(await restored()).toEqual(upTo(200).slice(100))
  })

  it('keeps the sound file of an earlier back-up where the store’s is damaged, and says what it has not', async () => {
    for (const first of [0, 100]) {
      await events.append(batchOf(first, 100))
      await events.flush()
      if (first === 0) await make()
    }
    for (const segment of await segmentsIn(join(data, 'events'))) await flip(segment)
    const { notes } = await make()
    expect(notes).toEqual([expect.stringMatching(/is damaged: its 100 events are not in the back-up/)])
    expect(await restored()).toEqual(upTo(100))
    expect(await events.health()).toMatchObject({ state: 'degraded', detail: [{ text: expect.stringContaining('is missing') as string }] })
  })

  it('that fails leaves the one before', async () => {
    await events.append(batchOf(0, 10))
    await make()
    const before = await readList(folder)
    const failing = { backUp: () => Promise.reject(new Error('no space left')), check: async () => [] }
    const options = { folder, version: '1.0.0', now: () => new Date((clock += 1_000)), events: 0, progress: silent }
    await expect(backUp([events, failing], options)).rejects.toThrow('no space left')
    expect(await readList(folder)).toEqual(before)
    expect(await restored()).toEqual(upTo(10))
  })

  it('touches no folder with other files', async () => {
    await mkdir(folder)
    await writeFile(join(folder, 'thesis.doc'), '')
    await expect(make()).rejects.toThrow(/holds other files \(thesis\.doc\)/)
  })
})

describe('restoring', () => {
  it('writes nothing where a file of the back-up is damaged or missing', async () => {
    await events.append(batchOf(0, 100))
    await events.flush()
    await events.append(batchOf(100, 100))
    const { files } = await make()
    expect(files.map(({ place }) => place.replace(/[\d-]+\/\d\d-\d+/, '*')).toSorted()).toEqual([
      'documents/documents.db',
      'events/manifest.log',
      'events/segments/*.parquet',
      'events/segments/*.sig',
      'events/wal/000000002.log',
    ])
    for (const { path } of files) {
      const whole = await readFile(join(folder, path))
      await flip(join(folder, path))
      expect((await checkBackup(folder, silent)).damage).toEqual([expect.stringContaining(`${path} is damaged`)])
      await expect(restore(folder, join(root, 'new'), by, silent)).rejects.toThrow(/Nothing was restored/)
      await rm(join(folder, path))
      await expect(restore(folder, join(root, 'new'), by, silent)).rejects.toThrow(/is missing/)
      expect(await readdir(join(root, 'new'))).toEqual([])
      await writeFile(join(folder, path), whole)
    }
    await restore(folder, join(root, 'new'), by, silent)
    await flip(join(folder, 'backup.json'))
    await expect(restore(folder, join(root, 'other'), by, silent)).rejects.toThrow(/backup\.json is damaged|is damaged/)
    await rm(join(folder, 'backup.json'))
    await expect(restore(folder, join(root, 'other'), by, silent)).rejects.toThrow(/There is no back-up/)
  })

  it('overwrites nothing', async () => {
    await events.append(batchOf(0, 10))
    await make()
    await expect(restore(folder, data, by, silent)).rejects.toThrow(/is not empty, and nothing in it is overwritten/)
    expect(await numbers()).toEqual(upTo(10))
  })

  it('that was interrupted keeps everybody from the half of it, and can be made again', async () => {
    await events.append(batchOf(0, 10))
    await make()
    const into = join(root, 'new')
    await restore(folder, into, by, silent)
    await mkdir(join(into, 'restoring'))
    await rm(join(into, 'documents'), { recursive: true })
    expect(() => refuseHalfRestored(into)).toThrow(/was interrupted\. Run it again/)
    await restore(folder, into, by, silent)
    refuseHalfRestored(into)
    expect((await readdir(into)).toSorted()).toEqual(['documents', 'events', 'restored.json'])
  })

  it('refuses a list that leads out of the folder', async () => {
    await events.append(batchOf(0, 10))
    await make()
    const text = await readFile(join(folder, 'backup.json'), 'utf8')
    await writeFile(join(folder, 'backup.json'), text.replaceAll('events/manifest.log', '../events/manifest.log'))
    await expect(restore(folder, join(root, 'new'), by, silent)).rejects.toThrow(/is damaged/)
  })
})

async function segmentsIn(at: string): Promise<string[]> {
  const names = await readdir(join(at, at === folder ? 'events/segments' : 'segments'), { recursive: true })
  return names
    .filter((name) => name.endsWith('.parquet'))
    .toSorted()
    .map((name) => join(at, at === folder ? 'events/segments' : 'segments', name))
}
