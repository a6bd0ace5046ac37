import { always } from '@vonggac/sigma'
import { systemScope } from '@vonggac/contract'
import Database from 'libsql'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Kind, Series } from '../document-store.ts'
import { documentStoreContract } from '../document-store.contract.ts'
import { documentStoreModel } from '../document-store-model.contract.ts'
import { openTestDocuments } from '../testing.ts'
import { openLibsqlDocumentStore } from './document-store.ts'

describe('in memory', () => {
  documentStoreContract(async (clock) => openTestDocuments(clock))
})

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vonggac-documents-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('on disk', () => {
  documentStoreContract(
    async (clock) => openLibsqlDocumentStore({ folder, clock }),
    async (series, sequence) => {
      const database = new Database(join(folder, 'documents.db'))
      database.prepare('DELETE FROM series WHERE name = ? AND sequence = ?').run(series, sequence)
      database.close()
    },
  )
})

describe('held to the model', () => {
  documentStoreModel({ open: async (clock) => [openLibsqlDocumentStore({ folder, clock })], runs: 100 })
})

describe('files', () => {
  it('finds everything again that was acknowledged before kill -9', async () => {
    const kind: Kind<{ n: number }> = { name: 'number', schema: z.object({ n: z.int() }), agency: () => 'port', index: { n: ({ n }) => n } }
    const series: Series<{ n: number }> = { name: 'numbers', schema: z.object({ n: z.int() }) }
    let acknowledged = 0
    for (let round = 0; round < 3; round++) acknowledged = Math.max(acknowledged, await writeUntilKilled(folder))
    const store = openLibsqlDocumentStore({ folder })
    const count = await store.count(systemScope('test'), kind, always)
    expect(acknowledged).toBeGreaterThan(0)
    expect(count).toBeGreaterThanOrEqual(acknowledged)
    const last = await store.append(series, (before) => ({ n: before?.entry.n ?? -1 }))
    expect(last.sequence).toBe(count + 1)
    await store.close()
  })

  it('says what is wrong with its folder', async () => {
    await writeFile(join(folder, 'file'), '')
    expect(() => openLibsqlDocumentStore({ folder: join(folder, 'file', 'below') })).toThrow(/cannot make the folder/)
    await writeFile(join(folder, 'documents.db'), 'no database at all, though it is long enough to look like one'.repeat(100))
    expect(() => openLibsqlDocumentStore({ folder })).toThrow(/cannot open .*documents\.db/)
  })
})

/** Runs a process that writes numbered documents and reports each, and kills it in the middle; the highest number reported. */
async function writeUntilKilled(folder: string): Promise<number> {
  const script = fileURLToPath(new URL('./crash-writer.testing.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', '--conditions=vonggac-source', script, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let reported = ''
  child.stdout.on('data', (chunk: Buffer) => {
    reported += chunk.toString()
    if (reported.length > 1500) child.kill('SIGKILL')
  })
  await once(child, 'close')
  return Number(reported.slice(0, reported.lastIndexOf('\n')).split('\n').at(-1))
}
