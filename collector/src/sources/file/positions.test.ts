import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Positions, type Reading, type SavedFile } from './positions.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-positions-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const path = () => join(folder, 'files.ndjson')
const file: SavedFile = {
  id: 1,
  source: 'tep',
  path: '/var/log/a',
  dev: 1,
  ino: 2,
  print: { length: 0, digest: '' },
  offset: 10,
  skip: false,
  gone: false,
}
const offsetAfter = (durableNext: number) => new Positions(path(), durableNext).filesOf('tep')[0]!.offset

it('goes on behind the last line that the journal kept', async () => {
  for (const [durableNext, offset] of [
    [100, 10],
    [101, 20],
    [102, 30],
    [103, 45],
    [900, 45],
  ] as const) {
    const positions = new Positions(path(), 100)
    positions.save(file)
    positions.reading({ read: 1, from: 10, first: 100, ends: [20, 30, 40], to: 45, skip: false })
    await positions.close()
    expect(offsetAfter(durableNext)).toBe(offset)
    // What was decided stays decided: the positions that the journal lost are given to others.
    expect(offsetAfter(900)).toBe(offset)
    rmSync(path())
  }
})

it('keeps in mind what goes with the last line that the journal kept', async () => {
  const before = { taken: [[12, 14] as [number, number]], heading: '#a' }
  for (const [durableNext, kept] of [
    [100, before],
    [101, before],
    [102, { taken: [[25, 30]] }],
    [103, { heading: '#b' }],
  ] as const) {
    const positions = new Positions(path(), 100)
    positions.save({ ...file, kept: before })
    const later: Reading['kept'] = [
      [1, { taken: [[25, 30]] }],
      [2, { heading: '#b' }],
    ]
    positions.reading({ read: 1, from: 10, first: 100, ends: [20, 20, 40], to: 45, skip: false, kept: later })
    await positions.close()
    expect(new Positions(path(), durableNext).filesOf('tep')[0]!.kept).toEqual(kept)
    rmSync(path())
  }
})

it('reads on behind half an entry, and forgets what it is told to', () => {
  const positions = new Positions(path(), 0)
  positions.begin('tep')
  positions.save(file)
  positions.save({ ...file, id: 2, offset: 77 })
  positions.forget(2)
  appendFileSync(path(), '{"read":1,"from":10,"fi')
  const again = new Positions(path(), 0)
  expect(again.filesOf('tep')).toEqual([file])
  expect([again.hasBegun('tep'), again.hasBegun('other'), again.newId()]).toEqual([true, false, 3])
})

it('writes itself anew when it has grown, with the readings that are under way', () => {
  const positions = new Positions(path(), 0)
  positions.save(file)
  positions.save({ ...file, id: 2 })
  positions.reading({ read: 2, from: 10, first: 50_000_000, ends: [20], to: 20, skip: false })
  for (let n = 0; n < 60_000; n++) {
    const reading = { read: 1, from: 10 + n, first: n, ends: [11 + n], to: 11 + n, skip: false }
    positions.reading(reading)
    positions.done(reading)
  }
  expect(readFileSync(path()).length).toBeLessThan(5_000_000)
  const [one, two] = new Positions(path(), 50_000_000).filesOf('tep')
  expect([one!.offset, two!.offset]).toEqual([60_010, 10])
})
