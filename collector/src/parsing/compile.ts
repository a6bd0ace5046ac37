import { saidOf, say, textOf as inEnglish, type Said } from '@vonggac/contract'
import { fieldId } from '../field-names.ts'
import { conform } from './conform.ts'
import type { ParserDefinition, StepDefinition } from './definition.ts'
import { textOf, type Step } from './draft.ts'
import { auditd } from './steps/auditd.ts'
import { cef } from './steps/cef.ts'
import { columns } from './steps/columns.ts'
import { convert } from './steps/convert.ts'
import { csv } from './steps/csv.ts'
import { date } from './steps/date.ts'
import { append, duration, format, require, split, sum } from './steps/derive.ts'
import { dissect } from './steps/dissect.ts'
import { json } from './steps/json.ts'
import { kv } from './steps/kv.ts'
import { leef } from './steps/leef.ts'
import { copy, lowercase, map, pick, remove, rename, set, url } from './steps/mapping.ts'
import { regex } from './steps/regex.ts'
import { xml } from './steps/xml.ts'

type When = Extract<StepDefinition, { when: unknown }>
type Switch = Extract<StepDefinition, { switch: unknown }>
type Plain = Exclude<StepDefinition, When | Switch | { first: unknown }>

/** A mistake that only shows when a step is compiled. `path` is its place in the definition. */
export class StepMistake extends Error {
  readonly path: readonly PropertyKey[]
  readonly said: Said

  constructor(path: readonly PropertyKey[], said: Said) {
    super(inEnglish(said))
    this.name = 'StepMistake'
    this.path = path
    this.said = said
  }
}

/** The steps of a parser as one closure. @throws StepMistake */
export function compileParser(definition: ParserDefinition): Step {
  const accepts = Object.entries(definition.accepts).map(([field, values]) => ({ field: fieldId(field), values: new Set(values) }))
  const steps = compileSteps(definition.steps, ['steps'])
  // JSON brings types of its own; the other decoders give texts, which the parser's steps convert.
  const typed = definition.steps.some(decodesJson)
  const run: Step = typed ? (draft) => steps(draft) && (conform(draft.fields), true) : steps
  return (draft) => accepts.every(({ field, values }) => values.has(textOf(draft.fields, field) ?? '')) && run(draft)
}

function decodesJson(definition: StepDefinition): boolean {
  if ('first' in definition) return definition.first.flat().some(decodesJson)
  if ('when' in definition) return definition.steps.some(decodesJson)
  if ('switch' in definition) return stepsOf(definition).some(decodesJson)
  return 'json' in definition
}

function stepsOf({ cases, otherwise = [] }: Switch): StepDefinition[] {
  return [...cases.flatMap(({ steps }) => steps), ...otherwise]
}

function compileSteps(definitions: readonly StepDefinition[], path: readonly PropertyKey[]): Step {
  const steps = definitions.map((definition, index) => compileStep(definition, [...path, index]))
  return (draft) => {
    for (const step of steps) if (!step(draft)) return false
    return true
  }
}

function compileStep(definition: StepDefinition, path: readonly PropertyKey[]): Step {
  if ('first' in definition) return compileFirst(definition.first, [...path, 'first'])
  if ('when' in definition) return compileWhen(definition, path)
  if ('switch' in definition) return compileSwitch(definition, path)
  try {
    const step = compilePlain(definition)
    return mayFail(definition) || !isOptional(definition) ? step : (draft) => step(draft) || true
  } catch (error) {
    if (error instanceof StepMistake) throw error
    throw new StepMistake([...path, Object.keys(definition)[0]!], saidOf(error))
  }
}

function compilePlain(definition: Plain): Step {
  if ('json' in definition) return json(definition.json.field, definition.json.prefix, definition.json.names)
  if ('regex' in definition) return regex(definition.regex.field, definition.regex.pattern)
  if ('dissect' in definition) return dissect(definition.dissect.field, definition.dissect.pattern, definition.dissect.absent)
  if ('kv' in definition) return kv({ absent: undefined, words: undefined, ...definition.kv })
  if ('csv' in definition) return csv({ absent: undefined, rest: undefined, ...definition.csv })
  if ('columns' in definition) return columns({ typed: undefined, ...definition.columns })
  if ('cef' in definition) return cef(definition.cef.field, definition.cef.prefix)
  if ('leef' in definition) return leef(definition.leef.field, definition.leef.prefix)
  if ('xml' in definition) return xml(definition.xml)
  if ('auditd' in definition) return auditd(definition.auditd.field)
  if ('date' in definition) return date(definition.date.field, definition.date.formats)
  if ('convert' in definition) return convert(definition.convert.fields, definition.convert.optional)
  if ('duration' in definition) return duration(definition.duration.field, definition.duration.unit)
  if ('require' in definition) return require(definition.require)
  if ('append' in definition) return append(definition.append)
  if ('format' in definition) return format(definition.format)
  if ('split' in definition) return split(definition.split)
  if ('sum' in definition) return sum(definition.sum)
  if ('set' in definition) return set(definition.set)
  if ('copy' in definition) return copy(definition.copy)
  if ('pick' in definition) return pick(definition.pick)
  if ('rename' in definition) return rename(definition.rename)
  if ('remove' in definition) return remove(definition.remove)
  if ('lowercase' in definition) return lowercase(definition.lowercase)
  if ('map' in definition) return map(definition.map.field, definition.map.to, definition.map.values, definition.map.otherwise)
  return url(definition.url.field)
}

/** The first list whose steps succeed. Only its first step may fail, so that a list which is not taken has changed nothing. */
function compileFirst(lists: readonly (readonly StepDefinition[])[], path: readonly PropertyKey[]): Step {
  const alternatives = lists.map((list, index) => {
    const late = list.findIndex((step, place) => place > 0 && mayFail(step))
    if (late > 0) throw new StepMistake([...path, index, late], say('parser-late-failure'))
    return compileSteps(list, [...path, index])
  })
  return (draft) => alternatives.some((alternative) => alternative(draft))
}

function compileWhen({ when, steps }: When, path: readonly PropertyKey[]): Step {
  const inner = compileSteps(steps, [...path, 'steps'])
  const { is } = when
  const field = fieldId(when.field)
  if (!is) return (draft) => !draft.fields.has(field) || inner(draft)
  const values = new Set(is.map(String))
  return (draft) => {
    const text = textOf(draft.fields, field)
    return text === undefined || !values.has(text) || inner(draft)
  }
}

/** One look-up, however many cases there are. A value that no case names does the steps of `otherwise`, if there are any. */
function compileSwitch({ switch: { field: name, until }, cases, otherwise }: Switch, path: readonly PropertyKey[]): Step {
  const field = fieldId(name)
  const table = new Map<string, Step>()
  for (const [index, { is, steps }] of cases.entries()) {
    const inner = compileSteps(steps, [...path, 'cases', index, 'steps'])
    for (const value of is.map(String)) {
      if (table.has(value)) throw new StepMistake([...path, 'cases', index, 'is'], say('parser-case-twice', { value }))
      table.set(value, inner)
    }
  }
  const rest = otherwise ? compileSteps(otherwise, [...path, 'otherwise']) : () => true
  return (draft) => {
    const text = textOf(draft.fields, field)
    const end = text === undefined || until === undefined ? -1 : text.indexOf(until)
    const own = table.get((end < 0 ? text : text!.slice(0, end)) ?? '') ?? rest
    return own(draft)
  }
}

function isOptional(definition: StepDefinition): boolean {
  return Object.values(definition).some((body: unknown) => (body as { optional?: boolean }).optional === true)
}

function mayFail(definition: StepDefinition): boolean {
  if ('first' in definition) return !definition.first.some((list) => !mayFail(list[0]!))
  if ('when' in definition) return definition.steps.some(mayFail)
  if ('switch' in definition) return stepsOf(definition).some(mayFail)
  if ('require' in definition) return true
  const decoder = ['json', 'regex', 'dissect', 'kv', 'csv', 'columns', 'cef', 'leef', 'xml', 'auditd', 'date', 'convert'].some(
    (name) => name in definition,
  )
  return decoder && !isOptional(definition)
}
