import { isVonggacError } from '@vonggac/contract'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { platform, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Engine } from './engine.ts'

let folder: string
let engine: Engine
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vonggac-engine-'))
  engine = new Engine({ memoryMegabytes: 128, temporaryFolder: join(folder, 'temporary') })
  engine.start(() => undefined)
  await engine.whenReady()
})
afterAll(async () => {
  await engine.close()
  await rm(folder, { recursive: true })
})

const nothing = { tables: false, segments: 0 }
/** Hours of work. */
const endless = {
  sql: 'SELECT count(*) FROM range(1000000000) a, range(1000) b WHERE hash(a.range, b.range) % 7 = 8',
  parameters: [],
  reads: nothing,
}
const quick = { sql: 'SELECT 1', parameters: [], reads: nothing }

/** Hundredths of a second of the engine's process. */
function cpuTime(): number {
  const fields = readFileSync(`/proc/${engine.pid}/stat`, 'latin1').split(') ')[1]!.split(' ')
  return Number(fields[11]) + Number(fields[12])
}

/** The process does nothing any more. */
async function untilIdle(): Promise<void> {
  for (let before = -1; before !== cpuTime(); await pause(150)) before = cpuTime()
}

it.runIf(platform() === 'linux')('stops working on what is given up, at once and wherever it stands', async () => {
  const reason = new Error('nobody waits for it')
  for (const afterMs of [0, 1, 300]) {
    const controller = new AbortController()
    const asked = [1, 2, 3].map(() => engine.ask('rows', endless, { signal: controller.signal }))
    const outcomes = Promise.allSettled(asked)
    await pause(afterMs)
    controller.abort(reason)
    for (const outcome of await outcomes) expect(outcome).toEqual({ status: 'rejected', reason })
    expect(await engine.ask('rows', quick)).toEqual([[1]])
    await untilIdle()
  }
})

it('gives up what takes too long', async () => {
  const outcome = await engine.ask('rows', endless, { timeoutMs: 100 }).catch((error: unknown) => error)
  expect(isVonggacError(outcome, 'store-failed')).toBe(true)
  expect(String(outcome)).toContain('longer than 1 seconds')
  expect(await engine.ask('rows', quick)).toEqual([[1]])
})

it('does not begin what was given up before', async () => {
  const reason = new Error('too late')
  await expect(engine.ask('rows', quick, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
})

it('keeps its settings in every connection: without them each statement parses the heads of all its files again', async () => {
  const sql = `SELECT current_setting('parquet_metadata_cache'), current_setting('TimeZone')`
  expect(await engine.ask('rows', { sql, parameters: [], reads: nothing })).toEqual([[true, 'UTC']])
})
