import { join } from 'node:path'
import type { SourceConfig } from '@vonggac/contract'
import { pino } from 'pino'
import { Counters } from '../../counters.ts'
import type { Frame } from '../../frame.ts'
import { Journal, readRecord } from '../../journal/index.ts'
import { Intake } from '../intake.ts'
import { SourceRegistry } from '../registry.ts'
import { RepeatGuard } from '../repeats/index.ts'

/** What stands behind a source, down to the journal: for tests of sources that need no parsing and no analyzer. */
export class Journaled {
  readonly intake: Intake
  readonly guard: RepeatGuard
  readonly counters: Counters
  readonly #journal: Journal

  private constructor(folder: string, journal: Journal, counters: Counters, sources: readonly SourceConfig[]) {
    const registry = new SourceRegistry('attt')
    registry.replace(sources)
    this.counters = counters
    this.#journal = journal
    this.intake = new Intake(journal, counters, registry, Date.now)
    this.guard = RepeatGuard.open(folder, this.intake, pino({ level: 'silent' }))
  }

  static async open(folder: string, sources: readonly SourceConfig[]): Promise<Journaled> {
    const counters = new Counters(
      sources.map(({ id }) => id),
      { upTo: 0, sources: {}, dropped: [] },
    )
    const journal = await Journal.open({
      folder: join(folder, 'journal'),
      segmentBytes: 1024 * 1024,
      maxBytes: 16 * 1024 * 1024,
      onDurable: (group) => counters.journaled(group.sources, group.first + group.count),
    })
    return new Journaled(folder, journal, counters, sources)
  }

  /** Everything that is durable. */
  frames(): Frame[] {
    const frames: Frame[] = []
    const reader = this.#journal.reader(this.#journal.oldest)
    for (let group = reader.next(); group; group = reader.next()) {
      for (let index = 0, offset = 0; index < group.count; index++) {
        const { frame, next } = readRecord(group.payload, offset)
        offset = next
        frames.push(frame)
      }
    }
    reader.close()
    return frames
  }

  async close(): Promise<void> {
    await this.#journal.close()
    await this.guard.close()
  }
}
