/** Predicates as items of detections: a field with modifiers, and a value. */
import { anyText, type Predicate, type Test } from '../../ir/expression.ts'
import { parseGlob } from '../../ir/glob.ts'
import { parseNetwork } from '../../ir/network.ts'
import { textOf } from '../../ir/text.ts'
import { anyOne, anyRun, formatText, parseText, type TextPart } from '../../syntax/text.ts'

export type ItemValue = string | number | boolean | null

export interface Item {
  /** The field, and its modifiers behind `|`. */
  readonly key: string
  readonly field: string
  readonly values: readonly ItemValue[]
}

/** Why Sigma has no words for a part of an expression. */
export interface SigmaProblem {
  /** Stable, kebab-case. */
  readonly code: string
  readonly message: string
  readonly field?: string
}

export class Unsayable extends Error {
  readonly problem: SigmaProblem

  constructor(problem: SigmaProblem) {
    super(problem.message)
    this.problem = problem
  }
}

/** The predicate as an item. Throws `Unsayable`. */
export function itemOf({ field, test }: Predicate): Item {
  if (field === '' || field.includes('|'))
    throw new Unsayable({ code: 'field-name', message: `Sigma cannot name the field "${field}": behind "|" stand modifiers.`, field })
  if (test.kind === 'compare' && Number.isInteger(test.value) && !Number.isSafeInteger(test.value)) {
    const message = `A rule's file cannot hold the number ${test.value} to compare with: integers beyond 2^53 are texts there.`
    throw new Unsayable({ code: 'number-too-large', message, field })
  }
  const { modifiers, value } = field === anyText ? keyword(test) : valueOf(test)
  const name = field === anyText ? '' : field
  return { key: [name, ...modifiers].join('|'), field, values: [value] }
}

interface Modified {
  readonly modifiers: readonly string[]
  readonly value: ItemValue
}

function valueOf(test: Test): Modified {
  switch (test.kind) {
    case 'exists':
      return { modifiers: ['exists'], value: true }
    case 'null':
      return { modifiers: [], value: null }
    case 'compare':
      return { modifiers: [test.operator], value: test.value }
    case 'timePart':
      return { modifiers: [test.part], value: test.value }
    case 'moment':
      throw new Unsayable({
        code: 'moment',
        message: 'Sigma does not compare times with a moment: a rule looks at each event as it arrives. Leave the dates out.',
      })
    case 'network':
      return { modifiers: ['cidr'], value: cidrOf(test.cidr) }
    case 'regex':
      // An empty value is refused, and means the same.
      return { modifiers: ['re', ...new Set(test.flags)], value: test.source || '(?:)' }
    case 'equalsField':
      return { modifiers: ['fieldref', ...placed(test.match), ...casing(test.cased)], value: test.other }
    case 'equals':
      if (typeof test.value !== 'string' && test.cased !== true) return { modifiers: [], value: test.value }
      return { modifiers: casing(test.cased), value: written([textOf(test.value) ?? '']) }
    case 'prefix':
    case 'suffix':
    case 'contains':
      return { modifiers: [...placed(test.kind), ...casing(test.cased)], value: written([textOf(test.value) ?? '']) }
    case 'glob':
      return { modifiers: casing(test.cased), value: written(partsOf(test.pattern)) }
  }
}

/** A keyword is looked for anywhere in a text, or at one of its ends. */
function keyword(test: Test): Modified {
  if (test.kind === 'regex' || test.kind === 'network') return valueOf(test)
  if (test.kind === 'prefix' || test.kind === 'suffix' || test.kind === 'contains') return valueOf(test)
  if (test.kind === 'glob') {
    const parts = partsOf(test.pattern)
    const opens = parts[0] === anyRun
    const closes = parts.length > 1 && parts.at(-1) === anyRun
    const place = opens ? (closes || parts.length === 1 ? 'contains' : 'suffix') : closes ? 'prefix' : undefined
    const inner = written(parts.slice(opens ? 1 : 0, closes ? -1 : undefined))
    if (place !== undefined) return { modifiers: [...placed(place), ...casing(test.cased)], value: inner }
  }
  throw new Unsayable({
    code: 'keyword-test',
    message: `Sigma cannot ask this of every field ("${test.kind}"): without a field it looks for words, regular expressions and networks. Name a field.`,
  })
}

const placing = { equals: [], prefix: ['startswith'], suffix: ['endswith'], contains: ['contains'] } as const

function placed(match: keyof typeof placing): readonly string[] {
  return placing[match]
}

function casing(cased: true | undefined): readonly string[] {
  return cased ? ['cased'] : []
}

function cidrOf(cidr: string): string {
  const { bytes, bits } = parseNetwork(cidr) ?? { bytes: [], bits: 0 }
  if (bytes.length === 4) return `${bytes.join('.')}/${bits}`
  return cidr.includes('/') ? cidr : `${cidr}/128`
}

function partsOf(pattern: string): readonly TextPart[] {
  return parseGlob(textOf(pattern) ?? '').map((part) => (part.kind === 'text' ? part.text : part.kind === 'one' ? anyOne : anyRun))
}

/** As people write it: a backslash stands alone where nothing behind it makes an escape of it. */
function written(parts: readonly TextPart[]): string {
  const plain = parts
    .map((part, at) => {
      if (typeof part !== 'string') return formatText([part])
      const followed = typeof parts[at + 1] === 'object'
      return part
        .replace(/[*?]/g, '\\$&')
        .replace(/\\(?=\\)/g, '\\\\')
        .replace(/\\$/, followed ? '\\\\' : '\\')
    })
    .join('')
  const safe = formatText(parts)
  return formatText(parseText(plain)) === safe ? plain : safe
}
