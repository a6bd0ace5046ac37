import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readForm } from './form.ts'

it.each([
  ['is no YAML', 'id: [', 'line 1'],
  ['lacks what a form has', 'id: x\n', 'title'],
  ['nests without end', '['.repeat(20_000), 'levels deep'],
])('a form that %s is refused with its place', async (_, text, told) => {
  const folder = await mkdtemp(join(tmpdir(), 'vonggac-form-'))
  const file = join(folder, 'form.yml')
  await writeFile(file, text)
  await expect(readForm(file)).rejects.toMatchObject({ code: 'invalid-configuration', message: expect.stringContaining(told) as string })
  await rm(folder, { recursive: true })
})
