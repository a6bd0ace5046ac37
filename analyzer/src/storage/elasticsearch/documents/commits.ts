/**
 * Changes of several places, all or nothing, on a server that has no transactions.
 *
 *   1. Each place is given, beside what is committed there, what will be: `pending: { commit, next }`, on the condition that it is still in the
 *      state that was read. Whoever comes to a place with a pending change looks for its decision.
 *   2. A decision `committed` is created in the index of commits. This one write is the commit: before it nothing has happened, after it everything.
 *   3. Whoever asked is answered; each place is replaced by its `next`. Then the decision is no longer needed, and is deleted with a later change.
 *
 * Whoever made the change may stop at any of these requests, for good. Readers who find a pending change with a decision carry it out; without
 * one, they read what is committed. Writers wait for a while, and then decide themselves: `aborted`. Of two decisions the first stands, because a
 * decision is created and never overwritten. Nobody waits while he holds a place, so nobody waits for ever.
 *
 * A decision must outlive the change that it decides. So `committed` is deleted only by him who saw every place replaced, and what remains of
 * changes that were cut short is deleted when a store is opened a day later (see sweep.ts).
 */
import { randomUUID } from 'node:crypto'
import type { Clock } from '../../../platform/clock.ts'
import type { Client } from '../client.ts'
import { retrying, type Patience } from '../retry.ts'
import { storeFailed } from '../trouble.ts'
import type { Cells } from './cells.ts'
import type { Memory } from './memory.ts'
import type { DocumentNames } from './names.ts'
import { replaceAll, type Cell, type Moment, type Replacement, type Source } from './replace.ts'

export interface Change {
  /** As it was read to be written. */
  readonly cell: Cell
  readonly next: Source
}

export class Commits {
  readonly #client: Client
  readonly #names: DocumentNames
  readonly #cells: Cells
  readonly #memory: Memory
  readonly #clock: Clock
  readonly #patience: Patience
  /** Decisions that are carried out everywhere. */
  #done: string[] = []
  #finishing: Promise<void> = Promise.resolve()

  constructor(client: Client, names: DocumentNames, cells: Cells, memory: Memory, clock: Clock, patience: Patience) {
    this.#client = client
    this.#names = names
    this.#cells = cells
    this.#memory = memory
    this.#clock = clock
    this.#patience = patience
  }

  /**
   * Resolves when all are durable; with false where somebody else changed one of the places first, and nothing happened. What is decided is
   * carried out behind this answer: whoever comes to the places until then does it himself.
   */
  async carryOut(changes: readonly Change[]): Promise<boolean> {
    if (changes.length === 0) return true
    const commit = randomUUID()
    const places = await this.#prepare(commit, changes)
    if (places === undefined) return false
    // Repeated until it is known: a decision without an answer may have been made.
    const decision = await retrying(() => this.#cells.decide(commit, 'committed', this.#clock.now()), this.#patience).catch(outcomeUnknown)
    if (decision === 'aborted') {
      await this.#rollBack(changes, places)
      return false
    }
    this.#finishing = this.#finish(commit, changes, places)
    return true
  }

  /** Resolves when the latest change is carried out, as far as it can be. */
  async finished(): Promise<void> {
    await this.#finishing
  }

  async #prepare(commit: string, changes: readonly Change[]): Promise<Moment[] | undefined> {
    const prepared = changes.map(({ cell, next }) => ({ ...cell, source: { ...cell.source, pending: { commit, next } } }))
    try {
      const outcomes = await replaceAll(this.#client, prepared)
      const failure = outcomes.find((outcome) => outcome instanceof Error)
      if (failure === undefined && !outcomes.includes('taken')) return outcomes as Moment[]
      await this.#rollBack(changes, outcomes)
      if (failure !== undefined) throw failure
      return undefined
    } catch (error) {
      // Some of it may be there all the same: nobody shall wait for it.
      await this.#cells.decide(commit, 'aborted', this.#clock.now()).catch(() => undefined)
      throw error
    }
  }

  /** What fails here others do when they come by. */
  async #rollBack(changes: readonly Change[], places: readonly unknown[]): Promise<void> {
    const replacements = changes.flatMap(({ cell }, n): Replacement[] => {
      const place = places[n]
      return place === 'taken' || place instanceof Error ? [] : [{ ...cell, moment: place as Moment }]
    })
    await replaceAll(this.#client, replacements).catch(() => undefined)
  }

  /** As `rollBack`. In the same request, decisions are deleted that are no longer needed. */
  async #finish(commit: string, changes: readonly Change[], places: readonly Moment[]): Promise<void> {
    const done = this.#done.splice(0)
    const replacements = changes.map(({ cell: { place }, next }, n) => ({ place, moment: places[n], source: next }))
    try {
      const outcomes = await replaceAll(this.#client, [...replacements, ...this.#deletions(done)])
      const replaced = outcomes.slice(0, replacements.length)
      replacements.forEach((replacement, n) => this.#memory.note(replacement, replaced[n]!))
      if (replaced.every((outcome) => !(outcome instanceof Error))) this.#done.push(commit)
      this.#done.push(...done.filter((_, n) => outcomes[replacements.length + n] instanceof Error))
    } catch {
      for (const { place } of replacements) this.#memory.forget(place)
      this.#done.push(...done)
    }
  }

  /** Deletes the decisions that are no longer needed. */
  async close(): Promise<void> {
    await this.finished()
    await replaceAll(this.#client, this.#deletions(this.#done.splice(0))).catch(() => undefined)
  }

  #deletions(commits: readonly string[]): Replacement[] {
    return commits.map((id) => ({ place: { index: this.#names.commits, id }, moment: 'any', source: undefined }))
  }
}

/** Not to be repeated by anybody who does not look first. */
function outcomeUnknown(error: unknown): never {
  throw storeFailed('did not say whether a change was stored. Load the record again to see', error)
}
