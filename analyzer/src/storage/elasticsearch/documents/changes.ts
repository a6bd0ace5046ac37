import type { Scope } from '@vonggac/contract'
import type { Append, Sequenced, WriteResult } from '../../document-store.ts'
import { retrying, type Patience } from '../retry.ts'
import type { Cells } from './cells.ts'
import type { Commits } from './commits.ts'
import { Draft, type Prepared } from './draft.ts'
import type { Memory } from './memory.ts'
import { keyOf } from './names.ts'
import type { Cell } from './replace.ts'
import type { SeriesEntries, Tail } from './series.ts'

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
  readonly #memory: Memory
  readonly #series: SeriesEntries
  readonly #commits: Commits
  readonly #patience: Patience
  #waiting: Waiting[] = []
  #running: Promise<void> | undefined

  constructor(cells: Cells, memory: Memory, series: SeriesEntries, commits: Commits, patience: Patience) {
    this.#cells = cells
    this.#memory = memory
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
    // The change before has its places until it is carried out.
    await this.#commits.finished()
    const remembered = this.#remembered(waiting)
    if (remembered !== undefined) {
      const { draft, answers, isWhole } = attempt(remembered, waiting)
      if (isWhole && (await this.#commit(draft))) return answers
      for (const { place } of writesOf(waiting)) this.#memory.forget(place)
    }
    for (;;) {
      const { draft, answers } = attempt(await this.#read(waiting), waiting)
      if (await this.#commit(draft)) return answers
    }
  }

  async #commit(draft: Draft): Promise<boolean> {
    const isMade = await this.#commits.carryOut(draft.changes)
    if (isMade) for (const [series, entry] of draft.lastEntries) this.#series.appended(series, entry)
    return isMade
  }

  /** As this process left everything that the changes are of; undefined where it does not know all of it. */
  #remembered(waiting: readonly Waiting[]): Draft | undefined {
    const cells = writesOf(waiting).map(({ place }) => this.#memory.get(place))
    const tails = [...countsOf(waiting)].map(([name, count]) => [name, this.#series.rememberedTail(name, count)] as const)
    if (!cells.every((cell) => cell !== undefined) || !tails.every(isKnown)) return undefined
    return draftOf(cells, tails)
  }

  async #read(waiting: readonly Waiting[]): Promise<Draft> {
    const [cells, tails] = await Promise.all([
      this.#cells.readToWrite(writesOf(waiting).map(({ place }) => place)),
      Promise.all([...countsOf(waiting)].map(async ([name, count]) => [name, await this.#series.tail(name, count)] as const)),
    ])
    return draftOf(cells, tails)
  }
}

function isKnown(tail: readonly [string, Tail | undefined]): tail is readonly [string, Tail] {
  return tail[1] !== undefined
}

function draftOf(cells: readonly Cell[], tails: readonly (readonly [string, Tail])[]): Draft {
  return new Draft(new Map(cells.map((cell) => [keyOf(cell.place), cell])), new Map(tails))
}

function writesOf(waiting: readonly Waiting[]): Prepared[] {
  return waiting.flatMap(({ writes }) => writes)
}

/** New entries by series. */
function countsOf(waiting: readonly Waiting[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { series } of waiting.flatMap(({ entries }) => entries)) counts.set(series.name, (counts.get(series.name) ?? 0) + 1)
  return counts
}

interface Attempt {
  readonly draft: Draft
  readonly answers: (() => void)[]
  /** Every change is in the draft. */
  readonly isWhole: boolean
}

function attempt(base: Draft, waiting: readonly Waiting[]): Attempt {
  const answers: (() => void)[] = []
  let draft = base
  let made = 0
  for (const one of waiting) {
    const fork = draft.fork()
    try {
      const changed = apply(fork, one)
      answers.push(() => one.resolve(changed))
      if (changed.results.some((result) => 'conflict' in result)) continue
      draft = fork
      made++
    } catch (error) {
      answers.push(() => one.reject(error))
    }
  }
  return { draft, answers, isWhole: made === waiting.length }
}

/** Where a write conflicts, no entry is made. */
function apply(draft: Draft, { scope, writes, entries }: Waiting): Changed {
  const results = writes.map((write) => draft.write(scope, write))
  if (results.some((result) => 'conflict' in result)) return { results, appended: [] }
  return { results, appended: entries.map((entry) => draft.append(entry)) }
}
