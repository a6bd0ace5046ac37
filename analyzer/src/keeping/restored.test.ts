import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { chainOf, createAuditRecorder } from '../audit/index.ts'
import { TestClock } from '../platform/testing.ts'
import { openTestDocuments } from '../storage/testing.ts'
import { recordRestore } from './restored.ts'

const clock = new TestClock()
const note = {
  restoredAt: '2026-03-02T00:00:00.000Z',
  by: { user: 'an', host: 'may-chu' },
  folder: '/mnt/backup',
  backedUpAt: '2026-03-01T00:00:00.000Z',
  events: 350,
}
let dataFolder: string
let documents: ReturnType<typeof openTestDocuments>
beforeEach(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'vonggac-restored-'))
  documents = openTestDocuments(clock)
})
afterEach(async () => {
  await documents.close()
  await rm(dataFolder, { recursive: true })
})

const start = () => recordRestore({ dataFolder, documents, audit: createAuditRecorder(documents, clock), operator: 'attt' })
const place = (text: string) => writeFile(join(dataFolder, 'restored.json'), text)
const recorded = async () => (await documents.entries(chainOf('attt'), { limit: 10 })).map(({ entry }) => entry)

it('puts a restore into the audit chain at the next start, once, with who, when and from where', async () => {
  await start()
  expect(await recorded()).toEqual([])
  await place(JSON.stringify(note))
  await start()
  await start()
  expect(await recorded()).toMatchObject([{ agency: 'attt', actor: 'system:command', action: 'storage.restore', detail: note }])
  expect(await readdir(dataFolder)).toEqual([])
})

it('does so once where the start before ended half-way, and again for another restore', async () => {
  for (const events of [350, 350, 400]) {
    await place(JSON.stringify({ ...note, events }))
    await start()
  }
  expect((await recorded()).map(({ detail }) => detail['events'])).toEqual([350, 400])
})

it('says which note cannot be read', async () => {
  await place('{')
  await expect(start()).rejects.toMatchObject({ code: 'store-failed', message: expect.stringContaining('restored.json cannot be read') })
})
