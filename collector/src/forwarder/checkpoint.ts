import { readFile, rename } from 'node:fs/promises'
import { z } from 'zod'
import type { SavedCounts } from '../counters.ts'
import { writeAtomically } from '../platform/index.ts'

/**
 * What the collector must know again after a crash, in one file that is replaced as a whole:
 * - `acknowledged`: positions below it are at the analyzer;
 * - `planned`: the boundaries of batches that may have been sent since, in order, so that a repeat has the same ones;
 * - `counts`: the totals of the ledger, `upTo` a journal position; what came later is counted again from the journal.
 */
const position = z.int().nonnegative()
const rangeSchema = z.object({ first: position, last: position })
const checkpointSchema = z.object({
  version: z.literal(1),
  acknowledged: position,
  planned: z.array(rangeSchema),
  counts: z.object({
    upTo: position,
    sources: z.record(z.string(), z.object({ journaled: position, forwarded: position, lastReceivedMs: position })),
    dropped: z.array(z.object({ source: z.string(), reason: z.string(), count: position })),
  }),
})

export type BatchRange = z.infer<typeof rangeSchema>

export interface Checkpoint {
  readonly acknowledged: number
  readonly planned: readonly BatchRange[]
  readonly counts: SavedCounts
}

/** Of a collector that has sent nothing yet: its journal begins at the position. */
export function firstCheckpoint(position: number): Checkpoint {
  return { acknowledged: position, planned: [], counts: { upTo: position, sources: {}, dropped: [] } }
}

/**
 * @returns what was saved last, or `undefined` when there is no such file yet. A file that cannot be read is put aside as `.broken` and
 * `onBroken` is told: forwarding then starts again from the oldest frame, and the analyzer knows the repeats by their ids.
 */
export async function readCheckpoint(path: string, onBroken: (detail: string) => void): Promise<Checkpoint | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  try {
    return checkpointSchema.parse(JSON.parse(text))
  } catch (error) {
    await rename(path, `${path}.broken`)
    onBroken((error as Error).message)
    return undefined
  }
}

/** Saves the present state whenever it is asked to; askers during a save share the next one. */
export class CheckpointFile {
  readonly #path: string
  readonly #state: () => Checkpoint
  readonly #onSaved: (checkpoint: Checkpoint) => Promise<void>
  #running: Promise<void> | undefined
  #next: Promise<void> | undefined

  constructor(path: string, state: () => Checkpoint, onSaved: (checkpoint: Checkpoint) => Promise<void>) {
    this.#path = path
    this.#state = state
    this.#onSaved = onSaved
  }

  /** Resolves when the state as it is now, or a later one, is durable. */
  save(): Promise<void> {
    if (!this.#running) return this.#start()
    this.#next ??= this.#running
      .catch(() => {})
      .then(() => {
        this.#next = undefined
        return this.#start()
      })
    return this.#next
  }

  #start(): Promise<void> {
    this.#running = this.#write().finally(() => (this.#running = undefined))
    return this.#running
  }

  async #write(): Promise<void> {
    const checkpoint = this.#state()
    await writeAtomically(this.#path, JSON.stringify({ version: 1, ...checkpoint }))
    await this.#onSaved(checkpoint)
  }
}
