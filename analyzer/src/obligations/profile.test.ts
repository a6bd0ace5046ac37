import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readLegalProfile } from './profile.ts'

it.each([
  ['is no YAML', 'id: [', 'line 1'],
  ['nests without end', '['.repeat(20_000), 'levels deep'],
])('a legal profile that %s is refused with its place', async (_, text, told) => {
  const folder = await mkdtemp(join(tmpdir(), 'vonggac-profile-'))
  const file = join(folder, 'profile.yml')
  await writeFile(file, text)
  await expect(readLegalProfile(file)).rejects.toMatchObject({
    code: 'invalid-configuration',
    message: expect.stringContaining(told) as string,
  })
  await rm(folder, { recursive: true })
})
