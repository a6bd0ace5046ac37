import { link, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { quotedText } from '../catalogue.ts'
import { Databases } from './databases.ts'

/** Each with the heads of 1,220 columns in row groups. */
const files = 400
let folder: string
let databases: Databases

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vonggac-databases-'))
  databases = await Databases.open({ memoryMegabytes: 512, temporaryFolder: folder })
  const columns = Array.from({ length: 61 }, (_, n) => `i + ${n} AS c${n}`)
  await databases.use(undefined, (connection) =>
    connection.run(`COPY (SELECT ${columns.join(', ')} FROM range(40960) r(i)) TO ${quotedText(join(folder, '0.parquet'))}
      (FORMAT parquet, ROW_GROUP_SIZE 2048)`),
  )
  for (let n = 1; n < files; n++) await link(join(folder, '0.parquet'), join(folder, `${n}.parquet`))
})
afterAll(() => rm(folder, { recursive: true }))

function reading(first: number, count: number): string {
  const paths = Array.from({ length: count }, (_, n) => quotedText(join(folder, `${first + n}.parquet`)))
  return `SELECT count(*) FROM read_parquet([${paths.join(', ')}]) WHERE c3 = -1`
}

async function ask(sql: string, segments = 0): Promise<unknown> {
  return databases.use({ tables: false, segments }, async (connection) => (await connection.runAndReadAll(sql)).getRowsJS()[0]?.[0])
}

/** Megabytes, by DuckDB's own count. */
async function heads(): Promise<number> {
  return Number(await ask(`SELECT memory_usage_bytes / 1e6 FROM duckdb_memory() WHERE tag = 'OBJECT_CACHE'`))
}

it('keeps heads of segments, and lets all of them go when they are many', async () => {
  await ask(reading(0, 50), 50)
  const once = await heads()
  expect(once).toBeGreaterThan(5)
  await ask(reading(0, 50), 50)
  expect(await heads()).toBe(once)
  let most = 0
  for (let first = 0; first < files; first += 50) {
    expect(await ask(reading(first, 50), 50)).toBe(0n)
    most = Math.max(most, await heads())
  }
  expect(most).toBeGreaterThan(once)
  expect(most).toBeLessThan(34 + 2 * once)
  await expect.poll(heads).toBeLessThan(34)
})

it('keeps none of a statement on more segments than it would keep heads of', async () => {
  const before = await heads()
  expect(await ask(reading(0, files), files)).toBe(0n)
  expect(await heads()).toBe(before)
})

it('lets a statement end that began before the heads were let go', async () => {
  const slow = 'SELECT count(*) FROM range(20000) a, range(20000) b WHERE (a.range + b.range) % 7 = 8'
  const [answer] = await Promise.all([
    ask(slow),
    (async () => {
      for (let first = 0; first < files; first += 100) await ask(reading(first, 100), 100)
    })(),
  ])
  expect(answer).toBe(0n)
})
