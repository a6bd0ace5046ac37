import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { parseYaml } from '@vonggac/contract'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { extensionOf } from './extension.ts'
import { readPlaybooks, tasksOf } from './library.ts'
import { play } from './workflow.ts'

const folder = fileURLToPath(new URL('../../../playbooks', import.meta.url))
const library = await readPlaybooks([folder])

/** `scenario.yml` beside a playbook. */
const scenarioSchema = z.strictObject({
  tasks: z.array(z.string()),
  paths: z.array(
    z.strictObject({ title: z.string(), answers: z.record(z.string(), z.union([z.boolean(), z.string()])), steps: z.array(z.string()) }),
  ),
})

it('ships playbooks that are all sound', () => {
  expect(library.refused).toEqual([])
  expect(library.summaries.map(({ name }) => name)).toEqual(['account-compromise', 'incident-response', 'web-intrusion'])
})

it.each(library.summaries.map(({ name }) => name))('%s does what its scenario says', (name) => {
  const playbook = library.find(name)
  const scenario = scenarioSchema.parse(parseYaml(readFileSync(join(folder, name, 'scenario.yml'), 'utf8')))
  expect(tasksOf(playbook).map(({ title }) => title.en)).toEqual(scenario.tasks)
  const played = scenario.paths.map(({ title, answers }) => [title, play(playbook, answers).map((step) => step.name)])
  expect(played).toEqual(scenario.paths.map(({ title, steps }) => [title, steps]))
})

it.each(library.summaries.map(({ name }) => name))('%s is written in Vietnamese and English, and some of it is mandatory', (name) => {
  const playbook = library.find(name)
  expect(extensionOf(playbook['playbook_extensions']).name_vi).toBeTruthy()
  const tasks = tasksOf(playbook)
  for (const { title, description } of tasks) {
    expect(title.vi).not.toBe(title.en)
    expect(description?.vi).not.toBe(description?.en)
  }
  expect(tasks.some(({ mandatory }) => mandatory)).toBe(true)
})
