import { setTimeout as pause } from 'node:timers/promises'
import type { Client } from '../client.ts'
import { ItemError, statusOf } from '../trouble.ts'
import type { Memory } from './memory.ts'
import { keyOf, type DocumentNames, type Place } from './names.ts'
import { replaceAll, type Cell, type Moment, type Replacement, type Source } from './replace.ts'

/** Part of a change of several places that is being carried out: what will stand here, if it was decided so. */
interface Pending {
  readonly commit: string
  readonly next: Source
}

/** A document as Elasticsearch gives it, with the state it is in. */
export interface Hit {
  readonly _index: string
  readonly _id: string
  readonly _seq_no?: number
  readonly _primary_term?: number
  readonly _source?: (Source & { readonly pending?: Pending }) | undefined
}

type Decision = 'committed' | 'aborted'

/** Between two looks at a change that somebody else is carrying out. */
const lookAgainMs = 15

/**
 * Reads places as they are committed, whatever changes are under way; see commits.ts for how they go. Reads are of the latest
 * state, not of the latest refresh.
 */
export class Cells {
  readonly #client: Client
  readonly #names: DocumentNames
  readonly #memory: Memory
  readonly #abortAfterMs: number

  /** `abortAfterMs`: for how long a change is waited for that nobody decides. */
  constructor(client: Client, names: DocumentNames, memory: Memory, abortAfterMs: number) {
    this.#client = client
    this.#names = names
    this.#memory = memory
    this.#abortAfterMs = abortAfterMs
  }

  /** Never waits: what is not decided has not happened. */
  async read(places: readonly Place[]): Promise<Cell[]> {
    const undecided = new Set<string>()
    for (;;) {
      const hits = await this.#get(places)
      const open = hits.flatMap((hit) => pendingOf(hit)?.commit ?? [])
      const unknown = open.filter((commit) => !undecided.has(commit))
      const decisions = await this.#decisions(unknown)
      // A decision is deleted when it is carried out. One that was not there is known not to be made only if its change is still there now.
      if (unknown.every((commit) => decisions.has(commit))) {
        await this.#carryOut(hits, decisions).catch(() => undefined)
        const cells = hits.map((hit, n) => decided(places[n]!, hit, decisions))
        // Who reads a document often writes it next; never over a change that may still be decided.
        hits.forEach((hit, n) => pendingOf(hit) === undefined && this.#memory.keep(cells[n]!))
        return cells
      }
      for (const commit of unknown) if (!decisions.has(commit)) undecided.add(commit)
    }
  }

  /** Waits for changes that somebody else is carrying out, and ends those that nobody does: the cells are as they stand. */
  async readToWrite(places: readonly Place[]): Promise<Cell[]> {
    const seen = new Map<string, number>()
    for (;;) {
      const hits = await this.#get(places)
      const open = new Set(hits.flatMap((hit) => pendingOf(hit)?.commit ?? []))
      if (open.size === 0) return hits.map((hit, n) => decided(places[n]!, hit, new Map()))
      const decisions = await this.#decisions([...open])
      await this.#carryOut(hits, decisions)
      const waitingFor = [...open].filter((commit) => !decisions.has(commit))
      for (const commit of waitingFor) {
        const since = seen.get(commit) ?? Date.now()
        seen.set(commit, since)
        if (Date.now() - since >= this.#abortAfterMs) await this.decide(commit, 'aborted').catch(unlessDecided)
      }
      if (waitingFor.length > 0) await pause(lookAgainMs)
    }
  }

  /** Carries out what is decided among found changes; false where all of them are undecided still, and the find was right. */
  async settle(found: readonly Hit[]): Promise<boolean> {
    const decisions = await this.#decisions(found.flatMap((hit) => pendingOf(hit)?.commit ?? []))
    await this.#carryOut(found, decisions)
    if (decisions.size > 0) return true
    const now = await this.#get(found.map(({ _index, _id }) => ({ index: _index, id: _id })))
    return now.some((hit, n) => pendingOf(hit)?.commit !== pendingOf(found[n])?.commit)
  }

  /** The first decision stands; gives it. */
  async decide(commit: string, decision: Decision, at = new Date()): Promise<Decision> {
    const { commits: index } = this.#names
    try {
      await this.#client.create({ index, id: commit, document: { decision, at: at.toISOString() } })
      return decision
    } catch (error) {
      const made = statusOf(error) === 409 ? (await this.#decisions([commit])).get(commit) : undefined
      if (made === undefined) throw error
      return made
    }
  }

  async #decisions(commits: readonly string[]): Promise<ReadonlyMap<string, Decision>> {
    const unique = [...new Set(commits)]
    const found = await this.#get(unique.map((id) => ({ index: this.#names.commits, id })))
    return new Map(
      found.flatMap((hit, n) => (hit?._source === undefined ? [] : [[unique[n]!, hit._source['decision'] as Decision] as const])),
    )
  }

  async #carryOut(hits: readonly (Hit | undefined)[], decisions: ReadonlyMap<string, Decision>): Promise<void> {
    const replacements = hits.flatMap((hit): Replacement[] => {
      const decision = decisions.get(pendingOf(hit)?.commit ?? '')
      if (hit === undefined || decision === undefined) return []
      const place = { index: hit._index, id: hit._id }
      return [{ place, moment: momentOf(hit), source: decided(place, hit, decisions).source }]
    })
    // Where a place is taken, somebody else did the same.
    for (const outcome of await replaceAll(this.#client, replacements)) if (outcome instanceof Error) throw outcome
  }

  /** Undefined for each place where there is nothing, or no index yet. */
  async #get(places: readonly Place[]): Promise<(Hit | undefined)[]> {
    if (places.length === 0) return []
    const unique = new Map(places.map((place) => [keyOf(place), place]))
    const { docs } = await this.#client.mget<Source>({ docs: [...unique.values()].map(({ index, id }) => ({ _index: index, _id: id })) })
    const found = new Map(docs.map((doc) => [keyOf({ index: doc._index, id: doc._id }), checked(doc)]))
    return places.map((place) => found.get(keyOf(place)))
  }
}

/** A decision that was made, carried out and deleted in the meantime. */
function unlessDecided(error: unknown): void {
  if (statusOf(error) !== 409) throw error
}

/** Throws where a place could not be read, which must not pass for one where there is nothing. */
function checked(doc: object): Hit | undefined {
  const { error, found, ...hit } = doc as Hit & { found?: boolean; error?: { type: string; reason?: string } }
  if (error === undefined) return found ? hit : undefined
  if (error.type === 'index_not_found_exception') return undefined
  // What single documents of such a request fail by is a shard that is not there at the moment.
  throw new ItemError(503, error)
}

function pendingOf(hit: Hit | undefined): Pending | undefined {
  return hit?._source?.pending
}

function momentOf({ _seq_no: seqNo, _primary_term: primaryTerm }: Hit): Moment {
  return { seqNo: seqNo!, primaryTerm: primaryTerm! }
}

function decided(place: Place, hit: Hit | undefined, decisions: ReadonlyMap<string, Decision>): Cell {
  if (hit?._source === undefined) return { place, moment: undefined, source: undefined }
  const { pending, ...before } = hit._source
  const isDone = pending !== undefined && decisions.get(pending.commit) === 'committed'
  const source = isDone ? pending.next : Object.keys(before).length === 0 ? undefined : before
  return { place, moment: momentOf(hit), source }
}
