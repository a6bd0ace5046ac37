/**
 * From the journal to the analyzer, at least once and always with the same boundaries.
 *
 * Invariants
 * - A batch is sent only after its boundaries are durable in the checkpoint, so a repeat after a crash is the same batch.
 * - Batches are sent in the order of their positions, one at a time; the next ones are prepared meanwhile.
 * - Journal segments are released only after the acknowledgement itself is durable.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { Backoff } from '../backoff.ts'
import type { Counters } from '../counters.ts'
import type { Journal } from '../journal/index.ts'
import type { FrameParser, ParsedBatch } from '../parsing/index.ts'
import { Assembler } from './assembler.ts'
import { type BatchRange, type Checkpoint, CheckpointFile } from './checkpoint.ts'
import type { Link } from './link.ts'
import { Signal } from './signal.ts'

export interface ForwarderOptions {
  readonly collector: string
  readonly checkpointPath: string
  readonly start: Checkpoint
  /** Batches that are made at once. */
  readonly depth?: number
  readonly random?: () => number
}

/** How the link is doing, for `/healthz` and the metrics. */
export interface LinkState {
  readonly up: boolean
  readonly lastError: string | undefined
  readonly batches: number
  readonly retries: number
}

const mostPrepared = 3
/** Fewer frames than that are not worth a batch while another is under way. */
const worthwhileFrames = 2_000
const stopPatienceMilliseconds = 2_000
const longestPauseMilliseconds = 15_000

export class Forwarder {
  readonly #options: ForwarderOptions
  readonly #journal: Journal
  readonly #counters: Counters
  readonly #link: Link
  readonly #log: Logger
  readonly #assembler: Assembler
  readonly #checkpoint: CheckpointFile
  readonly #changed = new Signal()
  /** Ends waiting; `#abort` ends the request under way. */
  readonly #stop = new AbortController()
  readonly #abort = new AbortController()
  readonly #repeats: BatchRange[]
  #planned: BatchRange[]
  #prepared: ParsedBatch[] = []
  #acknowledged: number
  #state: LinkState = { up: true, lastError: undefined, batches: 0, retries: 0 }
  #loops: Promise<unknown> = Promise.resolve()

  constructor(options: ForwarderOptions, parts: { journal: Journal; counters: Counters; parser: FrameParser; link: Link; log: Logger }) {
    this.#options = options
    this.#journal = parts.journal
    this.#counters = parts.counters
    this.#link = parts.link
    this.#log = parts.log
    const from = Math.max(options.start.acknowledged, options.start.planned[0]?.first ?? 0)
    this.#acknowledged = options.start.acknowledged
    this.#planned = [...options.start.planned]
    this.#repeats = [...options.start.planned]
    this.#assembler = new Assembler(parts.journal, parts.parser, from, options.depth ?? 1)
    this.#checkpoint = new CheckpointFile(
      options.checkpointPath,
      () => ({ acknowledged: this.#acknowledged, planned: this.#planned, counts: this.#counters.save() }),
      ({ acknowledged }) => parts.journal.acknowledge(acknowledged),
    )
  }

  get acknowledged(): number {
    return this.#acknowledged
  }

  get state(): LinkState {
    return this.#state
  }

  /** @throws never: what fails is tried again, and told in the log. */
  start(): void {
    this.#loops = Promise.all([this.#run(() => this.#prepare()), this.#run(() => this.#send())])
  }

  get #stopping(): boolean {
    return this.#stop.signal.aborted
  }

  /** Saves the totals and the acknowledgement. */
  save(): Promise<void> {
    return this.#checkpoint.save()
  }

  /** Waits a little for the batch under way, then gives up on it: it is repeated at the next start. */
  async stop(): Promise<void> {
    this.#stop.abort()
    this.#changed.notify()
    const patience = setTimeout(() => this.#abort.abort(), this.#state.up ? stopPatienceMilliseconds : 0)
    await this.#loops
    clearTimeout(patience)
    await this.#checkpoint.save()
    this.#assembler.close()
  }

  /** A loop that fails for a reason of this machine (a full disk) goes on when it can. */
  async #run(turn: () => Promise<void>): Promise<void> {
    const backoff = new Backoff(longestPauseMilliseconds, this.#options.random)
    while (!this.#stopping) {
      try {
        await turn()
        backoff.reset()
      } catch (error) {
        this.#log.error({ error }, 'forwarding failed: trying again')
        await this.#pause(backoff.next())
      }
    }
  }

  async #prepare(): Promise<void> {
    if (this.#prepared.length >= mostPrepared || this.#tooLittleYet()) return this.#changed.wait()
    const repeat = this.#repeats[0]
    if (repeat) return this.#prepareRepeat(repeat)
    const batch = await this.#assembler.next()
    if (!batch) return this.#awaitFrames()
    this.#planned = [...this.#planned, { first: batch.first, last: batch.last }]
    await this.#savePlan()
    this.#prepared.push(batch)
    this.#changed.notify()
  }

  async #prepareRepeat(range: BatchRange): Promise<void> {
    const batch = await this.#assembler.repeat(range)
    this.#repeats.shift()
    if (batch) this.#prepared.push(batch)
    else this.#settle(range.last)
    this.#changed.notify()
  }

  /** The plan must be on the disk before the batch goes out: a disk that does not take it is waited for. */
  async #savePlan(): Promise<void> {
    const backoff = new Backoff(longestPauseMilliseconds, this.#options.random)
    while (!this.#stopping) {
      try {
        return await this.#checkpoint.save()
      } catch (error) {
        this.#log.error({ error }, 'the checkpoint cannot be written: forwarding waits')
        await this.#pause(backoff.next())
      }
    }
  }

  #tooLittleYet(): boolean {
    const waiting = this.#journal.durableNext - this.#assembler.position
    return this.#prepared.length > 0 && this.#repeats.length === 0 && waiting < worthwhileFrames
  }

  async #awaitFrames(): Promise<void> {
    await Promise.race([this.#journal.durable(Math.max(this.#assembler.position, this.#journal.durableNext)), this.#changed.wait()])
  }

  async #send(): Promise<void> {
    const batch = this.#prepared[0]
    if (!batch) return this.#changed.wait()
    const backoff = new Backoff(longestPauseMilliseconds, this.#options.random)
    while (!(await this.#attempt(batch))) {
      await this.#pause(backoff.next())
      if (this.#stopping) return
    }
    for (const { source, journaled } of batch.tallies) this.#counters.forwarded(source, journaled)
    this.#prepared.shift()
    this.#settle(batch.last)
    batch.release?.()
    this.#changed.notify()
  }

  #settle(last: number): void {
    this.#acknowledged = last + 1
    this.#planned = this.#planned.filter((range) => range.last > last)
  }

  async #attempt(batch: ParsedBatch): Promise<boolean> {
    const { first, last, count, tallies } = batch
    const header = { collector: this.#options.collector, first, last, count, tallies: [...tallies] }
    try {
      await this.#link.sendBatch(header, batch.bytes, this.#abort.signal)
      if (!this.#state.up) this.#log.info({ first, last }, 'the analyzer takes batches again')
      this.#state = { ...this.#state, up: true, lastError: undefined, batches: this.#state.batches + 1 }
      return true
    } catch (error) {
      const { message } = error as Error
      if (this.#state.up && !this.#stopping)
        this.#log.warn({ first, last, reason: message }, 'the analyzer does not take the batch: it is kept and sent again')
      this.#state = { ...this.#state, up: false, lastError: message, retries: this.#state.retries + 1 }
      return false
    }
  }

  /** Ends early when the forwarder is stopped. */
  #pause(milliseconds: number): Promise<void> {
    return sleep(milliseconds, undefined, { signal: this.#stop.signal }).catch(() => {})
  }
}
