import { scopeCovers, type Scope } from '@vonggac/contract'
import { randomBytes } from 'node:crypto'
import { conflict, notFound } from '../../document-checks.ts'
import type { Kind, Version, WriteResult } from '../../document-store.ts'
import type { Client } from '../client.ts'
import { retrying, type Patience } from '../retry.ts'
import type { Cells } from './cells.ts'
import { checkScope, isWithin, resultOf, written, type Prepared } from './draft.ts'
import type { Memory } from './memory.ts'
import { keyOf, type Place } from './names.ts'
import { replaceAll, type Cell, type Source } from './replace.ts'

/** Of the latest writes of a document, so that one without an answer is known again. */
const stampsKept = 4

/** Writes of one document, in their order, and what was tried so far. */
interface Group {
  readonly place: Place
  readonly writes: { readonly prepared: Prepared; readonly number: number }[]
  readonly attempts: Map<string, readonly WriteResult[]>
}

/** Changes of documents each by itself, at the cost of two requests for all of them; of one where this process knows how it left them. */
export class SingleChanges {
  readonly #client: Client
  readonly #cells: Cells
  readonly #memory: Memory
  readonly #patience: Patience

  constructor(client: Client, cells: Cells, memory: Memory, patience: Patience) {
    this.#client = client
    this.#cells = cells
    this.#memory = memory
    this.#patience = patience
  }

  /** One result a write. Throws `forbidden` before anything is written. */
  async write(scope: Scope, writes: readonly Prepared[]): Promise<readonly WriteResult[]> {
    const results: WriteResult[] = []
    let left = groupByPlace(writes)
    let remembered = this.#remembered(scope, left)
    await retrying(async () => {
      while (left.length > 0) {
        const cells = remembered ?? (await this.#cells.readToWrite(left.map(({ place }) => place)))
        remembered = undefined
        left = await this.#attempt(scope, left, cells, results)
      }
    }, this.#patience)
    return results
  }

  /** As this process left the documents; undefined where it does not know all of them, or where not every write would succeed. */
  #remembered(scope: Scope, groups: readonly Group[]): readonly Cell[] | undefined {
    const cells = groups.map(({ place }) => this.#memory.get(place))
    if (!cells.every((cell) => cell !== undefined)) return undefined
    const succeeds = (group: Group, n: number) =>
      group.writes.every(({ prepared }) => isWithin(scope, prepared, cells[n]!.source)) &&
      !fold(group, cells[n]!.source).outcome.some((result) => 'conflict' in result)
    return groups.every(succeeds) ? cells : undefined
  }

  /** Those that somebody else was faster at, to be tried again. */
  async #attempt(scope: Scope, groups: readonly Group[], cells: readonly Cell[], results: WriteResult[]): Promise<Group[]> {
    groups.forEach(({ writes }, n) => writes.forEach(({ prepared }) => checkScope(scope, prepared, cells[n]!.source)))
    const tries: { readonly group: Group; readonly cell: Cell; readonly source: Source; readonly outcome: readonly WriteResult[] }[] = []
    const settle = (group: Group, outcome: readonly WriteResult[]) =>
      group.writes.forEach(({ number }, n) => (results[number] = outcome[n]!))
    for (const [n, group] of groups.entries()) {
      const cell = cells[n]!
      const earlier = stampsOf(cell.source).find((stamp) => group.attempts.has(stamp))
      const { outcome, next } = fold(group, cell.source)
      if (earlier !== undefined) settle(group, group.attempts.get(earlier)!)
      else if (next === undefined) settle(group, outcome)
      else tries.push({ group, cell, source: stamped(next, cell.source, group, outcome), outcome })
    }
    const replacements = tries.map(({ cell, source }) => ({ ...cell, source }))
    for (const { place } of replacements) this.#memory.forget(place)
    const outcomes = await replaceAll(this.#client, replacements)
    outcomes.forEach((made, n) => {
      this.#memory.note(replacements[n]!, made)
      if (made !== 'taken' && !(made instanceof Error)) settle(tries[n]!.group, tries[n]!.outcome)
    })
    const failure = outcomes.find((made) => made instanceof Error)
    if (failure !== undefined) throw failure
    return tries.filter((_, n) => outcomes[n] === 'taken').map(({ group }) => group)
  }

  async remove<T>(scope: Scope, kind: Kind<T>, id: string, place: Place, expected: Version): Promise<void> {
    let tried = false
    await retrying(async () => {
      for (;;) {
        const [cell] = await this.#cells.readToWrite([place])
        const source = cell!.source
        if (source === undefined && tried) return
        if (source === undefined || !scopeCovers(scope, source['agency'] as string)) throw notFound(kind.name, id)
        if (source['version'] !== expected) throw conflict(kind.name, id)
        tried = true
        this.#memory.forget(place)
        const [outcome] = await replaceAll(this.#client, [{ ...cell!, source: undefined }])
        if (outcome instanceof Error) throw outcome
        if (outcome !== 'taken') return
        tried = false
      }
    }, this.#patience)
  }
}

function groupByPlace(writes: readonly Prepared[]): Group[] {
  const groups = new Map<string, Group>()
  for (const [number, prepared] of writes.entries()) {
    const key = keyOf(prepared.place)
    const group: Group = groups.get(key) ?? { place: prepared.place, writes: [], attempts: new Map() }
    group.writes.push({ prepared, number })
    groups.set(key, group)
  }
  return [...groups.values()]
}

/** The writes one after the other; `next` is undefined where none of them changes anything. */
function fold({ writes }: Group, present: Source | undefined): { readonly outcome: WriteResult[]; readonly next: Source | undefined } {
  let next: Source | undefined
  const outcome = writes.map(({ prepared }) => {
    const after = written(prepared, next ?? present)
    next = after ?? next
    return resultOf(after)
  })
  return { outcome, next }
}

function stamped(next: Source, present: Source | undefined, { attempts }: Group, outcome: readonly WriteResult[]): Source {
  const stamp = randomBytes(6).toString('base64url')
  attempts.set(stamp, outcome)
  return { ...next, stamps: [stamp, ...stampsOf(present)].slice(0, stampsKept) }
}

function stampsOf(source: Source | undefined): readonly string[] {
  return (source?.['stamps'] as readonly string[] | undefined) ?? []
}
