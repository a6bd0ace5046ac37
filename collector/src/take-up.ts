import { join } from 'node:path'
import type { Config } from '@vonggac/contract'
import type { Logger } from 'pino'
import { Counters } from './counters.ts'
import { firstCheckpoint, readCheckpoint, type Checkpoint } from './forwarder/index.ts'
import { unknownSource } from './frame.ts'
import { countBySource, isNewJournal, Journal } from './journal/index.ts'

/** What the last run left behind: frames that are not forwarded yet, and what was counted. */
export interface TakenUp {
  readonly journal: Journal
  readonly counters: Counters
  readonly saved: Checkpoint
  readonly checkpointPath: string
}

/** Opens the journal below the folder, and counts what became durable after the totals were saved. */
export async function takeUp(folder: string, config: Config, { now, log }: { now: () => number; log: Logger }): Promise<TakenUp> {
  const checkpointPath = join(folder, 'checkpoint.json')
  const broken = (detail: string) => log.error({ detail }, 'the checkpoint cannot be read: forwarding starts again from the oldest frame')
  const journalFolder = join(folder, 'journal')
  const saved =
    (await readCheckpoint(checkpointPath, broken)) ?? firstCheckpoint((await isNewJournal(journalFolder)) ? firstPosition(now()) : 0)
  const counters = new Counters([...config.sources.map((source) => source.id), unknownSource], saved.counts)
  const journal = await Journal.open({
    folder: journalFolder,
    ...config.collector.journal,
    minimumNext: Math.max(saved.acknowledged, (saved.planned.at(-1)?.last ?? -1) + 1),
    onDurable: (group) => counters.journaled(group.sources, group.first + group.count),
    onDropped: (lost) => {
      const frames = [...lost.values()].reduce((sum, count) => sum + count, 0)
      counters.dropped('journal', 'dropped-oldest', frames)
      log.error({ frames, sources: Object.fromEntries(lost) }, 'the journal is full: its oldest frames were given up')
    },
    onWriteError: (error) => log.error({ error }, 'the journal cannot be written: the sources wait'),
    onCorrupt: (corruption) => {
      log.error(corruption, 'a part of the journal cannot be read: it is skipped')
      if (corruption.lost > 0) counters.dropped('journal', 'corrupt', corruption.lost)
    },
  })
  recount(journal, counters, saved.counts.upTo)
  return { journal, counters, saved, checkpointPath }
}

/**
 * Where a new journal begins: the microseconds of its making. So a collector whose folder was lost gives no position again that the
 * analyzer has seen, and would take for a repeat, as long as it journaled fewer than a million frames a second on the average.
 */
function firstPosition(nowMs: number): number {
  return nowMs * 1000
}

/** Frames that became durable after the totals were saved are counted from the journal. */
function recount(journal: Journal, counters: Counters, upTo: number): void {
  const reader = journal.reader(upTo)
  try {
    for (let group = reader.next(); group; group = reader.next()) {
      const { sources, lastReceivedMs } = countBySource(group, upTo)
      counters.journaled(sources, group.first + group.count, lastReceivedMs)
    }
  } finally {
    reader.close()
  }
}
