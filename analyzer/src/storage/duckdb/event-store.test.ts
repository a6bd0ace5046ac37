import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe } from 'vitest'
import { eventStoreContract } from '../event-store.contract.ts'
import { openDuckDbEventStore, type DuckDbEventStore } from './event-store.ts'

let folder: string
let opened = 0
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vonggac-events-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('DuckDB', () => {
  eventStoreContract(
    () => openDuckDbEventStore({ folder: join(folder, String(opened++)), memoryMegabytes: 256 }),
    (store) => (store as DuckDbEventStore).flush(),
  )
})
