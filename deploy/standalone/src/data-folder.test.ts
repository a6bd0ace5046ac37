import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { linkSecret, prepareDataFolder } from './data-folder.ts'
import { temporaryFolder } from './testing.ts'

let folder: ReturnType<typeof temporaryFolder>
let mask: number
beforeEach(() => {
  folder = temporaryFolder()
  mask = process.umask()
})
afterEach(() => {
  process.umask(mask)
  folder.dispose()
})

const modeOf = (...path: string[]) => (statSync(join(folder.path, ...path)).mode & 0o777).toString(8)

test('nobody else on the machine can read what is kept, also in a folder that was open to all before', () => {
  const data = join(folder.path, 'data')
  mkdirSync(data, { mode: 0o755 })
  prepareDataFolder(data)
  linkSecret(data)
  // What the processes write later, by whatever means.
  mkdirSync(join(data, 'documents'))
  writeFileSync(join(data, 'documents', 'documents.db'), '')
  expect([modeOf('data', 'secrets'), modeOf('data', 'logs'), modeOf('data', 'documents')]).toEqual(['700', '700', '700'])
  expect([modeOf('data', 'secrets', 'link.secret'), modeOf('data', 'documents', 'documents.db')]).toEqual(['600', '600'])
})

test('the link secret is made once', () => {
  prepareDataFolder(folder.path)
  const secret = linkSecret(folder.path)
  expect(secret).toMatch(/^[\w-]{43}$/)
  expect(linkSecret(folder.path)).toBe(secret)
})
