import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { readPacks } from './packs.ts'
import { readPipelines } from './pipelines.ts'
import { compilePacks } from './repository.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const packs = await readPacks([join(root, 'rules/packs')])
const entries = compilePacks(packs, await readPipelines([join(root, 'rules/sigma/pipelines')]))

it('refuses no rule that we ship, other than correlations', () => {
  const refused = entries.filter(({ loaded }) => !loaded)
  expect(refused.flatMap(({ diagnostics }) => diagnostics.filter(({ code }) => code !== 'correlation-not-evaluated'))).toEqual([])
})

it.each(entries.flatMap(({ loaded }) => loaded ?? []).map((rule) => [rule.compiled.file, rule] as const))(
  '%s speaks Vietnamese, says why it matters, and names a playbook that is there',
  (_file, { titles, reason, playbook }) => {
    expect(titles?.vi).toBeTruthy()
    expect(reason?.vi).toBeTruthy()
    expect(existsSync(join(root, 'playbooks', playbook ?? '', 'playbook.json'))).toBe(true)
  },
)
