/** From the syntax tree to the predicate IR: field names are looked up, values read by their field's type. */
import { anyText, type Expression } from '../ir/expression.ts'
import { globMatches } from '../ir/glob.ts'
import { nearest } from '../syntax/suggest.ts'
import { type FieldInfo, typeOf } from './fields.ts'
import type { MomentOptions } from './moments.ts'
import type { KqlLiteral, KqlMatch, KqlNode, KqlProblem, KqlRange, KqlValue, Place } from './syntax.ts'
import { writtenText } from './syntax.ts'
import { anywhere, comparing, matching } from './values.ts'

export interface LowerOptions extends MomentOptions {
  /** The fields that events have. Without them, patterns of fields are refused and nothing warns of a name mistyped. */
  readonly fields?: readonly FieldInfo[]
}

/** Finding what a mistyped name was meant to be takes time. */
const mostWarnings = 20

/** A query may become so many predicates: a pattern of fields stands for many. */
const mostPredicates = 5000

export class Lowering {
  readonly problems: KqlProblem[] = []
  readonly warnings: KqlProblem[] = []
  /** By the pattern as it was written. */
  readonly patterns = new Map<string, readonly string[]>()
  readonly #options: LowerOptions
  readonly #known: ReadonlyMap<string, FieldInfo>
  #left = mostPredicates

  constructor(options: LowerOptions) {
    this.#options = options
    this.#known = new Map(options.fields?.map((field) => [field.name, field]))
  }

  /** The expression; what cannot be said is in `problems` and left out. */
  lower(node: KqlNode): Expression {
    switch (node.kind) {
      case 'everything':
        return { all: [] }
      case 'and':
        return { all: node.of.map((member) => this.lower(member)) }
      case 'or':
        this.#warnOfLoneValues(node.of)
        return { any: node.of.map((member) => this.lower(member)) }
      case 'not':
        return { not: this.lower(node.of) }
      case 'match':
        return this.#match(node)
      case 'range':
        return this.#range(node)
    }
  }

  #match({ field, value }: KqlMatch): Expression {
    if (field === undefined) return this.#value(value, anywhere)
    const fields = this.#fieldsOf(field)
    return this.#value(value, (literal) =>
      this.#anyOf(fields, literal, (info) => matching(info.name, typeOf(info), literal, this.#options)),
    )
  }

  #value(value: KqlValue, leaf: (literal: KqlLiteral) => Expression): Expression {
    switch (value.kind) {
      case 'and':
        return { all: value.of.map((member) => this.#value(member, leaf)) }
      case 'or':
        return { any: value.of.map((member) => this.#value(member, leaf)) }
      case 'not':
        return { not: this.#value(value.of, leaf) }
      case 'literal':
        return leaf(value)
    }
  }

  #range({ field, operator, value }: KqlRange): Expression {
    const testOf = (info: FieldInfo) => comparing(operator, typeOf(info), value, this.#options)
    const fields = this.#fieldsOf(field)
    const comparable = fields.filter((info) => testOf(info) !== undefined)
    // Of the many fields of a pattern, those that cannot be compared are not meant.
    return this.#anyOf(comparable.length > 0 ? comparable : fields.slice(0, 1), value, (info) => {
      const test = testOf(info)
      if (test !== undefined) return { field: info.name, test }
      const written = writtenText(value)
      if (/^now\b/.test(written) && this.#options.now === undefined)
        return this.#refuse('date-now', value, `Nothing says what \`now\` means here; write a date such as \`2026-07-28\`.`)
      if (typeOf(info) === 'ip') {
        const message = `Addresses are not compared by \`${operator}\`; write a network such as \`${info.name}: 10.0.0.0/8\`.`
        return this.#refuse('range-address', value, message)
      }
      const message = `\`${operator}\` compares with a number or a date, such as \`5\`, \`2026-07-28\` or \`now-1d\`; "${written}" is neither.`
      return this.#refuse('range-value', value, message)
    })
  }

  #anyOf(fields: readonly FieldInfo[], place: Place, leaf: (field: FieldInfo) => Expression): Expression {
    this.#left -= fields.length
    if (this.#left < 0) {
      if (this.#left + fields.length >= 0)
        this.#refuse('too-many-predicates', place, `With its patterns of fields the query makes more than ${mostPredicates} comparisons.`)
      return { any: [] }
    }
    return fields.length === 1 ? leaf(fields[0] as FieldInfo) : { any: fields.map(leaf) }
  }

  /** The fields that a literal names: one, or all that fit its pattern. */
  #fieldsOf(literal: KqlLiteral): readonly FieldInfo[] {
    const name = writtenText(literal)
    if (literal.parts.some(({ kind }) => kind === 'many')) return this.#fieldsLike(literal, name)
    const known = this.#known.get(name)
    if (known !== undefined) return [known]
    if (literal.words.length > 1) return this.#refuseSpaced(literal)
    if (this.#known.size > 0 && this.warnings.length < mostWarnings) {
      const near = nearest(name, this.#known.keys())
      const message = `No event is known to have the field \`${name}\`.`
      this.warnings.push({
        code: 'field-unknown',
        message,
        start: literal.start,
        end: literal.end,
        ...(near !== undefined && { suggestion: near }),
      })
    }
    return [{ name }]
  }

  #fieldsLike(literal: KqlLiteral, name: string): readonly FieldInfo[] {
    if (name === anyText) return [{ name: anyText }]
    if (this.#options.fields === undefined) {
      this.#refuse('field-pattern', literal, `Which fields \`${name}\` stands for is not known here; name one field.`)
      return []
    }
    const fields = this.#options.fields.filter((field) => globMatches(literal.parts, field.name))
    const names = fields.map((field) => field.name)
    this.patterns.set(name, names)
    if (fields.length === 0 && this.warnings.length < mostWarnings) {
      const { start, end } = literal
      this.warnings.push({ code: 'field-unknown', message: `No event is known to have a field like \`${name}\`.`, start, end })
    }
    return fields
  }

  #refuseSpaced(literal: KqlLiteral): readonly FieldInfo[] {
    const last = literal.words.at(-1) as KqlLiteral['words'][number]
    const message = `Before \`${writtenText(last)}\` the word \`and\` or \`or\` is missing; the name of a field with spaces is written in quotes.`
    const suggestion = `and ${writtenText(last)}`
    this.problems.push({ code: 'operator-missing', message, start: last.start, end: last.end, suggestion })
    return []
  }

  /** `user.name: a or b` looks for `b` in every text, which is seldom meant. */
  #warnOfLoneValues(members: readonly KqlNode[]): void {
    members.forEach((member, at) => {
      if (this.warnings.length >= mostWarnings) return
      const before = members[at - 1]
      if (before?.kind !== 'match' || before.field === undefined || before.value.kind !== 'literal') return
      if (member.kind !== 'match' || member.field !== undefined || member.value.kind !== 'literal') return
      const message = `This is looked for in every text. If it is a value of \`${writtenText(before.field)}\`, put the values into parentheses.`
      this.warnings.push({ code: 'value-alone', message, start: member.start, end: member.end })
    })
  }

  #refuse(code: string, { start, end }: Place, message: string): Expression {
    this.problems.push({ code, message, start, end })
    return { any: [] }
  }
}
