import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { frameName, RecentNames } from './names.ts'

let folder: string
let errors: Error[]
beforeEach(async () => {
  errors = []
  folder = await mkdtemp(join(tmpdir(), 'vonggac-names-'))
})
afterEach(() => rm(folder, { recursive: true }))

const open = (durableNext = 1_000, perGeneration = 10) =>
  new RecentNames({ folder, durableNext, perGeneration, onError: (error) => errors.push(error) })
const name = (n: number) => frameName('app', String(n))
const range = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => ({ name: name(from + index), position: from + index }))
const known = (names: RecentNames, from: number, to: number) => range(from, to).map((one) => names.positionOf(one.name))

it('remembers over a restart, and at least as many as it should', async () => {
  const names = open()
  for (let n = 0; n < 35; n++) names.add(range(n, n + 1))
  await names.close()
  const again = open()
  for (const one of [names, again]) {
    expect(known(one, 25, 35)).toEqual(range(25, 35).map(({ position }) => position))
    expect(known(one, 0, 15).every((position) => position === undefined)).toBe(true)
  }
  again.add(range(35, 36))
  expect(known(open(), 30, 36)).toEqual([30, 31, 32, 33, 34, 35])
})

it('takes more at once than a generation holds', () => {
  const names = open()
  names.add(range(0, 25))
  expect(known(names, 0, 25)).toEqual(range(0, 25).map(({ position }) => position))
})

it('forgets for good what the journal lost', () => {
  open().add(range(0, 6))
  expect(known(open(4), 0, 6)).toEqual([0, 1, 2, 3, undefined, undefined])
  expect(known(open(), 0, 6)).toEqual([0, 1, 2, 3, undefined, undefined])
})

it('reads up to a torn record, and writes on behind the last whole one', async () => {
  open().add(range(0, 3))
  await appendFile(join(folder, 'names'), 'torn')
  open().add(range(3, 4))
  expect(known(open(), 0, 4)).toEqual([0, 1, 2, 3])
  expect((await readFile(join(folder, 'names'))).length).toBe(4 * 24)
})

it('works on in memory where the folder cannot be written', async () => {
  await rm(folder, { recursive: true })
  const names = open()
  names.add(range(0, 3))
  await names.sync()
  expect([known(names, 0, 3), errors.length > 0]).toEqual([[0, 1, 2], true])
  await names.close()
  await writeFile(folder, '')
})

it('names frames by all of their parts, and by their source', () => {
  const different = [frameName('a', 'b', 'c'), frameName('a', 'bc'), frameName('ab', 'c'), frameName('a', 'b'), frameName('a', 'c', 'b')]
  expect(new Set(different).size).toBe(different.length)
})
