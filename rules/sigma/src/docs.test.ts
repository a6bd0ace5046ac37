/** The pages of `docs` name what there is: every test that they promise, every export of the package. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import * as sigma from './index.ts'

const page = (name: string) => readFile(join(import.meta.dirname, '../docs', name), 'utf8')

const promised = Array.from(
  (await page('traps.md')).matchAll(/`([\w/-]+\.test\.ts)` › `([^`]+)`/g),
  ([, file, name]) => [file!, name!] as const,
)

it('every trap has a test', async () => {
  const rows = (await page('traps.md'))
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(1)
  expect(rows.length).toBeGreaterThan(25)
  for (const row of rows) expect(row).toMatch(/\.test\.ts` › `/)
})

it.each(promised)('%s has the test "%s"', async (file, name) => {
  expect(await readFile(join(import.meta.dirname, file), 'utf8')).toContain(name)
})

it('every export is described', async () => {
  const text = await page('api.md')
  for (const name of Object.keys(sigma)) expect(text).toMatch(new RegExp(`\`(?:new )?${name}\\b`))
})
