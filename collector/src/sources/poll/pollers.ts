import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { SourceConfig } from '@vonggac/contract'
import type { Logger } from 'pino'
import { ensureFolder } from '../../platform/index.ts'
import type { Intake } from '../intake.ts'
import type { RepeatGuard } from '../repeats/index.ts'
import { Poller } from './poller.ts'
import type { PollSource } from './source.ts'

export interface PollersParts {
  /** Name of this collector: sources that name another are that one's. */
  readonly collector: string
  /** Where the places are kept. */
  readonly folder: string
  /** Where the secrets are: `poll-<source id>.secret`. */
  readonly secrets: string
  readonly intake: Intake
  readonly guard: RepeatGuard
  readonly log: Logger
}

/** The sources that this collector asks, as they are at the moment. */
export class Pollers {
  readonly #parts: PollersParts
  readonly #pollers = new Map<string, Poller>()
  #wanted: readonly PollSource[] = []
  #state: 'waiting' | 'running' | 'stopped' = 'waiting'
  /** Sources are exchanged one time after another: a source must not be asked twice at once. */
  #changing: Promise<void> = Promise.resolve()

  constructor(parts: PollersParts) {
    this.#parts = parts
  }

  /** What keeps sources from being read, for people. */
  get trouble(): { readonly source: string; readonly message: string }[] {
    return [...this.#pollers].flatMap(([source, { trouble }]) =>
      trouble === undefined ? [] : [{ source, message: trouble.slice(0, 1_000) }],
    )
  }

  /** From now on these are asked; one that has not changed is not disturbed. */
  use(sources: readonly SourceConfig[]): void {
    this.#wanted = sources.filter(
      (source): source is PollSource => source.transport === 'poll' && source.collector === this.#parts.collector,
    )
    this.#changing = this.#changing.then(() => this.#change())
  }

  async start(): Promise<void> {
    await ensureFolder(this.#parts.folder)
    this.#state = 'running'
    this.#changing = this.#changing.then(() => this.#change())
  }

  async stop(): Promise<void> {
    this.#state = 'stopped'
    await this.#changing
    await Promise.all([...this.#pollers.values()].map((poller) => poller.stop()))
  }

  async #change(): Promise<void> {
    if (this.#state !== 'running') return
    const wanted = new Map(this.#wanted.map((source) => [source.id, source]))
    for (const [id, poller] of this.#pollers) {
      if (isDeepStrictEqual(poller.source, wanted.get(id))) continue
      this.#pollers.delete(id)
      await poller.stop()
    }
    const { folder, secrets, intake, guard, log } = this.#parts
    for (const [id, source] of wanted) {
      if (this.#pollers.has(id)) continue
      const placePath = join(folder, `${id}.json`)
      const poller = new Poller(source, { intake, guard, log, placePath, secretPath: join(secrets, `poll-${id}.secret`) })
      this.#pollers.set(id, poller)
      poller.start()
    }
  }
}
