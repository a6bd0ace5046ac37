import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { evaluate } from '@vonggac/sigma'
import { expect, it } from 'vitest'
import { readKql } from './kql.ts'

/** The queries of docs/hunt.md: the last column of its tables. */
function queries(): readonly string[] {
  const text = readFileSync(join(import.meta.dirname, '../../../docs/hunt.md'), 'utf8')
  const rows = text.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| system |'))
  return rows.flatMap((row) =>
    Array.from(
      row
        .split(' | ')
        .at(-1)!
        .matchAll(/`([^`]+)`/g),
      ([, query]) => query!,
    ),
  )
}

const names = async () => ['source.ip', 'destination.ip']

it('shows analysts queries that can be asked', async () => {
  expect(queries().length).toBeGreaterThan(15)
  for (const query of queries()) await expect(readKql(query, new Date(), names), query).resolves.toBeDefined()
})

it('reads dates by the clock of the city, and now as the time of asking', async () => {
  const finds = async (query: string, time: string) =>
    evaluate((await readKql(query, new Date('2026-11-22T03:00:00Z'), names)).where, { '@timestamp': time })
  expect(await finds('@timestamp >= "2026-11-22T08:00"', '2026-11-22T01:00:00.000Z')).toBe(true)
  expect(await finds('@timestamp >= "2026-11-22T08:00"', '2026-11-22T00:59:59.000Z')).toBe(false)
  expect(await finds('@timestamp >= now-2h', '2026-11-22T01:30:00.000Z')).toBe(true)
  expect(await finds('@timestamp >= now-2h', '2026-11-22T00:30:00.000Z')).toBe(false)
})
