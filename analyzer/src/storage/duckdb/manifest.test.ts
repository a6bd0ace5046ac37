import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Manifest, type Segment } from './manifest.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vonggac-manifest-'))
})
afterEach(() => rm(folder, { recursive: true }))

const segment = (n: number): Segment => ({
  name: `2026-01-05/10-${n}.parquet`,
  events: 1,
  odd: 0,
  bytes: 1,
  crc: '0',
  from: n,
  to: n,
  first: 'a',
  last: 'a',
  catalogue: 1,
  parts: [{ dataset: 'cổng.truy cập', agency: null, events: 1, from: n, to: n }],
})

it('stays short while it grows, and says the same', async () => {
  const path = join(folder, 'manifest.log')
  const manifest = await Manifest.open(path)
  let longest = 0
  for (let n = 0; n < 2_500; n++) {
    const remove = n < 10 ? [] : [segment(n - 10).name]
    await manifest.record({ add: [segment(n)], remove, flushedUpTo: n, positions: { [`c${n % 3}`]: n } })
    longest = Math.max(longest, (await stat(path)).size)
  }
  expect((await stat(path)).size).toBeLessThan(longest / 2)
  await manifest.check()
  await manifest.close()
  const again = await Manifest.open(path)
  expect(again.state).toEqual(manifest.state)
  expect([...again.state.segments.keys()]).toHaveLength(10)
  await again.record({ retiring: { before: 5, exceptions: [], holds: [] } })
  await again.close()
  const text = await readFile(path)
  // A record that was torn by a crash behind one with letters that take several bytes.
  const third = await Manifest.open(path)
  await third.close()
  expect(await readFile(path)).toEqual(text)
  expect(third.state.retiring).toEqual({ before: 5, exceptions: [], holds: [] })
})
