/** Running pipelines over a rule. */
import type { Detection, DetectionDocument, DetectionItem, Selections, Value } from '../syntax/document.ts'
import { ValueProblem } from '../syntax/problem.ts'
import { Findings } from '../syntax/source.ts'
import type { Pipeline, RuleState, Step } from './pipeline.ts'

/** By priority; those of the same priority in the order given. */
export function inOrder(pipelines: readonly Pipeline[]): readonly Pipeline[] {
  return pipelines.toSorted((a, b) => a.priority - b.priority)
}

/** The rule after all steps of all pipelines. What a step refuses is reported to `findings` as an error. */
export function applyPipelines(rule: DetectionDocument, pipelines: readonly Pipeline[], findings: Findings): DetectionDocument {
  const variables = new Map(pipelines.flatMap(({ vars }) => Object.entries(vars)))
  const state: RuleState = { rule, findings, applied: new Set(), appliedToField: new Map(), mapped: new Set(), variables, state: new Map() }
  for (const pipeline of inOrder(pipelines)) for (const step of pipeline.steps) applyStep(step, state)
  return state.rule
}

export function applyStep(step: Step, state: RuleState): void {
  if (!step.appliesToRule(state)) return
  const { transformation } = step
  if (transformation.level === 'rule') transformation.apply(state)
  else mapItems(state, (item) => (transformation.level === 'item' ? transformItem(item, step, state) : renameItem(item, step, state)))
  if (transformation.level === 'field') renameFieldList(step, state)
  if (step.id !== undefined) state.applied.add(step.id)
}

function mapItems(state: RuleState, change: (item: DetectionItem) => Detection | undefined): void {
  let changed = false
  const selections = new Map<string, Detection>()
  for (const [name, detection] of state.rule.selections) {
    const mapped = mapDetection(detection, change)
    changed ||= mapped !== detection
    selections.set(name, mapped ?? { kind: 'all', of: [], at: detection.at })
  }
  if (changed) state.rule = { ...state.rule, selections: selections satisfies Selections }
}

/** A selection all of whose items were dropped holds always, as dropping an item lifts what it asked. */
function mapDetection(detection: Detection, change: (item: DetectionItem) => Detection | undefined): Detection | undefined {
  // What is known to be absent keeps the name that it is reported under.
  if (detection.kind === 'item') return detection.absent === undefined ? change(detection) : detection
  const members = detection.of.map((member) => mapDetection(member, change))
  if (members.every((member, index) => member === detection.of[index])) return detection
  const of = members.filter((member) => member !== undefined)
  return of.length === 0 ? undefined : { ...detection, of }
}

function transformItem(item: DetectionItem, step: Step, state: RuleState): Detection | undefined {
  if (step.transformation.level !== 'item' || !step.appliesToItem(item, state) || !step.appliesToField({ field: item.field, item }, state))
    return item
  try {
    const result = step.transformation.apply(item, state)
    return result === undefined ? undefined : marked(result, step.id)
  } catch (error) {
    if (!(error instanceof ValueProblem)) throw error
    state.findings.error(error.code, item.at, error.message, { suggestion: error.suggestion, field: item.field })
    return item
  }
}

/** Remembers at every item that a step has applied to it. */
function marked(detection: Detection, id: string | undefined): Detection {
  if (id === undefined) return detection
  if (detection.kind !== 'item') return { ...detection, of: detection.of.map((member) => marked(member, id)) }
  return { ...detection, applied: new Set([...(detection.applied ?? []), id]) }
}

function renameItem(item: DetectionItem, step: Step, state: RuleState): Detection {
  if (!step.appliesToItem(item, state)) return item
  const referring = { ...item, values: item.values.map((value) => renameReference(value, item, step, state)) }
  const changed = referring.values.some((value, index) => value !== item.values[index]) ? referring : item
  const names = newNames(item.field, item, step, state)
  if (names === undefined) return changed
  const members = names.map((field) => marked({ ...changed, field }, step.id))
  if (members.length === 1) return members[0] as Detection
  // Negated, none of the names may match.
  return { kind: item.negated ? 'all' : 'any', of: members, at: item.at }
}

function renameReference(value: Value, item: DetectionItem, step: Step, state: RuleState): Value {
  if (value.kind === 'expansion') return { ...value, values: value.values.map((member) => renameReference(member, item, step, state)) }
  if (value.kind !== 'fieldReference') return value
  const names = newNames(value.field, item, step, state)
  if (names === undefined) return value
  if (names.length === 1) return { ...value, field: names[0] as string }
  return { kind: 'expansion', values: names.map((field) => ({ ...value, field })) }
}

/** The names that a step gives to a field, or undefined when it leaves it alone. */
function newNames(field: string | undefined, item: DetectionItem | undefined, step: Step, state: RuleState): readonly string[] | undefined {
  if (field === undefined || step.transformation.level !== 'field' || !step.appliesToField({ field, item }, state)) return undefined
  const names = step.transformation.map(field, state)
  for (const name of names ?? []) {
    state.mapped.add(name)
    if (step.id !== undefined) remember(state.appliedToField, name, step.id)
  }
  return names
}

function remember(sets: Map<string, Set<string>>, key: string, id: string): void {
  const set = sets.get(key)
  if (set === undefined) sets.set(key, new Set([id]))
  else set.add(id)
}

function renameFieldList(step: Step, state: RuleState): void {
  const { metadata } = state.rule
  if (metadata.fields.length === 0) return
  const fields = metadata.fields.flatMap((field) => newNames(field, undefined, step, state) ?? [field])
  state.rule = { ...state.rule, metadata: { ...metadata, fields } }
}

/** What a rule's pipelines would call fields that stand outside it, such as a correlation's `group-by`. */
export function renameFields(fields: readonly string[], rule: DetectionDocument, pipelines: readonly Pipeline[]): readonly string[] {
  const alone = { ...rule, metadata: { ...rule.metadata, fields }, selections: new Map() }
  return applyPipelines(alone, pipelines, new Findings(rule.source)).metadata.fields
}
