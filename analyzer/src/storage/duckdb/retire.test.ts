import { systemScope } from '@vonggac/contract'
import { always } from '@vonggac/sigma'
import * as fc from 'fast-check'
import { mkdtemp, open, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Retention } from '../event-store.ts'
import { openDuckDbEventStore, type DuckDbEventStore } from './event-store.ts'
import { Manifest } from './manifest.ts'
import { batchOf, firstReceived } from './numbered-events.testing.ts'
import { givenUpOf, toPolicy, type PartContents } from './retiring.ts'

const scope = systemScope('test')
const everything = { where: always, range: { from: new Date(0), to: new Date('2100-01-01') } }
const at = (position: number) => new Date(firstReceived + position)
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n)

let folder: string
let store: DuckDbEventStore | undefined
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vonggac-retire-'))
})
afterEach(async () => {
  await store?.close()
  store = undefined
  await rm(folder, { recursive: true })
})

async function reopen(): Promise<DuckDbEventStore> {
  await store?.close()
  return (store = await openDuckDbEventStore({ folder, memoryMegabytes: 256 }))
}
async function fill(batches: number): Promise<DuckDbEventStore> {
  const of = await reopen()
  for (let n = 0; n < batches; n++) {
    await of.append(batchOf(n * 100, 100))
    await of.flush()
  }
  return of
}
async function numbers(): Promise<number[]> {
  const found: number[] = []
  for await (const chunk of store!.scan(scope, everything)) {
    const lines = Buffer.from(chunk).toString().split('\n').slice(0, -1)
    found.push(...lines.map((line) => (JSON.parse(line) as { 'custom.number': number })['custom.number']))
  }
  return found
}
async function files(ending: string): Promise<string[]> {
  const names = await readdir(join(folder, 'segments'), { recursive: true })
  return names.filter((name) => name.endsWith(ending)).map((name) => join(folder, 'segments', name))
}

describe('retention that was interrupted', () => {
  /** As a crash leaves it right after the record. */
  async function begin(retention: Retention): Promise<void> {
    await store!.close()
    store = undefined
    const manifest = await Manifest.open(join(folder, 'manifest.log'))
    await manifest.record({ retiring: toPolicy(retention) })
    await manifest.close()
    await reopen()
  }

  it('hides what it had given up, everywhere, and is carried out by the next one', async () => {
    await fill(3)
    const retention = { before: at(150), exceptions: [{ dataset: 'nginx.access', before: at(30) }], holds: [{ from: at(40), to: at(50) }] }
    const gone = (n: number) => n < (n % 3 === 0 ? 30 : 150) && !(n >= 40 && n < 50)
    const kept = upTo(300).filter((n) => !gone(n))
    await begin(retention)
    expect(await numbers()).toEqual(kept)
    expect(await store!.count(scope, everything)).toBe(kept.length)
    const [hour] = await store!.aggregate(scope, everything, { by: 'time', bucketSeconds: 3_600 })
    expect(hour!.count).toBe(kept.length)
    const page = await store!.search(scope, { ...everything, order: 'newest', limit: 1_000 })
    expect(page.items.map((event) => event['custom.number'])).toEqual(kept.toReversed())
    expect((await store!.retain(retention)).events).toBe(300 - kept.length)
    expect(await numbers()).toEqual(kept)
    await reopen()
    expect(await numbers()).toEqual(kept)
    expect((await store!.health()).events).toBe(kept.length)
  })

  it('gives back what a hold saves before it is deleted', async () => {
    await fill(2)
    await begin({ before: at(150), exceptions: [], holds: [] })
    expect(await numbers()).toEqual(upTo(200).slice(150))
    await store!.retain({ before: at(150), exceptions: [], holds: [{ from: at(100), to: at(120) }] })
    expect(await numbers()).toEqual([...upTo(120).slice(100), ...upTo(200).slice(150)])
  })

  it('by the death of the engine goes on at the next call', async () => {
    const of = await fill(4)
    const retaining = of
      .retain({ before: at(350), exceptions: [{ dataset: 'nginx.access', before: at(0) }], holds: [] })
      .catch(() => undefined)
    process.kill(of.enginePid!, 'SIGKILL')
    await retaining
    const kept = upTo(400).filter((n) => n % 3 === 0 || n >= 350)
    await expect
      .poll(
        () =>
          of
            .retain({ before: at(350), exceptions: [{ dataset: 'nginx.access', before: at(0) }], holds: [] })
            .then(() => numbers())
            .catch(() => []),
        { timeout: 15_000 },
      )
      .toEqual(kept)
  })
})

it('a segment that is damaged is not written anew: what is kept of it may yet be restored', async () => {
  await fill(2)
  await store!.close()
  const [first] = (await files('.parquet')).toSorted()
  await flip(first!)
  await reopen()
  await store!.retain({ before: at(50), exceptions: [], holds: [] })
  expect(await files('.parquet')).toHaveLength(2)
  expect(await store!.health()).toMatchObject({
    state: 'degraded',
    detail: [{ text: expect.stringContaining('checksum differs') as string }],
  })
  expect(await numbers()).toEqual(upTo(200).slice(100))
  await store!.retain({ before: at(150), exceptions: [], holds: [] })
  expect(await store!.health()).toMatchObject({ state: 'ready', events: 50 })
})

it('signatures that are damaged or lost change no answer, and a check tells', async () => {
  await fill(2)
  const needle = { ...everything, where: { field: 'user.name', test: { kind: 'equals', value: 'user7' } } } as const
  await store!.close()
  const [first, second] = (await files('.sig')).toSorted()
  await flip(first!)
  await rm(second!)
  const of = await reopen()
  expect(await of.count(scope, needle)).toBe(20)
  expect(await of.check(() => undefined)).toMatchObject([
    { text: expect.stringMatching(/signatures .* are damaged\. No event is lost/) as string },
  ])
  expect((await of.health()).state).toBe('ready')
  expect(await of.compact()).toBe(2)
  expect(await of.count(scope, needle)).toBe(20)
  expect(await of.check(() => undefined)).toEqual([])
  await expect.poll(() => files('.sig')).toHaveLength(1)
})

it('what is told of a part without reading it is true for each of its events', () => {
  const name = fc.constantFrom('a', 'b', undefined)
  const time = fc.integer({ min: 0, max: 20 })
  const part = fc.record({ agency: name, dataset: name })
  const named = ({ agency, dataset }: { agency: string | undefined; dataset: string | undefined }) => ({
    ...(agency !== undefined && { agency }),
    ...(dataset !== undefined && { dataset }),
  })
  const retention = fc.record({
    before: time,
    exceptions: fc.array(fc.tuple(part, time), { maxLength: 3 }),
    holds: fc.array(fc.tuple(part, time, time), { maxLength: 3 }),
  })
  fc.assert(
    fc.property(retention, fc.record({ agency: name, dataset: name, from: time, length: time }), ({ before, exceptions, holds }, given) => {
      const policy = {
        before,
        exceptions: exceptions.map(([of, limit]) => ({ ...named(of), before: limit })),
        holds: holds.map(([of, from, to]) => ({ ...named(of), from, to })),
      }
      const [agency, dataset] = [given.agency ?? null, given.dataset ?? null]
      const contents: PartContents = { agency, dataset, events: 1, from: given.from, to: given.from + given.length }
      const fits = (of: { agency?: string; dataset?: string }) =>
        (of.agency === undefined || of.agency === agency) && (of.dataset === undefined || of.dataset === dataset)
      const isGone = (received: number) =>
        received < (policy.exceptions.find(fits)?.before ?? before) &&
        !policy.holds.some((hold) => fits(hold) && hold.from <= received && received < hold.to)
      const gone = Array.from({ length: given.length + 1 }, (_, n) => isGone(given.from + n))
      const verdict = givenUpOf(contents, policy)
      if (verdict === 'all') expect(gone).not.toContain(false)
      if (verdict === 'none') expect(gone).not.toContain(true)
    }),
    { numRuns: 2_000 },
  )
})

async function flip(path: string): Promise<void> {
  const file = await open(path, 'r+')
  const byte = Buffer.alloc(1)
  const place = (await file.stat()).size >> 1
  await file.read(byte, 0, 1, place)
  byte[0]! ^= 0x04
  await file.write(byte, 0, 1, place)
  await file.close()
}
