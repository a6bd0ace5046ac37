import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { configSchema } from '@vonggac/contract'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { chainOf } from './audit/index.ts'
import { systemClock } from './platform/index.ts'
import { backUp, restore } from './storage/index.ts'
import { openStores, type Stores } from './stores.ts'

const agencies = [{ id: 'congdan', name: { vi: 'Cổng thông tin công dân', en: 'Portal for citizens' } }]
const silent = () => undefined

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'vonggac-stores-'))
})
afterEach(() => rm(root, { recursive: true }))

async function withStores<T>(name: string, work: (stores: Stores, operator: string) => Promise<T>): Promise<T> {
  const config = configSchema.parse({ dataFolder: join(root, name), agencies, analyzer: { memoryMegabytes: 256 } })
  const opened: { close(): Promise<void> }[] = []
  try {
    return await work(await openStores(config, systemClock, opened), config.operator)
  } finally {
    for (const store of opened.toReversed()) await store.close()
  }
}

it('have a restore in their audit chain when they are opened for the first time since', async () => {
  const folder = join(root, 'saved')
  const by = { user: 'an', host: 'may-chu' }
  await withStores('before', ({ upkeep }) =>
    backUp(upkeep, { folder, version: '1.0.0', now: () => new Date(), events: 0, progress: silent }),
  )
  await restore(folder, join(root, 'after'), by, silent)
  for (let start = 0; start < 2; start++) {
    const entries = await withStores('after', ({ documents }, operator) => documents.entries(chainOf(operator), { limit: 10 }))
    expect(entries.map(({ entry }) => entry)).toMatchObject([{ action: 'storage.restore', detail: { by, folder, events: 0 } }])
  }
})
