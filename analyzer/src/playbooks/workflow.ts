import type { Playbook } from '@vonggac/contract'

export type Step = Playbook['workflow'][string]

/** The keys of a step that name another step, in the order in which those are done. */
export interface Reference {
  readonly key: string
  readonly to: string
}

/** What is done within a step: the branches of a parallel, an if, a while or a switch. Each ends in an end step of its own. */
export function branchesOf(step: Step): readonly Reference[] {
  return [...single(step, 'next_steps'), ...single(step, 'on_true'), ...single(step, 'on_false'), ...cases(step)]
}

/** What follows a step when it and its branches are done. */
export function followersOf(step: Step): readonly Reference[] {
  return [...single(step, 'on_completion'), ...single(step, 'on_success'), ...single(step, 'on_failure')]
}

function single(step: Step, key: string): Reference[] {
  const value = step[key]
  const ids = Array.isArray(value) ? value : value === undefined ? [] : [value]
  return ids.map((id) => ({ key, to: String(id) }))
}

function cases(step: Step): Reference[] {
  const value = step['cases']
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).map(([name, id]) => ({ key: `cases.${name}`, to: String(id) }))
}

/** The steps in the order in which they are done; branches one after the other, each before what follows the step that they belong to. */
export function inOrder(playbook: Playbook): readonly (readonly [id: string, step: Step])[] {
  const order = new Map<string, Step>()
  const visit = (id: string): void => {
    const step = playbook.workflow[id]
    if (!step || order.has(id)) return
    order.set(id, step)
    for (const { to } of branchesOf(step)) visit(to)
    for (const { to } of followersOf(step)) visit(to)
  }
  visit(playbook.workflow_start)
  return [...order]
}

/**
 * The actions that are done when the conditions are answered so: by the name of the step, or for a switch by the name of its case. An unanswered condition is false.
 * A failure is not played; `while` is gone through once when true.
 */
export function play(playbook: Playbook, answers: Readonly<Record<string, boolean | string>>): readonly Step[] {
  const done: Step[] = []
  const run = (id: string | undefined): void => {
    const step = id === undefined ? undefined : playbook.workflow[id]
    if (!step) return
    if (step.type === 'action') done.push(step)
    for (const { to } of branchesOf(step).filter(({ key }) => isTaken(step, key, answers[step.name ?? '']))) run(to)
    run(followersOf(step).find(({ key }) => key !== 'on_failure')?.to)
  }
  run(playbook.workflow_start)
  return done
}

function isTaken(step: Step, key: string, answer: boolean | string | undefined): boolean {
  switch (step.type) {
    case 'if-condition':
    case 'while-condition':
      return key === (answer === true ? 'on_true' : 'on_false')
    case 'switch-condition':
      return key === `cases.${typeof answer === 'string' ? answer : 'default'}`
    default:
      return true
  }
}
