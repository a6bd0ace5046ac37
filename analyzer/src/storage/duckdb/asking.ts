import type { FieldName } from '@vonggac/contract'
import { always, type Expression, type Scalar } from '@vonggac/sigma'
import type { Aggregation } from '../event-store.ts'
import { columnsOf } from './catalogue.ts'
import type { RowCondition, Span } from './condition.ts'
import type { Engine } from './engine/engine.ts'
import type { EngineOperations, EventRows, Measured, Statement, Tallied } from './engine/protocol.ts'
import type { Wanted } from './plan.ts'
import { apart, fromSources, readsOf, type Selection, type Source } from './sources.ts'

/** SQL cannot decide these rows: the reference evaluator sees so many at once. */
const verifiedPage = 500
const rareShare = 4

type Rows = EngineOperations['rows']['answer']

/** One query under way: what it asks for, of which sources, until when. */
export class Asking {
  readonly sources: readonly Source[]
  /** Signatures leave few of the sources. */
  readonly rare: boolean
  readonly condition: RowCondition
  readonly where: Expression
  readonly wanted: Wanted
  readonly span: Span
  readonly #engine: Engine
  readonly #deadline: number
  readonly #signal: AbortSignal | undefined

  constructor(of: {
    readonly engine: Engine
    readonly sources: readonly Source[]
    readonly selection: Selection
    readonly condition: RowCondition
    readonly where: Expression
    readonly wanted: Wanted
    readonly span: Span
    readonly timeoutMs: number
    readonly signal: AbortSignal | undefined
  }) {
    this.#engine = of.engine
    this.sources = of.sources
    this.rare = of.selection.narrowed.length * rareShare <= of.selection.held.length
    this.condition = of.condition
    this.where = of.where
    this.wanted = of.wanted
    this.span = of.span
    this.#deadline = Date.now() + of.timeoutMs
    this.#signal = of.signal
  }

  /** Of one statement on all of the sources. */
  rows(sources: readonly Source[], statement: Statement): Promise<Rows> {
    return this.#engine.ask('rows', { ...statement, reads: readsOf(sources) }, this.#bounds)
  }

  /** Of a statement on the hot tables, and then of one on the segments. */
  async rowsApart(sources: readonly Source[], statement: (some: readonly Source[]) => Statement): Promise<Rows> {
    return (await this.#apart(sources, (some) => this.rows(some, statement(some)))).flat()
  }

  /** In no order. */
  async events(
    sources: readonly Source[],
    statement: (some: readonly Source[]) => Statement,
    verify: Expression | null,
  ): Promise<EventRows['events']> {
    const ask = (some: readonly Source[]) => ({ ...statement(some), reads: readsOf(some), verify })
    const answers = await this.#apart(sources, (some) => this.#engine.ask('events', ask(some), this.#bounds))
    return answers.flatMap(({ events }) => events)
  }

  async tally(
    sources: readonly Source[],
    statement: (some: readonly Source[]) => Statement,
    by: Aggregation | null,
  ): Promise<readonly Tallied[]> {
    const { where: verify, span } = this
    const ask = (some: readonly Source[]) => ({ ...statement(some), reads: readsOf(some), verify, by, clock: span.clock })
    return (await this.#apart(sources, (some) => this.#engine.ask('tally', ask(some), this.#bounds))).flat()
  }

  measure(sources: readonly Source[], statement: (some: readonly Source[]) => Statement, field: FieldName): Promise<readonly Measured[]> {
    const ask = (some: readonly Source[]) => ({ ...statement(some), reads: readsOf(some), verify: this.where, field })
    return this.#apart(sources, (some) => this.#engine.ask('measure', ask(some), this.#bounds))
  }

  #apart<T>(sources: readonly Source[], ask: (some: readonly Source[]) => Promise<T>): Promise<T[]> {
    return Promise.all(apart(sources).map(ask))
  }

  /** The expression that events have to be checked with, null where SQL alone decides on all of the sources. */
  verified(sources: readonly Source[]): Expression | null {
    const { condition, where } = this
    if (where === always || isDecided(sources)) return null
    return !condition.exact || condition.touchy || hasOdd(sources) ? where : null
  }

  /** How many candidates to fetch for so many events wanted. */
  pageSize(wanted: number, verify: Expression | null): number {
    return verify === null ? wanted : Math.max(wanted, verifiedPage)
  }

  /** `FROM … WHERE …` of the rows that are wanted or have to be checked; whole, or with the columns of the fields and of the condition. */
  candidates(sources: readonly Source[], named?: readonly string[]): string {
    const { base, wanted, odd } = this.condition
    const filter = isDecided(sources) ? '' : ` AND (${wanted} OR ${odd})`
    return `FROM ${fromSources(sources, named && this.columns(named))} WHERE ${base}${filter}`
  }

  /** The rows that are wanted or have to be checked, whole. */
  wholeCandidates(sources: readonly Source[]): Statement {
    return { sql: `SELECT * ${this.candidates(sources)}`, parameters: this.parameters(sources) }
  }

  /** Whole rows of which only the event tells whether it is wanted. */
  wholeOdd(sources: readonly Source[]): Statement {
    const { base, odd, baseParameters } = this.condition
    return { sql: `SELECT * FROM ${fromSources(sources)} WHERE ${base} AND ${odd}`, parameters: baseParameters }
  }

  /** Those of the fields and of the condition; undefined: any. */
  columns(named: readonly string[]): readonly string[] | undefined {
    const { columns } = this.condition
    return columns && [...columns, ...named.flatMap(columnsOf)]
  }

  /** Of `candidates`: DuckDB refuses a value for a parameter that the statement does not have. */
  parameters(sources: readonly Source[]): readonly Scalar[] {
    return isDecided(sources) ? this.condition.baseParameters : this.condition.parameters
  }

  get #bounds() {
    return { timeoutMs: Math.max(1, this.#deadline - Date.now()), signal: this.#signal }
  }
}

export function hasOdd(sources: readonly Source[]): boolean {
  return sources.some(({ contents }) => contents.odd > 0)
}

function isDecided(sources: readonly Source[]): boolean {
  return sources.every(({ decided }) => decided === true)
}
