import { z } from 'zod'

/**
 * The ledger: each event counted per source and minute (of receipt) at each stage.
 *
 * received = frames that arrived; journaled = durable at the collector; forwarded = sent and acknowledged; stored = durable in the event
 * store (rejected ones included, with their bytes); evaluated = seen by every rule that applies; rejected = could not become an ordinary event, by reason.
 * It adds up when received = journaled = forwarded = stored and stored = evaluated + rejected.
 */
export const ledgerStages = ['received', 'journaled', 'forwarded', 'stored', 'evaluated'] as const
export type LedgerStage = (typeof ledgerStages)[number]

export const rejectReasons = [
  /** No parser of the source reads the frame. */
  'unparsed',
  /** Longer than the source's limit: the kept bytes are cut there. */
  'oversize',
  /** Framing that cannot be followed, such as an octet count that is no number. */
  'bad-framing',
  /** A line that is not JSON, or not an object. */
  'bad-json',
  /** A sender without a known token. */
  'unknown-token',
  /** A sender that no configured source matches. */
  'unknown-source',
  /** A line of a collector's batch that breaks the contract. */
  'bad-event',
] as const
export const rejectReasonSchema = z.enum(rejectReasons)
export type RejectReason = z.infer<typeof rejectReasonSchema>

const count = z.int().nonnegative()

export const ledgerCountsSchema = z.object({
  received: count,
  journaled: count,
  forwarded: count,
  stored: count,
  evaluated: count,
  rejected: z.partialRecord(rejectReasonSchema, count),
})
export type LedgerCounts = z.infer<typeof ledgerCountsSchema>

/** One source in one minute. `minute` is the ISO time of its start, UTC. */
export const ledgerMinuteSchema = z.object({ source: z.string(), agency: z.string(), minute: z.iso.datetime(), counts: ledgerCountsSchema })
export type LedgerMinute = z.infer<typeof ledgerMinuteSchema>

export function emptyCounts(): LedgerCounts {
  return { received: 0, journaled: 0, forwarded: 0, stored: 0, evaluated: 0, rejected: {} }
}

export function rejectedTotal(counts: LedgerCounts): number {
  return Object.values(counts.rejected).reduce((sum, n) => sum + n, 0)
}

/** `to` is changed: the counts of `from` are added to it. */
export function addCounts(to: LedgerCounts, from: LedgerCounts): LedgerCounts {
  for (const stage of ledgerStages) to[stage] += from[stage]
  for (const reason of rejectReasons) {
    const more = from.rejected[reason]
    if (more) to.rejected[reason] = (to.rejected[reason] ?? 0) + more
  }
  return to
}

/** What is missing between two stages: all zero when nothing was lost and nothing is under way. */
export interface LedgerGaps {
  /** Received and not journaled: dropped before they were durable. */
  readonly notJournaled: number
  /** Journaled and not acknowledged by the analyzer: under way, or the analyzer is away. */
  readonly notForwarded: number
  readonly notStored: number
  readonly notEvaluated: number
}

export function ledgerGaps(counts: LedgerCounts): LedgerGaps {
  return {
    notJournaled: counts.received - counts.journaled,
    notForwarded: counts.journaled - counts.forwarded,
    notStored: counts.forwarded - counts.stored,
    notEvaluated: counts.stored - counts.evaluated - rejectedTotal(counts),
  }
}
