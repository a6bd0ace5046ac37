/**
 * Expressions as DuckDB SQL.
 *
 * SQL knows three truth values, the IR two: a NULL counts as false, and `NOT x` is written `x IS NOT TRUE`.
 */
import { convert, type Language } from '../bounds.ts'
import { anyText, type Expression, type Scalar, type Test } from '../../ir/expression.ts'
import { grouped, type DuckDbPredicate } from './grouped.ts'
import { anyOf } from './let.ts'
import { conditionAt, emptyAt, ofText, stringsIn, textsAt, type DuckDbColumn, type Place, type PlacedTest } from './place.ts'
import { portablePattern } from './regex.ts'
import { foldedExactly } from './text.ts'

export interface DuckDbOptions {
  /** The column of a field; undefined for a field that has none of its own. */
  readonly column: (field: string) => DuckDbColumn | undefined
  /** The columns with strings of events, for keywords: those of type `text` and `list`. */
  readonly texts: readonly DuckDbColumn[]
  /**
   * SQL of the JSON object (type JSON, NULL for none) that holds by its flat name every field without a column, and the values that do
   * not fit theirs. Without it such fields are missing from every event.
   */
  readonly extra?: string
  /** The number of the first parameter, `$1` unless told otherwise. */
  readonly firstParameter?: number
}

export interface DuckDbCondition {
  /** True for the events wanted; false or NULL for others, so negate the expression and not this. */
  readonly sql: string
  /** The values of `$1`, `$2`, …, or from `firstParameter` on; all are texts. */
  readonly parameters: Scalar[]
  /** When false, the condition is also true for some other events: check what it finds with `evaluate`. */
  readonly exact: boolean
}

/** The expression as a condition for WHERE. Throws a SyntaxError for a regular expression that the reference evaluator refuses. */
export function toDuckDbSql(expression: Expression, options: DuckDbOptions): DuckDbCondition {
  const language = new DuckDb(options)
  const { query, exact } = convert(grouped(expression), language)
  return { sql: query, parameters: language.parameters, exact }
}

class DuckDb implements Language<string, DuckDbPredicate> {
  readonly parameters: string[] = []
  readonly #options: DuckDbOptions
  readonly #numbers = new Map<string, number>()
  readonly #bind = (value: string): string => this.#parameter(value)

  constructor(options: DuckDbOptions) {
    this.#options = options
  }

  all(members: readonly string[]): string {
    if (members.length < 2) return members[0] ?? 'TRUE'
    return `(${members.join(' AND ')})`
  }

  any(members: readonly string[]): string {
    if (members.length < 2) return members[0] ?? 'FALSE'
    return `(${members.join(' OR ')})`
  }

  not(member: string): string {
    return `((${member}) IS NOT TRUE)`
  }

  leaf({ field, test }: DuckDbPredicate): string {
    if (test.kind === 'equalsField') return this.#fieldsCompared(field, test)
    return field === anyText ? this.#keyword(test) : this.#anywhere(test, this.#placesOf(field))
  }

  isExact({ test }: DuckDbPredicate): boolean {
    return test.kind !== 'regex' || portablePattern(test) !== undefined
  }

  #anywhere(test: PlacedTest, places: readonly Place[]): string {
    const conditions = places.map((place) => conditionAt(test, place, this.#bind))
    if (test.kind !== 'null') return this.any(conditions)
    return this.any([this.all(places.map(emptyAt)), ...conditions])
  }

  #keyword(test: PlacedTest): string {
    if (test.kind === 'null') return this.not(this.#keyword({ kind: 'exists' }))
    const { texts, extra } = this.#options
    const conditions = texts.map((column) => conditionAt(test, column, this.#bind))
    if (extra !== undefined) conditions.push(anyOf(stringsIn(extra), 'member', (member) => ofText(test, member, this.#bind)))
    return this.any(conditions)
  }

  #placesOf(field: string): Place[] {
    const { extra } = this.#options
    const column = this.#options.column(field)
    const places: Place[] = column === undefined ? [] : [column]
    if (extra !== undefined && (column === undefined || column.overflows)) {
      const pointer = `/${field.replaceAll('~', '~0').replaceAll('/', '~1')}`
      places.push({ type: 'json', sql: extra, pointer: this.#bind(pointer) })
    }
    return places
  }

  #fieldsCompared(field: string, test: Extract<Test, { readonly kind: 'equalsField' }>): string {
    const compared = (text: string) => (test.cased ? text : foldedExactly(text))
    const matches = (text: string, other: string) => {
      const [left, right] = [compared(text), compared(other)]
      return test.match === 'equals' ? `${left} = ${right}` : `${functions[test.match]}(${left}, ${right})`
    }
    const [column, other] = [this.#textColumn(field), this.#textColumn(test.other)]
    if (column !== undefined && other !== undefined) return matches(column, other)
    return anyOf(this.#textsOf(field), 'text', (text) => anyOf(this.#textsOf(test.other), 'other', (each) => matches(text, each)))
  }

  /** The SQL of a field that is in one column as one text. */
  #textColumn(field: string): string | undefined {
    const [place, ...more] = field === anyText ? [] : this.#placesOf(field)
    return place?.type === 'text' && more.length === 0 ? place.sql : undefined
  }

  /** SQL of a VARCHAR[] of a field's texts. */
  #textsOf(field: string): string {
    const { texts, extra } = this.#options
    const lists = field === anyText ? texts.map(textsAt) : this.#placesOf(field).map(textsAt)
    if (field === anyText && extra !== undefined) lists.push(`coalesce(${stringsIn(extra)}, [])`)
    return lists.reduce((before, list) => (before === '' ? list : `list_concat(${before}, ${list})`), '') || 'CAST([] AS VARCHAR[])'
  }

  #parameter(value: string): string {
    let number = this.#numbers.get(value)
    if (number === undefined) {
      number = this.parameters.push(value) - 1 + (this.#options.firstParameter ?? 1)
      this.#numbers.set(value, number)
    }
    return `$${number}`
  }
}

const functions = { prefix: 'starts_with', suffix: 'ends_with', contains: 'contains' } as const
