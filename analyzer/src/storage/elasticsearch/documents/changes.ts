import type { Scope } from '@vonggac/contract'
import type { Append, Sequenced, WriteResult } from '../../document-store.ts'
import { retrying, type Patience } from '../retry.ts'
import type { Cells } from './cells.ts'
import type { Commits } from './commits.ts'
import { Draft, type Prepared } from './draft.ts'
import { keyOf } from './names.ts'
import type { SeriesEntries } from './series.ts'

export interface Changed {
  readonly results: readonly WriteResult[]
  readonly appended: readonly Sequenced<unknown>[]
}

interface Waiting {
  readonly scope: Scope
  readonly writes: readonly Prepared[]
  readonly entries: readonly Append[]
  readonly resolve: (changed: Changed) => void
  readonly reject: (error: unknown) => void
}

/** Changes carried out in one commit. */
const maxTogether = 64

/**
 * Changes that are all or nothing. Those asked for while others are being carried out share one commit, in the order in which they were asked for;
 * where one throws or conflicts, only it is left out.
 */
export class Changes {
  readonly #cells: Cells
  readonly #series: SeriesEntries
  readonly #commits: Commits
  readonly #patience: Patience
  #waiting: Waiting[] = []
  #running: Promise<void> | undefined

  constructor(cells: Cells, series: SeriesEntries, commits: Commits, patience: Patience) {
    this.#cells = cells
    this.#series = series
    this.#commits = commits
    this.#patience = patience
  }

  run(scope: Scope, writes: readonly Prepared[], entries: readonly Append[]): Promise<Changed> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ scope, writes, entries, resolve, reject })
      this.#running ??= this.#runAll()
    })
  }

  /** Resolves when what was asked for is carried out. */
  async finished(): Promise<void> {
    await this.#running
  }

  async #runAll(): Promise<void> {
    // At the end of this turn, so that its other changes come along.
    await new Promise(setImmediate)
    while (this.#waiting.length > 0) await this.#together(this.#waiting.splice(0, maxTogether))
    this.#running = undefined
  }

  async #together(waiting: readonly Waiting[]): Promise<void> {
    try {
      for (const answer of await retrying(() => this.#carryOut(waiting), this.#patience)) answer()
    } catch (error) {
      for (const { reject } of waiting) reject(error)
    }
  }

  async #carryOut(waiting: readonly Waiting[]): Promise<(() => void)[]> {
    for (;;) {
      const answers: (() => void)[] = []
      let draft = await this.#read(waiting)
      for (const one of waiting) {
        const attempt = draft.fork()
        try {
          const changed = apply(attempt, one)
          if (!changed.results.some((result) => 'conflict' in result)) draft = attempt
          answers.push(() => one.resolve(changed))
        } catch (error) {
          answers.push(() => one.reject(error))
        }
      }
      if (await this.#commits.carryOut(draft.changes)) return answers
    }
  }

  async #read(waiting: readonly Waiting[]): Promise<Draft> {
    const places = waiting.flatMap(({ writes }) => writes.map(({ place }) => place))
    const counts = new Map<string, number>()
    for (const { series } of waiting.flatMap(({ entries }) => entries)) counts.set(series.name, (counts.get(series.name) ?? 0) + 1)
    const [cells, tails] = await Promise.all([
      this.#cells.readToWrite(places),
      Promise.all([...counts].map(async ([name, count]) => [name, await this.#series.tail(name, count)] as const)),
    ])
    return new Draft(new Map(cells.map((cell) => [keyOf(cell.place), cell])), new Map(tails))
  }
}

/** Where a write conflicts, no entry is made. */
function apply(draft: Draft, { scope, writes, entries }: Waiting): Changed {
  const results = writes.map((write) => draft.write(scope, write))
  if (results.some((result) => 'conflict' in result)) return { results, appended: [] }
  return { results, appended: entries.map((entry) => draft.append(entry)) }
}
