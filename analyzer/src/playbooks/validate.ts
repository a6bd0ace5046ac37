import { playbookSchema, type Playbook } from '@vonggac/contract'
import { branchesOf, followersOf, inOrder, type Step } from './workflow.ts'

export interface PlaybookProblem {
  /** `workflow.action--….on_completion` */
  readonly path: string
  readonly message: string
}

export type PlaybookResult =
  | { readonly playbook: Playbook; readonly problems?: never }
  | { readonly problems: readonly PlaybookProblem[]; readonly playbook?: never }

const stepTypes = ['start', 'end', 'action', 'playbook-action', 'parallel', 'if-condition', 'while-condition', 'switch-condition']

/**
 * A CACAO 2.0 playbook, checked for what its JSON schemas cannot see: that each step leads somewhere, that what is named is there, that nothing is out of reach or goes in circles.
 * All problems are told, not the first alone.
 */
export function checkPlaybook(value: unknown): PlaybookResult {
  const parsed = playbookSchema.safeParse(value)
  if (!parsed.success) {
    return { problems: parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })) }
  }
  const playbook = parsed.data
  const problems = [...startProblems(playbook), ...stepProblems(playbook), ...referenceProblems(playbook)]
  if (problems.length === 0) problems.push(...orderProblems(playbook))
  return problems.length > 0 ? { problems } : { playbook }
}

function startProblems({ workflow, workflow_start: start, workflow_exception: exception }: Playbook): PlaybookProblem[] {
  const problems: PlaybookProblem[] = []
  if (workflow[start]?.type !== 'start') problems.push({ path: 'workflow_start', message: `"${start}" is no start step of the workflow` })
  if (exception !== undefined && !workflow[String(exception)]) {
    problems.push({ path: 'workflow_exception', message: `there is no step "${String(exception)}" in the workflow` })
  }
  if (!Object.values(workflow).some(({ type }) => type === 'action' || type === 'playbook-action')) {
    problems.push({ path: 'workflow', message: 'there is no action in it' })
  }
  return problems
}

function stepProblems(playbook: Playbook): PlaybookProblem[] {
  return Object.entries(playbook.workflow).flatMap(([id, step]) =>
    shapeProblems(playbook, id, step).map((message) => ({ path: `workflow.${id}`, message })),
  )
}

function shapeProblems(playbook: Playbook, id: string, step: Step): string[] {
  const problems: string[] = []
  if (!stepTypes.includes(step.type)) return [`"${step.type}" is no type of step; types are: ${stepTypes.join(', ')}`]
  if (!id.startsWith(`${step.type}--`)) problems.push(`a step of the type ${step.type} has an id that begins with "${step.type}--"`)
  const followers = followersOf(step)
  const has = (key: string) => followers.some((follower) => follower.key === key)
  if (step.type === 'end' && followers.length > 0) problems.push('an end step leads nowhere')
  if (step.type !== 'end' && !has('on_completion') && !has('on_success'))
    problems.push('nothing follows it: give on_completion or on_success')
  if (has('on_completion') && (has('on_success') || has('on_failure'))) problems.push('on_completion excludes on_success and on_failure')
  if (step.type.endsWith('-condition') && branchesOf(step).length === 0) problems.push('a condition without a branch')
  if (step.type === 'parallel' && branchesOf(step).length < 2) problems.push('a parallel step has two branches or more in next_steps')
  if (step.type === 'action' && (!Array.isArray(step['commands']) || step['commands'].length === 0))
    problems.push('an action has one command or more')
  return [...problems, ...unknownObjects(playbook, step)]
}

function unknownObjects(playbook: Playbook, step: Step): string[] {
  const known = (group: string) => Object.keys((playbook[group] ?? {}) as object)
  const extensions = Object.keys((step['step_extensions'] ?? {}) as object)
  const problems = extensions
    .filter((id) => !known('extension_definitions').includes(id))
    .map((id) => `the extension "${id}" is not in extension_definitions`)
  if (step.type !== 'action') return problems
  if (!known('agent_definitions').includes(String(step['agent'])))
    problems.push(`the agent "${String(step['agent'])}" is not in agent_definitions`)
  const targets = Array.isArray(step['targets']) ? step['targets'].map(String) : []
  for (const target of targets) {
    if (!known('target_definitions').includes(target)) problems.push(`the target "${target}" is not in target_definitions`)
  }
  return problems
}

function referenceProblems({ workflow }: Playbook): PlaybookProblem[] {
  return Object.entries(workflow).flatMap(([id, step]) =>
    [...branchesOf(step), ...followersOf(step)]
      .filter(({ to }) => !workflow[to])
      .map(({ key, to }) => ({ path: `workflow.${id}.${key}`, message: `there is no step "${to}" in the workflow` })),
  )
}

function orderProblems(playbook: Playbook): PlaybookProblem[] {
  const reached = new Set(inOrder(playbook).map(([id]) => id))
  // The exception handler is reached by a failure, not by the workflow.
  if (playbook.workflow_exception !== undefined) {
    for (const [id] of inOrder({ ...playbook, workflow_start: String(playbook.workflow_exception) })) reached.add(id)
  }
  const lost = Object.keys(playbook.workflow).filter((id) => !reached.has(id))
  return [
    ...lost.map((id) => ({ path: `workflow.${id}`, message: 'no step leads here' })),
    ...circles(playbook).map((id) => ({
      path: `workflow.${id}`,
      message: 'the workflow comes back to this step; repeat steps with while-condition',
    })),
  ]
}

/** Steps that a path comes back to. The body of a while ends in an end step of its own, so no path of a sound workflow is a circle. */
function circles({ workflow }: Playbook): string[] {
  const found = new Set<string>()
  const state = new Map<string, 'open' | 'done'>()
  const visit = (id: string): void => {
    if (state.get(id) === 'open') found.add(id)
    if (state.has(id)) return
    state.set(id, 'open')
    for (const { to } of [...branchesOf(workflow[id]!), ...followersOf(workflow[id]!)]) visit(to)
    state.set(id, 'done')
  }
  for (const id of Object.keys(workflow)) visit(id)
  return [...found]
}
