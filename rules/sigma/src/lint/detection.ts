/** Checks of selections, values and the condition. */
import { lowerCondition } from '../compile/lower.ts'
import type { Condition, DetectionDocument, DetectionItem, FilterDocument, Value } from '../syntax/document.ts'
import { itemsOf } from '../syntax/items.ts'
import { Findings } from '../syntax/source.ts'
import { anyRun } from '../syntax/text.ts'
import { entryOf, type YamlMap, type YamlScalar } from '../syntax/yaml.ts'
import { judge, type Verdict } from './satisfiable.ts'

export function checkDetection(document: DetectionDocument | FilterDocument, findings: Findings): void {
  const body = entryOf(document.yaml, document.kind === 'rule' ? 'detection' : 'filter')?.value
  if (body?.kind !== 'map') return
  checkUnused(document, body, findings)
  checkCondition(document, body, findings)
  for (const item of itemsOf(document.selections.values())) checkItem(item, findings)
}

/** Selections that the condition never reaches. */
function checkUnused({ selections, condition }: DetectionDocument | FilterDocument, body: YamlMap, findings: Findings): void {
  const used = new Set(namesIn(condition))
  for (const name of selections.keys()) {
    if (used.has(name)) continue
    const at = entryOf(body, name)?.keyAt ?? body.at
    findings.warning('selection-unused', at, `The condition never uses "${name}".`)
  }
}

function* namesIn(condition: Condition): Iterable<string> {
  if (condition.kind === 'selection') yield condition.name
  else if (condition.kind === 'not') yield* namesIn(condition.of)
  else for (const member of condition.of) yield* namesIn(member)
}

function checkCondition(document: DetectionDocument | FilterDocument, body: YamlMap, findings: Findings): void {
  const entry = entryOf(body, 'condition')
  const nodes = entry?.value.kind === 'list' ? entry.value.items : entry === undefined ? [] : [entry.value]
  for (const node of nodes) if (node.kind === 'scalar') checkWording(node, document.selections.size, findings)
  const verdict = verdictOf(document)
  const at = entry?.value.at ?? body.at
  if (verdict === 'never') findings.warning('condition-never', at, 'The condition can never hold.')
  if (verdict === 'always') findings.warning('condition-always', at, 'The condition holds for every event.')
}

/** What does not compile is told elsewhere and left out of the expression, so nothing is known of the whole. */
function verdictOf({ selections, condition, source }: DetectionDocument | FilterDocument): Verdict {
  const problems = new Findings(source)
  const expression = lowerCondition(condition, selections, problems)
  return problems.errors > 0 ? 'depends' : judge(expression)
}

function checkWording({ text, at }: YamlScalar, selections: number, findings: Findings): void {
  const shouted = /\b(?:AND|OR|NOT|OF|THEM|ALL|ANY)\b/.exec(text)?.[0]
  if (shouted !== undefined)
    findings.warning('condition-case', at, `"${shouted}" should be written in small letters.`, { suggestion: shouted.toLowerCase() })
  if (selections === 1 && /\bof\s+them\b/i.test(text)) findings.warning('condition-them', at, '"of them" with one selection: name it.')
}

function checkItem(item: DetectionItem, findings: Findings): void {
  const { field, modifiers, values, at } = item
  const warn = (code: string, message: string, suggestion?: string): void => findings.warning(code, at, message, { suggestion, field })
  if (modifiers.includes('all') && values.length === 1) warn('all-single', '"all" over one value changes nothing.', 'Remove "all".')
  if (modifiers.includes('base64offset') && !modifiers.includes('contains'))
    warn('base64offset-contains', 'A part of a base64 text is only found with "contains" behind "base64offset".', 'base64offset|contains')
  if (modifiers.includes('windash') && values.every((value) => value.kind !== 'expansion'))
    warn('windash-no-dash', 'No value has the dash or slash of an option, so "windash" changes nothing.')
  if (values.length > 1 && values.some((value) => value.kind === 'null'))
    warn('null-in-list', 'null in a list is not foreseen by the specification.', 'Use a selection of its own.')
  checkRepeated(values, warn)
  for (const value of values) checkValue(value, item, warn)
}

type Warn = (code: string, message: string, suggestion?: string) => void

function checkRepeated(values: readonly Value[], warn: Warn): void {
  const seen = new Set<string>()
  for (const value of values) {
    const key = JSON.stringify(value).toLowerCase()
    if (seen.has(key)) warn('value-duplicate', 'A value stands twice in this list; upper and lower case are the same.')
    seen.add(key)
  }
}

function checkValue(value: Value, { field, modifiers }: DetectionItem, warn: Warn): void {
  if (value.kind === 'regex') {
    if (/^\.\*|(?<!\\)\.\*$/.test(value.source)) warn('regex-open-end', 'A regex is searched anywhere, so ".*" at an end changes nothing.')
    if (/^[\w\s-]+$/.test(value.source)) warn('regex-plain', 'This regex is plain text.', 'contains')
  }
  if (value.kind !== 'text' || modifiers.length > 0 || field === undefined || value.parts.length < 2) return
  const inner = value.parts.slice(1, -1).every((part) => typeof part === 'string')
  const [opens, closes] = [value.parts[0] === anyRun, value.parts.at(-1) === anyRun]
  if (inner && (opens || closes)) {
    const modifier = opens ? (closes ? 'contains' : 'endswith') : 'startswith'
    warn('wildcard-modifier', `A wildcard stands at the end of a value where a modifier says it plainer.`, `${field}|${modifier}`)
  }
}
