/** From parsed detections to the predicate IR. */
import { anyText, never, type Expression, type Predicate, type Test } from '../ir/expression.ts'
import type { Condition, Detection, DetectionItem, Selections, TextValue, Value } from '../syntax/document.ts'
import { ValueProblem } from '../syntax/problem.ts'
import type { Findings } from '../syntax/source.ts'
import { anyRun, formatText, isPlaceholder, joinParts, literalText, type TextPart, withPlaceholders } from '../syntax/text.ts'
import { checkRegex } from '../syntax/regex.ts'

/** The condition as one expression; problems of values are reported and their predicates left out. */
export function lowerCondition(condition: Condition, selections: Selections, findings: Findings): Expression {
  const lowered = new Map<string, Expression>()
  const lower = (node: Condition): Expression => {
    switch (node.kind) {
      case 'all':
        return { all: node.of.map(lower) }
      case 'any':
        return { any: node.of.map(lower) }
      case 'not':
        return { not: lower(node.of) }
      case 'selection': {
        let expression = lowered.get(node.name)
        if (expression === undefined) {
          expression = lowerDetection(selections.get(node.name) as Detection, findings)
          lowered.set(node.name, expression)
        }
        return expression
      }
    }
  }
  return lower(condition)
}

function lowerDetection(detection: Detection, findings: Findings): Expression {
  if (detection.kind === 'item') return lowerItem(detection, findings)
  const members = detection.of.map((member) => lowerDetection(member, findings))
  return detection.kind === 'all' ? { all: members } : { any: members }
}

function lowerItem(item: DetectionItem, findings: Findings): Expression {
  if (item.absent !== undefined) return never
  const expressions: Expression[] = []
  for (const value of item.values) {
    try {
      expressions.push(lowerValue(value, item))
    } catch (error) {
      if (!(error instanceof ValueProblem)) throw error
      findings.error(error.code, item.at, error.message, { suggestion: error.suggestion, field: item.field })
    }
  }
  const joined =
    expressions.length === 1 ? (expressions[0] as Expression) : item.linking === 'all' ? { all: expressions } : { any: expressions }
  return item.negated ? { not: joined } : joined
}

function lowerValue(value: Value, item: DetectionItem): Expression {
  if (value.kind === 'expansion') {
    if (value.values.length === 0) return never
    return { any: value.values.map((member) => lowerValue(member, item)) }
  }
  if (value.kind === 'exists') {
    const present: Predicate = { field: fieldOf(item), test: { kind: 'exists' } }
    return value.value ? present : { not: present }
  }
  return { field: fieldOf(item), test: testOf(value, item) }
}

function fieldOf(item: DetectionItem): string {
  return item.field ?? anyText
}

type Simple = Exclude<Value, { kind: 'expansion' | 'exists' }>

function testOf(value: Simple, item: DetectionItem): Test {
  switch (value.kind) {
    case 'text':
      return textTest(isPlainKeyword(item) ? keyword(value) : value)
    case 'number':
    case 'boolean':
      if (isPlainKeyword(item)) return { kind: 'contains', value: value.text }
      return { kind: 'equals', value: value.value }
    case 'regex':
      if (value.expands) refuseUnresolved(withPlaceholders([value.source]))
      checkRegex(value.source, value.flags)
      return { kind: 'regex', source: value.source, flags: value.flags }
    case 'network':
      return { kind: 'network', cidr: value.cidr }
    case 'compare':
      return { kind: 'compare', operator: value.operator, value: value.value }
    case 'timePart':
      return { kind: 'timePart', part: value.part, value: value.value }
    case 'null':
      return { kind: 'null' }
    case 'fieldReference':
      return { kind: 'equalsField', other: value.field, match: value.match, ...(value.cased ? { cased: true } : {}) }
  }
}

const placing: ReadonlySet<string> = new Set(['contains', 'startswith', 'endswith'])

/** A keyword without a modifier that says where is searched anywhere in a value. */
function isPlainKeyword(item: DetectionItem): boolean {
  return item.field === undefined && !item.modifiers.some((name) => placing.has(name))
}

function keyword(text: TextValue): TextValue {
  return { ...text, parts: joinParts([anyRun, ...text.parts, anyRun]) }
}

/** A placeholder that stayed would be searched as it is written, and under "not" that is always true. */
function refuseUnresolved(parts: readonly TextPart[]): void {
  const unresolved = parts.find(isPlaceholder)
  if (unresolved === undefined) return
  const suggestion = `Give values for "${unresolved.placeholder}" in a pipeline or with the rules' placeholders.`
  throw new ValueProblem('placeholder-unresolved', `Nothing says what %${unresolved.placeholder}% stands for.`, suggestion)
}

/** The cheapest test that says the same as the text's wildcards. */
function textTest({ parts, cased, bytes }: TextValue): Test {
  refuseUnresolved(parts)
  if (bytes && parts.some((part) => typeof part === 'string' && /[^\0-\x7f]/.test(part))) {
    const suggestion = 'Add base64 or base64offset behind it.'
    throw new ValueProblem('encoding-not-text', 'These UTF-16 bytes are no readable text that an event could hold.', suggestion)
  }
  const options = cased ? { cased } : {}
  const opens = parts[0] === anyRun
  const closes = parts.length > 1 && parts.at(-1) === anyRun
  const inner = literalText(parts.slice(opens ? 1 : 0, closes ? -1 : undefined))
  if (inner === undefined || (inner === '' && opens)) return { kind: 'glob', pattern: formatText(parts), ...options }
  const kind = opens ? (closes ? 'contains' : 'suffix') : closes ? 'prefix' : 'equals'
  return { kind, value: inner, ...options }
}
