import { say, systemScope, textOf } from '@vonggac/contract'
import { always } from '@vonggac/sigma'
import { execFileSync } from 'node:child_process'
import { mkdtemp, open, readdir, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { backUp } from '../backup/back-up.ts'
import { DiskWatch } from './disk.ts'
import { openDuckDbEventStore, type DuckDbEventStore } from './event-store.ts'
import { batchOf } from './numbered-events.testing.ts'

const scope = systemScope('test')
const everything = { where: always, range: { from: new Date(0), to: new Date('2100-01-01') } }

let folder: string
let store: DuckDbEventStore | undefined
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vonggac-disk-'))
})
afterEach(async () => {
  await store?.close()
  store = undefined
  await rm(folder, { recursive: true })
})

async function numbers(of: DuckDbEventStore): Promise<number[]> {
  const found: number[] = []
  for await (const chunk of of.scan(scope, everything)) {
    const lines = Buffer.from(chunk).toString().split('\n').slice(0, -1)
    found.push(...lines.map((line) => (JSON.parse(line) as { 'custom.number': number })['custom.number']))
  }
  return found
}
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n)

describe('a budget that is used up', () => {
  it('turns batches away, keeps everything, and goes on when there is space', async () => {
    store = await openDuckDbEventStore({ folder, memoryMegabytes: 256, budgetBytes: 60_000, reserveBytes: 0 })
    let accepted = 0
    const send = async () => {
      await store!.append(batchOf(accepted, 100))
      accepted += 100
      await sleep(100)
    }
    await expect(
      (async () => {
        for (;;) await send()
      })(),
    ).rejects.toMatchObject({
      code: 'busy',
      message: expect.stringMatching(/limit of [\d.]+ GB .*budgetGigabytes.* collectors keep what arrives/),
    })
    expect(await store.health()).toMatchObject({
      state: 'degraded',
      detail: expect.arrayContaining([expect.objectContaining({ code: 'budget-used-up' })]),
    })
    expect(await numbers(store)).toEqual(upTo(accepted))
    // A repeat takes no space: its sender must not be kept waiting for ever.
    expect(await store.append(batchOf(0, 100))).toEqual({ stored: 0 })
    // Segments take a tenth of the log.
    await store.flush()
    await expect.poll(async () => (await store!.health()).state).toBe('ready')
    await send()
    expect(await numbers(store)).toEqual(upTo(accepted))
  })

  it('is told days before', async () => {
    const options = { folder, budgetBytes: 1_000_000, reserveBytes: 0, usedBytes: () => used }
    let used = 100_000
    const now = Date.now
    try {
      const start = now()
      const watch = await DiskWatch.open(options)
      expect(watch.daysLeft).toBeUndefined()
      Date.now = () => start + 6 * 3_600_000
      used = 150_000
      await watch.poll()
      expect(watch.daysLeft).toBeCloseTo(850_000 / 200_000, 1)
      expect(watch.notes).toEqual([say('space-ends-in-days', { days: 4 })])
      watch.close()
      const after = await DiskWatch.open(options)
      expect(after.daysLeft).toBeCloseTo(850_000 / 200_000, 1)
      used = 90_000
      expect(after.daysLeft).toBeUndefined()
      expect(after.notes).toEqual([])
      after.close()
    } finally {
      Date.now = now
    }
  })
})

it('a back-up that its disk has no space for fails with a sentence, leaves little behind, and the store goes on', async (context) => {
  const target = await mkdtemp(join(tmpdir(), 'vonggac-small-'))
  const unmount = mountSmallDisk(target, '64k')
  if (unmount === undefined) return context.skip('mounting a small disk needs root')
  try {
    store = await openDuckDbEventStore({ folder, memoryMegabytes: 128 })
    await store.append(batchOf(0, 5_000))
    const options = { folder: target, version: 'test', now: () => new Date(), events: 5_000, progress: () => undefined }
    await expect(backUp([store], options)).rejects.toThrow(/cannot be copied to .*Is there space\? .*(ENOSPC|no space)/)
    expect(await readdir(target)).toEqual([])
    expect(await numbers(store)).toEqual(upTo(5_000))
    expect((await store.health()).state).toBe('ready')
  } finally {
    unmount()
    await rm(target, { recursive: true })
  }
})

/** Undefined where this user may mount nothing. */
function mountSmallDisk(at: string, size = '40m'): (() => void) | undefined {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', at], { stdio: 'ignore' })
    return () => execFileSync('umount', ['-l', at], { stdio: 'ignore' })
  } catch {
    return undefined
  }
}

it(
  'a disk that is really full loses nothing, is told, breaks nothing, and is forgotten when there is space',
  { timeout: 240_000 },
  async (context) => {
    const unmount = mountSmallDisk(folder)
    if (unmount === undefined) return context.skip('mounting a small disk needs root')
    try {
      // Without its reserve, the store meets the end of the disk itself.
      const opening = () =>
        openDuckDbEventStore({ folder, memoryMegabytes: 128, reserveBytes: 0, limits: { events: 2_000, bytes: 1e9, ageMs: 1e9 } })
      store = await opening()
      await store.append(batchOf(0, 1_000))
      await store.flush()
      await fill(1_500_000)
      const engine = store.enginePid
      let accepted = 1_000
      let refused: unknown
      while (refused === undefined && accepted < 50_000) {
        await store.append(batchOf(accepted, 500)).then(
          () => (accepted += 500),
          (error: unknown) => (refused = error),
        )
      }
      expect(refused).toMatchObject({ code: expect.stringMatching(/store-failed|busy/) })
      await expect.poll(async () => (await store!.health()).state).not.toBe('ready')
      expect(textOf((await store.health()).detail)).toMatch(/ENOSPC|no space|No space|MB free|cannot be written/)
      expect(store.enginePid).toBe(engine)

      // A start on a full disk works as well.
      await store.close()
      store = await opening()
      await expect(store.append(batchOf(accepted, 500))).rejects.toMatchObject({ code: expect.stringMatching(/store-failed|busy/) })

      await rm(join(folder, 'filler'))
      await expect.poll(() => store!.append(batchOf(accepted, 500)).catch(() => undefined)).toEqual({ stored: 500 })
      accepted += 500
      await expect.poll(() => numbers(store!).catch(() => []), { interval: 500 }).toEqual(upTo(accepted))
      await expect.poll(() => store!.flush().then(() => 'flushed', String)).toBe('flushed')
      await expect.poll(async () => (await store!.health()).detail).toBe('')
      expect(await numbers(store)).toEqual(upTo(accepted))
      await store.close()
      store = undefined
    } finally {
      await store?.close()
      store = undefined
      unmount()
    }

    /** Leaves so many bytes. */
    async function fill(left: number): Promise<void> {
      const { bavail, bsize } = await statfs(folder)
      const file = await open(join(folder, 'filler'), 'w')
      await file.writeFile(Buffer.alloc(Math.max(0, bavail * bsize - left)))
      await file.close()
    }
  },
)
