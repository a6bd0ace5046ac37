import { isVonggacError, systemScope, textOf } from '@vonggac/contract'
import { always } from '@vonggac/sigma'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { EventStore } from '../event-store.ts'
import { openDuckDbEventStore, type DuckDbEventStore } from './event-store.ts'
import { batchOf } from './numbered-events.testing.ts'

const scope = systemScope('test')
const everything = { where: always, range: { from: new Date(0), to: new Date('2100-01-01') } }

let folder: string
let store: DuckDbEventStore | undefined
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vonggac-crash-'))
})
afterEach(async () => {
  await store?.close()
  store = undefined
  await rm(folder, { recursive: true })
})

const reopen = async () => {
  await store?.close()
  store = await openDuckDbEventStore({ folder, memoryMegabytes: 256 })
  return store
}

async function numbersIn(of: EventStore): Promise<number[]> {
  const numbers: number[] = []
  for await (const chunk of of.scan(scope, everything)) {
    for (const line of Buffer.from(chunk).toString().split('\n'))
      if (line !== '') numbers.push((JSON.parse(line) as { 'custom.number': number })['custom.number'])
  }
  return numbers
}

const upTo = (count: number) => Array.from({ length: count }, (_, n) => n)

async function filesIn(name: string, ending: string): Promise<string[]> {
  const names = await readdir(join(folder, name), { recursive: true })
  return names.filter((found) => found.endsWith(ending)).map((found) => join(folder, name, found))
}

/** A few times; test/chaos/store-kills.test.ts does it as often as wanted, and during merging, retention and back-ups as well. */
describe('kill -9', () => {
  it('of the writing process loses and doubles nothing that was acknowledged', { timeout: 300_000 }, async () => {
    let acknowledged = -1
    for (let round = 0; round < 2; round++) {
      // A collector repeats what it has no answer for, and sometimes more than that.
      acknowledged = Math.max(
        acknowledged,
        await writeUntilKilled(folder, Math.max(0, acknowledged + 1 - 40 * round), round === 0 ? '\n' : 'flushed', 100 + 333 * round),
      )
      const numbers = await numbersIn(await reopen())
      expect(numbers).toEqual(upTo(numbers.length))
      expect(numbers.length).toBeGreaterThan(acknowledged)
      expect((await store!.positions()).get('c1')).toBe(numbers.length - 1)
      expect((await store!.health()).state).toBe('ready')
      acknowledged = numbers.length - 1
      await store!.close()
      store = undefined
    }
    expect((await filesIn('segments', '.parquet')).length).toBeGreaterThan(0)
  })

  it('of the engine fails the searches of that moment and nothing else', async () => {
    const of = await reopen()
    await of.append(batchOf(0, 500))
    await of.flush()
    await of.append(batchOf(500, 500))
    expect(await of.count(scope, everything)).toBe(1000)
    for (let round = 0; round < 2; round++) {
      const searching = of.count(scope, everything).then(
        (count) => count,
        (error: unknown) => error,
      )
      process.kill(of.enginePid!, 'SIGKILL')
      const outcome = await searching
      expect(outcome === 1000 + round || isVonggacError(outcome, 'store-failed')).toBe(true)
      expect(await of.append(batchOf(1000 + round, 1))).toEqual({ stored: 1 })
      expect(await numbersIn(of)).toEqual(upTo(1001 + round))
      expect((await of.health()).state).toBe('ready')
    }
  })
})

describe('damage', () => {
  it('at the end of the log is a torn write: it is cut off, and the batch can come again', async () => {
    await (await reopen()).append(batchOf(0, 100))
    await store!.close()
    const [log] = await filesIn('wal', '.log')
    const whole = await readFile(log!)
    await appendFile(log!, whole.subarray(0, whole.length - 50))
    const of = await reopen()
    expect(await numbersIn(of)).toEqual(upTo(100))
    expect((await of.health()).state).toBe('ready')
    expect(await of.append(batchOf(100, 50))).toEqual({ stored: 50 })
    expect(await numbersIn(await reopen())).toEqual(upTo(150))
  })

  it('inside the log costs its batch, and is reported', async () => {
    for (const first of [0, 100, 200]) await (store ?? (await reopen())).append(batchOf(first, 100))
    await store!.close()
    const [log] = await filesIn('wal', '.log')
    const whole = await readFile(log!)
    await flip(log!, whole.indexOf('"custom.number":150'))
    const of = await reopen()
    expect(await numbersIn(of)).toEqual([...upTo(100), ...upTo(300).slice(200)])
    expect(await of.health()).toMatchObject({ state: 'degraded', detail: expect.stringMatching(/bytes of the log file .* are damaged/) })
  })

  it('of a segment costs that segment, and is reported', async () => {
    const of = await reopen()
    for (const first of [0, 100, 200]) {
      await of.append(batchOf(first, 100))
      await of.flush()
    }
    const files = (await filesIn('segments', '.parquet')).toSorted()
    const { length } = await readFile(files[1]!)
    await flip(files[1]!, length >> 1)
    await rm(files[2]!)
    const again = await reopen()
    expect(await numbersIn(again)).toEqual(upTo(100))
    const health = await again.health()
    expect(health).toMatchObject({ state: 'degraded', events: 100 })
    expect(textOf(health.detail)).toMatch(/checksum differs\): its 100 events/)
    expect(textOf(health.detail)).toMatch(/is missing: its 100 events/)
    expect(await again.append(batchOf(300, 10))).toEqual({ stored: 10 })
    expect(await again.count(scope, everything)).toBe(110)
  })

  it('of the manifest stops the start, unless its end is torn', async () => {
    const of = await reopen()
    for (const first of [0, 100]) {
      await of.append(batchOf(first, 100))
      await of.flush()
    }
    await of.close()
    const manifest = join(folder, 'manifest.log')
    const whole = await readFile(manifest)
    await appendFile(manifest, whole.subarray(0, 40))
    expect(await numbersIn(await reopen())).toEqual(upTo(200))
    await store!.close()
    store = undefined
    await flip(manifest, 30)
    await expect(openDuckDbEventStore({ folder, memoryMegabytes: 256 })).rejects.toThrow(/Line 1 of .*manifest\.log is damaged/)
    expect(await filesIn('segments', '.parquet')).toHaveLength(2)
  })

  it('has nothing to take from the log after a clean end: what is worth it became segments', async () => {
    await (await reopen()).append(batchOf(0, 5_000))
    await store!.count(scope, everything)
    await store!.close()
    expect(await filesIn('wal', '.log')).toEqual([])
    expect(await filesIn('segments', '.parquet')).toHaveLength(1)
    expect(await (await reopen()).count(scope, everything)).toBe(5_000)
  })

  it('never lets files of an unfinished export be read', async () => {
    const of = await reopen()
    await of.append(batchOf(0, 100))
    await of.flush()
    const [segment] = await filesIn('segments', '.parquet')
    await writeFile(segment!.replace('.parquet', '9.parquet'), await readFile(segment!))
    await writeFile(`${segment}.new`, 'half')
    expect(await numbersIn(await reopen())).toEqual(upTo(100))
    expect(await readdir(join(segment!, '..'))).toHaveLength(2)
  })

  it('of an event is kept aside, and reported', async () => {
    const of = await reopen()
    const lines = ['no JSON', '{"event.id":"no id"}', '{"event.dataset":"x"}'].map((line) => `${line}\n`).join('')
    await of.append({ collector: 'c1', first: 0, last: 2, count: 3, bytes: Buffer.from(lines) })
    await of.append(batchOf(3, 10))
    expect(await of.count(scope, everything)).toBe(10)
    expect(await of.health()).toMatchObject({ state: 'degraded', detail: expect.stringContaining('3 stored lines are no events') })
    const [file] = await filesIn('unreadable', '.ndjson')
    expect(await readFile(file!, 'utf8')).toBe(lines)
  })
})

it('says what is wrong with its folder', async () => {
  await writeFile(join(folder, 'file'), '')
  await expect(openDuckDbEventStore({ folder: join(folder, 'file'), memoryMegabytes: 256 })).rejects.toThrow(/cannot make the folder/)
})

async function flip(path: string, at: number): Promise<void> {
  const file = await open(path, 'r+')
  const byte = Buffer.alloc(1)
  await file.read(byte, 0, 1, at)
  byte[0]! ^= 0x04
  await file.write(byte, 0, 1, at)
  await file.close()
}

/** Runs a process that appends events from a position on, and kills it so long after it printed a text; the highest position acknowledged. */
async function writeUntilKilled(into: string, from: number, after: string, lifeMs: number): Promise<number> {
  const script = fileURLToPath(new URL('./crash-writer.testing.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', '--conditions=vonggac-source', script, into, String(from)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let reported = ''
  let timer: NodeJS.Timeout | undefined
  child.stdout.on('data', (chunk: Buffer) => {
    reported += chunk.toString()
    if (reported.includes(after)) timer ??= setTimeout(() => child.kill('SIGKILL'), lifeMs)
  })
  await once(child, 'close')
  return Math.max(...reported.split('\n').slice(0, -1).map(Number).filter(Number.isInteger))
}
