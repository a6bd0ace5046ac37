import type { Playbook } from '@vonggac/contract'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readPlaybooks, tasksOf } from './library.ts'
import { checkPlaybook } from './validate.ts'

const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
const [start, end, first, second, branch, agent] = ['start', 'end', 'action', 'action', 'end', 'group'].map(
  (kind, n) => `${kind}--${uuid(n)}`,
) as [string, string, string, string, string, string]
const action = (name: string, next: string) => ({
  type: 'action',
  name,
  commands: [{ type: 'manual', command: name }],
  agent,
  on_completion: next,
})

function playbook(workflow: Playbook['workflow']): unknown {
  return {
    type: 'playbook',
    spec_version: 'cacao-2.0',
    id: `playbook--${uuid(0)}`,
    name: 'Test',
    created_by: `identity--${uuid(0)}`,
    created: '2026-11-22T00:00:00.000Z',
    modified: '2026-11-22T00:00:00.000Z',
    workflow_start: start,
    workflow: { [start]: { type: 'start', on_completion: first }, [end]: { type: 'end' }, ...workflow },
    agent_definitions: { [agent]: { type: 'group', name: 'SOC' } },
  }
}
const problemsOf = (workflow: Playbook['workflow']) =>
  (checkPlaybook(playbook(workflow)).problems ?? []).map(({ path, message }) => `${path}: ${message}`)

it('makes tasks of the actions in the order of the workflow, branches before what follows them', () => {
  const parallel = `parallel--${uuid(9)}`
  const third = `action--${uuid(8)}`
  const other = `end--${uuid(7)}`
  const result = checkPlaybook(
    playbook({
      [third]: action('after', end),
      [second]: action('right', other),
      [first]: action('before', parallel),
      [parallel]: { type: 'parallel', next_steps: [`action--${uuid(6)}`, second], on_completion: third },
      [`action--${uuid(6)}`]: action('left', branch),
      [branch]: { type: 'end' },
      [other]: { type: 'end' },
    }),
  )
  expect(tasksOf(result.playbook!).map(({ title }) => title.en)).toEqual(['before', 'left', 'right', 'after'])
})

it('says where a playbook is wrong, and all that is', () => {
  expect(problemsOf({ [first]: action('a', second) })).toEqual([
    `workflow.${first}.on_completion: there is no step "${second}" in the workflow`,
  ])
  expect(problemsOf({ [first]: action('a', end), [second]: action('b', end) })).toEqual([`workflow.${second}: no step leads here`])
  expect(problemsOf({ [first]: action('a', second), [second]: action('b', first) })).toContainEqual(
    `workflow.${first}: the workflow comes back to this step; repeat steps with while-condition`,
  )
  expect(problemsOf({ [first]: { ...action('a', end), agent: 'group--x', commands: [] } })).toEqual([
    `workflow.${first}: an action has one command or more`,
    `workflow.${first}: the agent "group--x" is not in agent_definitions`,
  ])
  expect(problemsOf({ [first]: { type: 'action', commands: [{}], agent } })).toEqual([
    `workflow.${first}: nothing follows it: give on_completion or on_success`,
  ])
  expect(checkPlaybook({ type: 'playbook' }).problems).toContainEqual({ path: 'spec_version', message: expect.any(String) })
})

it('keeps a bad playbook out of the library and tells why', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vonggac-playbooks-'))
  try {
    await mkdir(join(folder, 'good'))
    await mkdir(join(folder, 'bad'))
    await writeFile(join(folder, 'good', 'playbook.json'), JSON.stringify(playbook({ [first]: action('a', end) })))
    await writeFile(join(folder, 'bad', 'playbook.json'), '{')
    const library = await readPlaybooks([folder])
    expect(library.summaries.map(({ name, steps }) => [name, steps])).toEqual([['good', 1]])
    expect(library.refused).toMatchObject([{ problems: [{ message: expect.stringContaining('no JSON') as string }] }])
    expect(() => library.find('missing')).toThrow('There is no playbook "missing"; playbooks are: good.')
  } finally {
    await rm(folder, { recursive: true })
  }
})
