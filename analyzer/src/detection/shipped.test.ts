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

it('refuses no rule that we ship', () => {
  expect(entries.filter(({ loaded }) => !loaded).flatMap(({ diagnostics }) => diagnostics)).toEqual([])
})

it('raises no alerts of the building blocks of correlations', () => {
  const silent = entries.filter(({ metadata }) => metadata?.silent).map(({ title }) => title)
  expect(silent.toSorted()).toEqual([
    'Failed Access to a Web Administration Page',
    'Failed SSH Login',
    'SSH Login',
    'Several Failed SSH Logins',
  ])
})

it.each(entries.flatMap(({ loaded }) => loaded ?? []).map((rule) => [rule.compiled.file, rule] as const))(
  '%s speaks Vietnamese, says why it matters, and names a playbook that is there',
  (_file, { compiled, titles, descriptions, falsePositiveTexts, reason, playbook }) => {
    expect(titles?.vi).toBeTruthy()
    expect(descriptions?.vi).toBeTruthy()
    expect(falsePositiveTexts?.vi).toHaveLength(compiled.falsePositives.length)
    expect(reason?.vi).toBeTruthy()
    expect(existsSync(join(root, 'playbooks', playbook ?? '', 'playbook.json'))).toBe(true)
  },
)
