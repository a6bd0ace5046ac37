import { appendFileSync, cpSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Frame } from '../frame.ts'
import { groupHeaderBytes, segmentHeaderBytes } from './format.ts'
import { Journal, readRecord, type Corruption, type JournalOptions } from './index.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vonggac-journal-'))
})
afterEach(() => rm(folder, { recursive: true }))

const frame = (text: string, more: Partial<Frame> = {}): Frame => ({
  receivedMs: 1_795_320_000_000,
  source: 'portal',
  peer: '10.0.0.5',
  flags: 0,
  bytes: Buffer.from(text),
  ...more,
})

const open = (options: Partial<JournalOptions> = {}) =>
  Journal.open({ folder, segmentBytes: 1 << 20, maxBytes: 1 << 24, commitMilliseconds: 1, ...options })

/** Writes each list as one group of its own. */
async function writeGroups(journal: Journal, groups: readonly (readonly string[])[]): Promise<void> {
  for (const texts of groups) {
    let last = -1
    for (const text of texts) last = journal.append(frame(text))
    if (last >= 0) await journal.durable(last)
  }
}

function readAll(journal: Journal, from = 0): { position: number; text: string }[] {
  const found: { position: number; text: string }[] = []
  const reader = journal.reader(from)
  for (let group = reader.next(); group; group = reader.next()) {
    for (let index = 0, offset = 0; index < group.count; index++) {
      const { frame: read, next } = readRecord(group.payload, offset)
      offset = next
      if (group.first + index >= from) found.push({ position: group.first + index, text: read.bytes.toString('latin1') })
    }
  }
  reader.close()
  return found
}

const segments = (path = folder) =>
  readdirSync(path)
    .filter((name) => name.endsWith('.journal'))
    .toSorted()

describe('a journal', () => {
  it('gives back every frame with its envelope, by positions that go on over restarts', async () => {
    const envelope = { source: 'bastion', peer: '2001:db8::1', flags: 3, receivedMs: 1_795_320_123_456 }
    const first = await open()
    expect([first.append(frame('a', envelope)), first.append(frame('')), first.next]).toEqual([0, 1, 2])
    await first.close()
    const second = await open()
    expect(second.append(frame('c'))).toBe(2)
    await second.durable(2)
    expect(readAll(second).map(({ position }) => position)).toEqual([0, 1, 2])
    const reader = second.reader(0)
    expect(readRecord(reader.next()!.payload, 0).frame).toEqual({ ...frame('a'), ...envelope })
    reader.close()
    await second.close()
  })

  it('shows readers durable frames only', async () => {
    const journal = await open({ commitMilliseconds: 50 })
    const position = journal.append(frame('a'))
    expect(readAll(journal)).toEqual([])
    await journal.durable(position)
    expect(readAll(journal)).toHaveLength(1)
    await journal.close()
  })

  it('commits many frames in few groups and takes frames larger than a group', async () => {
    const groups: number[] = []
    const journal = await open({ onDurable: ({ count }) => groups.push(count), commitMilliseconds: 20 })
    const large = 'x'.repeat(3 << 20)
    for (let index = 0; index < 10_000; index++) journal.append(frame(`line ${index}`))
    journal.append(frame(large))
    await journal.durable(10_000)
    expect(groups.reduce((sum, count) => sum + count, 0)).toBe(10_001)
    expect(groups.length).toBeLessThan(5)
    expect(readAll(journal).at(-1)!.text).toBe(large)
    await journal.close()
  })

  it('deletes acknowledged segments, keeps its next position, and is congested at its limit until then', async () => {
    const journal = await open({ segmentBytes: 4096, maxBytes: 32_768 })
    while (!journal.full) await writeGroups(journal, [['x'.repeat(1000)]])
    expect(journal.congested).toBe(true)
    const before = segments().length
    expect(before).toBeGreaterThan(3)
    let ready = false
    const waiting = journal.ready().then(() => (ready = true))
    await journal.acknowledge(3)
    expect(readAll(journal, 3)[0]!.position).toBe(3)
    const next = journal.next
    await journal.acknowledge(next)
    await waiting
    expect(ready).toBe(true)
    expect(segments()).toHaveLength(1)
    await journal.close()
    const again = await open()
    expect(again.next).toBe(next)
    await again.close()
  })

  it('never gives a position that was promised before', async () => {
    const journal = await open({ minimumNext: 41 })
    expect(journal.append(frame('a'))).toBe(41)
    await journal.close()
  })
})

describe('after a crash', () => {
  it('recovers from a tail torn at every byte: whole groups stay, the rest was never acknowledged', async () => {
    const journal = await open()
    await writeGroups(journal, [['one', 'two'], ['three'], ['four', 'five', 'six']])
    await journal.close()
    const [name] = segments()
    const whole = readFileSync(join(folder, name!))
    const ends = groupEnds(whole)
    const attempt = async (length: number) => {
      const torn = join(folder, `torn-${length}`)
      mkdirSync(torn)
      writeFileSync(join(torn, name!), whole.subarray(0, length))
      const recovered = await open({ folder: torn })
      const kept = [2, 3, 6].filter((_, index) => ends[index]! <= length).at(-1) ?? 0
      expect(recovered.next, `cut at ${length}`).toBe(kept)
      await writeGroups(recovered, [['new']])
      expect(readAll(recovered).map(({ text }) => text)).toEqual([...['one', 'two', 'three', 'four', 'five', 'six'].slice(0, kept), 'new'])
      await recovered.close()
      await rm(torn, { recursive: true })
    }
    const lengths = Array.from({ length: whole.length + 1 }, (_, length) => length)
    while (lengths.length > 0) await Promise.all(lengths.splice(0, 32).map(attempt))
  })

  it('ignores what a crash left behind the last group, also zeros and half of an older group', async () => {
    const journal = await open()
    await writeGroups(journal, [['one'], ['two']])
    await journal.close()
    const path = join(folder, segments()[0]!)
    const bytes = readFileSync(path)
    appendFileSync(path, Buffer.concat([Buffer.alloc(5000), bytes.subarray(segmentHeaderBytes, segmentHeaderBytes + 40)]))
    const corruptions: Corruption[] = []
    const recovered = await open({ onCorrupt: (corruption) => corruptions.push(corruption) })
    expect(recovered.next).toBe(2)
    expect(readAll(recovered).map(({ text }) => text)).toEqual(['one', 'two'])
    expect(corruptions).toMatchObject([{ lost: 0, bytes: 5040 }])
    expect(statSync(corruptions[0]!.keptAt!).size).toBe(5040)
    await recovered.close()
  })

  it('contains any damage to the group that it hit, and says what was lost', async () => {
    const journal = await open()
    const groups = Array.from({ length: 8 }, (_, group) => Array.from({ length: 3 }, (__, index) => `frame ${group}.${index}`))
    await writeGroups(journal, groups)
    await journal.close()
    const name = segments()[0]!
    const whole = readFileSync(join(folder, name))
    const ends = groupEnds(whole)
    let run = 0
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: ends.at(-2)! - 1 }), fc.uint8Array({ minLength: 1, maxLength: 60 }), async (at, noise) => {
        const damaged = join(folder, `damaged-${run++}`)
        mkdirSync(damaged)
        const bytes = Buffer.from(whole)
        bytes.set(noise.subarray(0, Math.max(1, ends.at(-2)! - at)), at)
        writeFileSync(join(damaged, name), bytes)
        let lost = 0
        const recovered = await open({ folder: damaged, onCorrupt: (corruption) => (lost += corruption.lost) })
        expect(recovered.next).toBe(24)
        const read = readAll(recovered)
        expect(read.length + lost).toBe(24)
        for (const { position, text } of read) expect(text).toBe(groups.flat()[position])
        const touched = ends.filter((end, index) => {
          const start = index === 0 ? segmentHeaderBytes : ends[index - 1]!
          return !bytes.subarray(start, end).equals(whole.subarray(start, end))
        }).length
        expect(lost).toBe(touched * 3)
        await recovered.close()
        await rm(damaged, { recursive: true })
      }),
      { numRuns: 60 },
    )
  })

  it('reads the other groups when one stretch of damage took the end of the header and the beginning of the first group', async () => {
    const journal = await open()
    await writeGroups(journal, [['one', 'two'], ['three'], ['four']])
    await journal.close()
    const path = join(folder, segments()[0]!)
    const bytes = readFileSync(path)
    bytes.fill(0, segmentHeaderBytes - 9, segmentHeaderBytes + 1)
    writeFileSync(path, bytes)
    const corruptions: Corruption[] = []
    const recovered = await open({ onCorrupt: (corruption) => corruptions.push(corruption) })
    expect(recovered.next).toBe(4)
    expect(readAll(recovered)).toMatchObject([
      { position: 2, text: 'three' },
      { position: 3, text: 'four' },
    ])
    expect(corruptions).toMatchObject([{ lost: 2 }])
    await recovered.close()
  })

  it('is not taken in by a frame that imitates a group', async () => {
    const other = join(folder, 'other')
    mkdirSync(other)
    const forger = await open({ folder: other })
    await writeGroups(forger, [['forged']])
    await forger.close()
    const forged = readFileSync(join(other, segments(other)[0]!)).subarray(segmentHeaderBytes)
    const journal = await open()
    journal.append(frame('', { bytes: forged }))
    await journal.durable(0)
    await writeGroups(journal, [['after']])
    await journal.close()
    const path = join(folder, segments()[0]!)
    const bytes = readFileSync(path)
    bytes[segmentHeaderBytes + groupHeaderBytes + 2]! ^= 1
    writeFileSync(path, bytes)
    const recovered = await open()
    expect(readAll(recovered).map(({ text }) => text)).toEqual(['after'])
    await recovered.close()
  })

  it('reports a segment that was cut short or lost its header', async () => {
    const journal = await open({ segmentBytes: 200 })
    await writeGroups(
      journal,
      Array.from({ length: 12 }, (_, index) => [`frame ${index}`.padEnd(100)]),
    )
    await journal.close()
    const names = segments()
    const header = join(folder, names[1]!)
    const bytes = readFileSync(header)
    bytes.fill(0, 0, segmentHeaderBytes)
    writeFileSync(header, bytes)
    truncateSync(join(folder, names[2]!), statSync(join(folder, names[2]!)).size - 1)
    let lost = 0
    const recovered = await open({ onCorrupt: (corruption) => (lost += corruption.lost) })
    const read = readAll(recovered)
    expect([read.length, lost]).toEqual([11, 1])
    await recovered.close()
  })

  it('goes on in a new segment after a failed write', async () => {
    const errors: unknown[] = []
    const journal = await open({ onWriteError: (error) => errors.push(error), segmentBytes: 1 })
    await writeGroups(journal, [['one']])
    const hidden = `${folder}-hidden`
    cpSync(folder, hidden, { recursive: true })
    await rm(folder, { recursive: true })
    const position = journal.append(frame('two'))
    while (errors.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    cpSync(hidden, folder, { recursive: true })
    await journal.durable(position)
    expect(readAll(journal).map(({ text }) => text)).toEqual(['one', 'two'])
    await journal.close()
    await rm(hidden, { recursive: true })
  })
})

/** Offsets at which the groups of a segment end. */
function groupEnds(segment: Buffer): number[] {
  const ends: number[] = []
  for (let at = segmentHeaderBytes; at < segment.length;) {
    at += groupHeaderBytes + segment.readUInt32LE(at + 8)
    ends.push(at)
  }
  return ends
}

describe('a journal that may give up the oldest', () => {
  const text = 'x'.repeat(1000)

  it('makes room by itself, counts what it gives up, and explains the gap also after a restart', async () => {
    const dropped = new Map<string, number>()
    const corrupt: Corruption[] = []
    const options = {
      segmentBytes: 4096,
      maxBytes: 32_768,
      whenFull: 'drop-oldest',
      onCorrupt: (corruption: Corruption) => corrupt.push(corruption),
      onDropped: (counts: ReadonlyMap<string, number>) => {
        for (const [source, count] of counts) dropped.set(source, (dropped.get(source) ?? 0) + count)
      },
    } as const
    const journal = await open(options)
    const reader = journal.reader(0)
    const first = await writeGroups(journal, [[text]]).then(() => reader.next()!)
    for (let round = 0; round < 200; round++) {
      await writeGroups(journal, [[`${round}`.padEnd(1000)]])
      await journal.ready()
    }
    // Room is made until it is nearly full no more.
    await expect.poll(() => journal.bytes).toBeLessThan(0.9 * 32_768)
    const [before] = [readAll(journal)]
    expect(before[0]!.position).toBe(first.first)
    expect(before.length + dropped.get('portal')!).toBe(201)
    expect(before.at(-1)!.position).toBe(200)
    reader.close()
    await journal.close()

    const again = await open(options)
    expect(readAll(again)).toEqual(before)
    expect(corrupt).toEqual([])
    await again.close()
  })

  it('gives up nothing that a reader has begun or that is being written', async () => {
    const journal = await open({
      segmentBytes: 1 << 20,
      maxBytes: 8192,
      whenFull: 'drop-oldest',
      onDropped: () => expect.fail('nothing may go'),
    })
    const reader = journal.reader(0)
    await writeGroups(journal, [[text, text]])
    reader.next()
    while (!journal.full) await writeGroups(journal, [[text]])
    expect(journal.congested).toBe(true)
    await journal.close()
  })
})
