import { join } from 'node:path'
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
  readonly sources: readonly SourceConfig[]
  /** Where the places are kept. */
  readonly folder: string
  /** Where the secrets are: `poll-<source id>.secret`. */
  readonly secrets: string
  readonly intake: Intake
  readonly guard: RepeatGuard
  readonly log: Logger
}

/** The sources that this collector asks. */
export class Pollers {
  readonly #folder: string
  readonly #pollers: readonly Poller[]

  constructor({ collector, sources, folder, secrets, intake, guard, log }: PollersParts) {
    this.#folder = folder
    const own = sources.filter((source): source is PollSource => source.transport === 'poll' && source.collector === collector)
    this.#pollers = own.map((source) => {
      const [placePath, secretPath] = [join(folder, `${source.id}.json`), join(secrets, `poll-${source.id}.secret`)]
      return new Poller(source, { intake, guard, log, placePath, secretPath })
    })
  }

  /** What keeps sources from being read, for people. */
  get trouble(): { readonly source: string; readonly message: string }[] {
    return this.#pollers.flatMap(({ source, trouble }) =>
      trouble === undefined ? [] : [{ source: source.id, message: trouble.slice(0, 1_000) }],
    )
  }

  async start(): Promise<void> {
    if (this.#pollers.length > 0) await ensureFolder(this.#folder)
    for (const poller of this.#pollers) poller.start()
  }

  async stop(): Promise<void> {
    await Promise.all(this.#pollers.map((poller) => poller.stop()))
  }
}
