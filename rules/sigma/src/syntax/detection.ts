/** Detections: named selections made of maps (every item must hold), lists (any member suffices) and keywords. */
import type { Detection, DetectionItem, Selections, Value } from './document.ts'
import { applyModifier, itemModifiers, modifierNames, valueModifiers, verbatimModifiers } from './modifiers.ts'
import { ValueProblem } from './problem.ts'
import { checkRegex } from './regex.ts'
import type { Findings } from './source.ts'
import { nearest } from './suggest.ts'
import { parseText } from './text.ts'
import type { YamlEntry, YamlList, YamlMap, YamlNode, YamlScalar } from './yaml.ts'

/** The keys of `detection` that are no selections. */
const reserved: ReadonlySet<string> = new Set(['condition', 'timeframe'])

export function parseSelections(detection: YamlMap, findings: Findings): Selections {
  const selections = new Map<string, Detection>()
  for (const { key, keyAt, value } of detection.entries) {
    if (reserved.has(key)) continue
    if (!/^\w[\w.-]*$/.test(key)) {
      const message = `The selection name "${key}" cannot be written in a condition; only patterns such as "1 of them" reach it.`
      findings.warning('selection-name', keyAt, message, { suggestion: key.includes('|') ? 'Put modifiers behind the field.' : undefined })
    }
    const parsed = parseDetection(value, findings)
    if (parsed !== undefined) selections.set(key, parsed)
  }
  return selections
}

export function parseDetection(node: YamlNode, findings: Findings): Detection | undefined {
  switch (node.kind) {
    case 'map':
      return group(
        'all',
        node,
        node.entries.map((entry) => parseItem(entry, findings)),
        findings,
      )
    case 'list':
      return parseList(node, findings)
    case 'scalar':
      return keywords([node], node.at, findings)
  }
}

function parseList(list: YamlList, findings: Findings): Detection | undefined {
  const scalars = list.items.filter((item) => item.kind === 'scalar')
  const others = list.items.filter((item) => item.kind !== 'scalar')
  const members = others.map((item) => parseDetection(item, findings))
  if (scalars.length > 0) members.unshift(keywords(scalars, list.at, findings))
  return group('any', list, members, findings)
}

function group(
  kind: 'all' | 'any',
  node: YamlMap | YamlList,
  members: readonly (Detection | undefined)[],
  findings: Findings,
): Detection | undefined {
  if (members.length === 0) findings.error('selection-empty', node.at, 'This selection is empty, so it says nothing about an event.')
  const of = members.filter((member) => member !== undefined)
  if (of.length === 0) return undefined
  return of.length === 1 ? of[0] : { kind, of, at: node.at }
}

function keywords(scalars: readonly YamlScalar[], at: number, findings: Findings): DetectionItem | undefined {
  return makeItem({ field: undefined, modifiers: [], at }, scalars, findings)
}

function parseItem({ key, keyAt, value }: YamlEntry, findings: Findings): DetectionItem | undefined {
  const [field = '', ...modifiers] = key.split('|')
  const head = { field: field === '' ? undefined : field, modifiers, at: keyAt }
  if (value.kind === 'map') {
    findings.error('value-map', value.at, `"${field}" has a map as its value; a field takes one value or a list of values.`)
    return undefined
  }
  const nested = value.kind === 'list' ? value.items.find((item) => item.kind !== 'scalar') : undefined
  if (nested !== undefined) {
    findings.error('value-nested', nested.at, `A value of "${field}" must be a text, a number, true, false or null.`)
    return undefined
  }
  const scalars = value.kind === 'list' ? value.items.filter((item) => item.kind === 'scalar') : [value]
  if (scalars.length === 0) {
    findings.error('value-empty-list', value.at, `"${field}" has an empty list, which nothing can match.`, {
      suggestion: "Write '' for the empty text or null for no value.",
    })
    return undefined
  }
  return makeItem(head, scalars, findings)
}

type Head = Pick<DetectionItem, 'field' | 'modifiers' | 'at'>

function makeItem(head: Head, scalars: readonly YamlScalar[], findings: Findings): DetectionItem | undefined {
  if (!checkModifiers(head, scalars, findings)) return undefined
  const transforms = head.modifiers.map((name) => valueModifiers.get(name)).filter((modify) => modify !== undefined)
  const verbatim = head.modifiers.some((name) => verbatimModifiers.has(name))
  const values: Value[] = []
  for (const scalar of scalars) {
    try {
      const value = transforms.reduce<Value>((current, modify) => applyModifier(modify, current), initialValue(scalar, verbatim))
      checkValue(value, head)
      spendExpansions(value, findings)
      values.push(value)
    } catch (error) {
      if (!(error instanceof ValueProblem)) throw error
      findings.error(error.code, scalar.at, error.message, { suggestion: error.suggestion, field: head.field })
      if (findings.expansions < 0) break
    }
  }
  if (values.length < scalars.length) return undefined
  return { kind: 'item', ...head, values, linking: head.modifiers.includes('all') ? 'all' : 'any', negated: head.modifiers.includes('neq') }
}

/** Throws once the file has become too many values; what is written after that is not expanded further. */
export function spendExpansions(value: Value, findings: Findings): void {
  if (value.kind === 'expansion') findings.expansions -= value.values.length
  if (findings.expansions < 0)
    throw new ValueProblem(
      'value-too-many',
      'What is written stands for more values than can be held.',
      'Use a regular expression, or fewer dashes and placeholders.',
    )
}

function initialValue(scalar: YamlScalar, verbatim: boolean): Value {
  const { value, text } = scalar
  if (value === null) return { kind: 'null' }
  if (typeof value === 'boolean') return { kind: 'boolean', value, text }
  if (typeof value === 'number') return { kind: 'number', value, text }
  return { kind: 'text', parts: verbatim ? (value === '' ? [] : [value]) : parseText(value) }
}

function checkValue(value: Value, head: Head): void {
  // What a placeholder will put into a regex is not known yet.
  if (value.kind === 'regex' && !value.expands) checkRegex(value.source, value.flags)
  if (head.field !== undefined) return
  if (value.kind === 'null') throw new ValueProblem('keyword-null', 'null is no keyword: it needs a field.')
  if (['exists', 'fieldReference', 'compare', 'timePart'].includes(value.kind))
    throw new ValueProblem('keyword-modifier', `The modifiers "${head.modifiers.join('|')}" need a field.`)
}

/** Whether all modifiers are known and make sense together; says what is wrong otherwise. */
function checkModifiers({ field, modifiers, at }: Head, scalars: readonly YamlScalar[], findings: Findings): boolean {
  const before = findings.errors
  const place = (name: string): number => findings.source.text.indexOf(`|${name}`, at) + 1 || at
  for (const name of modifiers) {
    if (itemModifiers.has(name) || valueModifiers.has(name)) continue
    const near = nearest(name, modifierNames)
    findings.error('modifier-unknown', place(name), `There is no modifier "${name}".`, { suggestion: near, field })
  }
  const repeated = modifiers.find((name, index) => modifiers.indexOf(name) !== index)
  if (repeated !== undefined) findings.error('modifier-repeated', place(repeated), `The modifier "${repeated}" is written twice.`)
  if (modifiers.includes('exists') && (modifiers.length > 1 || scalars.length > 1))
    findings.error('modifier-combination', place('exists'), 'The modifier "exists" stands alone and takes one value.')
  return findings.errors === before
}
