/**
 * Changes of several places, all or nothing, on a server that has no transactions.
 *
 *   1. Each place is given, beside what is committed there, what will be: `pending: { commit, next }`, on the condition that it is still in the
 *      state that was read. Whoever comes to a place with a pending change looks for its decision.
 *   2. A decision `committed` is created in the index of commits. This one write is the commit: before it nothing has happened, after it everything.
 *   3. Each place is replaced by its `next`. Then the decision is no longer needed, and is deleted with a later change.
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
import type { Cell, Cells } from './cells.ts'
import type { DocumentNames } from './names.ts'
import { replaceAll, type Moment, type Replacement, type Source } from './replace.ts'

export interface Change {
  /** As it was read to be written. */
  readonly cell: Cell
  readonly next: Source
}

export class Commits {
  readonly #client: Client
  readonly #names: DocumentNames
  readonly #cells: Cells
  readonly #clock: Clock
  readonly #patience: Patience
  /** Decisions that are carried out everywhere. */
  #done: string[] = []

  constructor(client: Client, names: DocumentNames, cells: Cells, clock: Clock, patience: Patience) {
    this.#client = client
    this.#names = names
    this.#cells = cells
    this.#clock = clock
    this.#patience = patience
  }

  /** Resolves when all are durable; with false where somebody else changed one of the places first, and nothing happened. */
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
    await this.#finish(commit, changes, places)
    return true
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

  /** As `rollBack`. */
  async #finish(commit: string, changes: readonly Change[], places: readonly Moment[]): Promise<void> {
    const done = this.#done.splice(0)
    try {
      const outcomes = await replaceAll(
        this.#client,
        changes.map(({ cell: { place }, next }, n) => ({ place, moment: places[n], source: next })),
      )
      if (outcomes.every((outcome) => !(outcome instanceof Error))) this.#done.push(commit)
      await this.#forget(done)
    } catch {
      this.#done.push(...done)
    }
  }

  /** Deletes the decisions that are no longer needed. */
  async close(): Promise<void> {
    await this.#forget(this.#done.splice(0)).catch(() => undefined)
  }

  async #forget(commits: readonly string[]): Promise<void> {
    if (commits.length === 0) return
    await this.#client.bulk({ operations: commits.map((_id) => ({ delete: { _index: this.#names.commits, _id } })) })
  }
}

/** Not to be repeated by anybody who does not look first. */
function outcomeUnknown(error: unknown): never {
  throw storeFailed('did not say whether a change was stored. Load the record again to see', error)
}
