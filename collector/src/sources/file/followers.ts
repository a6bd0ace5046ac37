import { join } from 'node:path'
import type { SourceConfig } from '@vonggac/contract'
import type { Logger } from 'pino'
import { fileRulesOf, type Parser } from '../../parsing/index.ts'
import type { Intake } from '../intake.ts'
import { FileFollower, type FileSource, type FileState } from './follower.ts'
import { Positions } from './positions.ts'

export interface FileFollowersParts {
  /** Name of this collector: sources that name another are that one's. */
  readonly collector: string
  /** Those of `vonggac.yml`: the console has no collector read files of its machine. */
  readonly sources: readonly SourceConfig[]
  readonly parsers: ReadonlyMap<string, Parser>
  /** The collector's. */
  readonly folder: string
  /** Files are read below these alone. */
  readonly folders: readonly string[]
  readonly intake: Intake
  readonly log: Logger
}

const mostTroubles = 20

/** The sources whose files this collector reads. */
export class FileFollowers {
  readonly #positions: Positions
  readonly #followers: readonly FileFollower[]

  /** Before the first frame of this run is taken. @throws SourceMistake for a pattern that cannot be used */
  constructor({ collector, sources, parsers, folder, folders, intake, log }: FileFollowersParts) {
    const positions = new Positions(join(folder, 'files.ndjson'), intake.next)
    const own = sources.filter((source): source is FileSource => source.transport === 'file' && source.collector === collector)
    this.#positions = positions
    this.#followers = own.map((source) => {
      const rules = fileRulesOf(source.parsers.flatMap((name) => parsers.get(name) ?? []))
      return new FileFollower(source, { rules, intake, positions, folders, log })
    })
  }

  /** What keeps files from being read, for people. */
  get trouble(): { readonly source: string; readonly message: string }[] {
    return this.#followers.flatMap(({ source, trouble }) =>
      trouble.slice(0, mostTroubles).map((message) => ({ source: source.id, message: message.slice(0, 1_000) })),
    )
  }

  get states(): FileState[] {
    return this.#followers.flatMap(({ states }) => states)
  }

  start(): void {
    for (const follower of this.#followers) follower.start()
  }

  async stop(): Promise<void> {
    await Promise.all(this.#followers.map((follower) => follower.stop()))
    await this.#positions.close()
  }
}
