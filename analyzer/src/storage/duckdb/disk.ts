import { readFile, rename, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { say, type Sentence } from '@vonggac/contract'
import { z } from 'zod'
import type { EventStoreHealth } from '../event-store.ts'

/** Of the disk, what the store leaves to others and to its own rearranging. */
export const usualReserveBytes = 256 * 1024 * 1024
const pollMs = 1_000
const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** Days at the present pace below which people are warned. */
const warningDays = 7

/** How large the store was, hour by hour of the last day: kept over restarts, so that the pace is known after one. */
const samplesSchema = z.array(z.object({ at: z.number(), bytes: z.number() }))
type Sample = z.infer<typeof samplesSchema>[number]

export interface DiskOptions {
  readonly folder: string
  readonly budgetBytes: number | undefined
  readonly reserveBytes: number
  /** What the store takes at present. */
  readonly usedBytes: () => number
}

/**
 * The space that events may take: the operator's budget, and the disk but for a reserve. Where it is used up the store takes nothing more
 * and deletes nothing: collectors keep what arrives in their journals until there is space again.
 */
export class DiskWatch {
  readonly #options: DiskOptions
  readonly #timer: NodeJS.Timeout
  #samples: Sample[]
  #freeBytes = Infinity
  #room = Infinity
  #full = false

  private constructor(options: DiskOptions, samples: Sample[]) {
    this.#options = options
    this.#samples = samples
    this.#timer = setInterval(() => void this.poll().catch(() => undefined), pollMs).unref()
  }

  static async open(options: DiskOptions): Promise<DiskWatch> {
    const samples = await readFile(fileOf(options), 'utf8').then(
      (text) => samplesSchema.parse(JSON.parse(text)),
      () => [],
    )
    // A file that is not there, or is damaged, costs a day of measuring and nothing else.
    const watch = new DiskWatch(options, samples.length > 48 ? [] : samples)
    await watch.poll()
    return watch
  }

  /** Looks at the disk now, and not at the next second. */
  async poll(): Promise<void> {
    const { folder, budgetBytes, reserveBytes, usedBytes } = this.#options
    const { bavail, bsize } = await statfs(folder)
    const used = usedBytes()
    this.#freeBytes = bavail * bsize
    this.#room = Math.min(this.#freeBytes - reserveBytes, budgetBytes === undefined ? Infinity : budgetBytes - used)
    // Once full, a little space is not yet worth going on for.
    this.#full = this.#room <= 0 || (this.#full && this.#room < reserveBytes / 8)
    // On a full disk there is no room for it, and that is told already.
    await this.#sample(used).catch(() => undefined)
  }

  /** Why nothing can be taken in, for people; undefined while there is space. */
  get full(): Sentence | undefined {
    if (!this.#full) return undefined
    const { budgetBytes, folder } = this.#options
    return budgetBytes !== undefined && this.#room < this.#freeBytes - this.#options.reserveBytes
      ? say('budget-used-up', { gigabytes: Math.round(budgetBytes / 10_000_000) / 100 })
      : say('disk-full', { folder, megabytes: Math.floor(this.#freeBytes / 1_000_000) })
  }

  /** For people: what is wrong or will be. */
  get notes(): readonly Sentence[] {
    if (this.full !== undefined) return [this.full]
    const { daysLeft } = this
    if (daysLeft === undefined || daysLeft >= warningDays) return []
    return [daysLeft < 1 ? say('space-ends-today') : say('space-ends-in-days', { days: Math.floor(daysLeft) })]
  }

  get health(): NonNullable<EventStoreHealth['disk']> {
    const { budgetBytes } = this.#options
    const { daysLeft } = this
    return {
      freeBytes: this.#freeBytes,
      ...(budgetBytes !== undefined && { budgetBytes }),
      ...(daysLeft !== undefined && { daysLeft }),
    }
  }

  get daysLeft(): number | undefined {
    const first = this.#samples[0]
    if (first === undefined) return undefined
    const elapsed = Date.now() - first.at
    const grown = this.#options.usedBytes() - first.bytes
    return elapsed < hourMs || grown <= 0 ? undefined : Math.max(0, this.#room) / ((grown / elapsed) * dayMs)
  }

  close(): void {
    clearInterval(this.#timer)
  }

  async #sample(bytes: number): Promise<void> {
    const now = Date.now()
    const last = this.#samples.at(-1)
    // A clock that was set back makes the samples worthless.
    if (last !== undefined && last.at > now) this.#samples = []
    else if (last !== undefined && now - last.at < hourMs) return
    this.#samples = [...this.#samples.filter(({ at }) => now - at <= dayMs), { at: now, bytes }]
    const file = fileOf(this.#options)
    await writeFile(`${file}.new`, JSON.stringify(this.#samples))
    await rename(`${file}.new`, file)
  }
}

function fileOf({ folder }: DiskOptions): string {
  return join(folder, 'usage.json')
}
