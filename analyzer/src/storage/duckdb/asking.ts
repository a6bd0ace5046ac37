import { always, type Expression, type Scalar } from '@vonggac/sigma'
import { columnsOf } from './catalogue.ts'
import type { RowCondition, Span } from './condition.ts'
import type { Engine } from './engine/engine.ts'
import type { EngineOperations, EventRows, Statement } from './engine/protocol.ts'
import type { Wanted } from './plan.ts'
import { fromSources, type Selection, type Source } from './sources.ts'

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

  rows(statement: Statement): Promise<Rows> {
    return this.#engine.ask('rows', statement, this.#bounds)
  }

  async events(statement: Statement, verify: Expression | null): Promise<EventRows['events']> {
    return (await this.#engine.ask('events', { ...statement, verify }, this.#bounds)).events
  }

  tally(ask: EngineOperations['tally']['ask']): Promise<EngineOperations['tally']['answer']> {
    return this.#engine.ask('tally', ask, this.#bounds)
  }

  measure(ask: EngineOperations['measure']['ask']): Promise<EngineOperations['measure']['answer']> {
    return this.#engine.ask('measure', ask, this.#bounds)
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
