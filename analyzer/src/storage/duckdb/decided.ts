import type { Scalar } from '@vonggac/sigma'
import type { Aggregation } from '../event-store.ts'
import { aggregateStatements } from './aggregate.ts'
import type { Asking } from './asking.ts'
import type { Statement } from './engine/protocol.ts'
import { fromSources, type Source } from './sources.ts'

/** The rows of some sources that SQL decides to be wanted. */
export class Decided {
  readonly #asking: Asking
  readonly #sources: readonly Source[]
  readonly #columns: readonly string[] | undefined
  readonly #filter: string
  readonly parameters: readonly Scalar[]

  /** With the columns of the fields and of the condition. Where it is `undecided`, some rows are left to the reference evaluator. */
  constructor(asking: Asking, sources: readonly Source[], named: readonly string[], undecided: boolean) {
    const { condition } = asking
    this.#columns = asking.columns(named)
    this.#asking = asking
    this.#sources = sources
    this.parameters = asking.parameters(sources)
    const wanted = this.parameters === condition.parameters ? ` AND ${condition.wanted}` : ''
    this.#filter = `${condition.base}${wanted}${undecided ? ` AND ${condition.odd} IS NOT TRUE` : ''}`
  }

  /** `FROM … WHERE …`, of all of the sources or of some. */
  from(some = this.#sources): string {
    return `FROM ${fromSources(some, this.#columns)} WHERE ${this.#filter}`
  }

  /** That count them; with `all`, no term is left out. */
  statements(by: Aggregation | null, all: boolean): readonly Statement[] {
    const unnumbered = (field: string) => {
      const some = this.#sources.filter(({ contents }) => contents.unnumbered?.includes(field) ?? true)
      return some.length === 0 ? undefined : this.from(some)
    }
    return aggregateStatements(this.from(), this.parameters, by, this.#asking.span.clock, all, unnumbered)
  }
}
