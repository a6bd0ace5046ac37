import type { Assignment } from '@vonggac/contract'
import type { Logger } from 'pino'
import { writeAssignment } from './assignment-file.ts'
import type { SourcesInUse } from './sources-in-use.ts'

export interface FollowerParts {
  readonly path: string
  readonly inUse: SourcesInUse
  readonly log: Logger
  readonly ask: (signal: AbortSignal) => Promise<Assignment>
  /** Told of every assignment that counts from now on. */
  readonly onChange?: (assignment: Assignment) => void
}

/** Keeps to what the console assigns: asks for it when the analyzer names another version than the one in use. */
export class Follower {
  readonly #parts: FollowerParts

  constructor(parts: FollowerParts) {
    this.#parts = parts
  }

  /** What fails is told in the log and tried again at the next report. */
  async follow(version: string, signal: AbortSignal): Promise<void> {
    const { inUse, log, path, ask } = this.#parts
    if (version === inUse.version) return
    try {
      const assignment = await ask(signal)
      await writeAssignment(path, assignment)
      this.use(assignment)
    } catch (error) {
      if (!signal.aborted) log.warn({ reason: (error as Error).message }, 'the assignment of sources cannot be had: the last one is kept')
    }
  }

  use(assignment: Assignment): void {
    const { inUse, log, onChange } = this.#parts
    inUse.replace(assignment)
    log.info({ version: assignment.version, sources: assignment.sources.length }, 'the assignment of sources is in use')
    for (const { source, message } of inUse.trouble) log.error({ source }, `a part of the assignment cannot be used: ${message}`)
    onChange?.(assignment)
  }
}
