import { collectorCountersSchema, ledgerCountsSchema, type CollectorCounters, type LedgerCounts } from '@vonggac/contract'
import { z } from 'zod'
import type { Kind } from '../storage/document-store.ts'

/** Highest journal position counted here, by collector: a batch at or below it is in the counts already. */
const upToSchema = z.record(z.string(), z.int())

/** One source's minutes of one hour: sixty counts in one document keep a batch to few writes. */
export interface LedgerHour {
  readonly source: string
  readonly agency: string
  /** ISO time of its start. */
  readonly hour: string
  /** By minute of the hour, `00` to `59`. */
  readonly minutes: Readonly<Record<string, LedgerCounts>>
  readonly upTo: Readonly<Record<string, number>>
}

export const ledgerHourKind: Kind<LedgerHour> = {
  name: 'ledger-hour',
  schema: z.object({
    source: z.string(),
    agency: z.string(),
    hour: z.iso.datetime(),
    minutes: z.record(z.string(), ledgerCountsSchema),
    upTo: upToSchema,
  }),
  agency: ({ agency }) => agency,
  index: { source: ({ source }) => source, hourMs: ({ hour }) => Date.parse(hour) },
}

/** One source's counts since the ledger began; it outlives the hours, which are deleted with age. */
export interface LedgerTotal {
  readonly source: string
  readonly agency: string
  readonly counts: LedgerCounts
  readonly upTo: Readonly<Record<string, number>>
  /** Newest minute in which a frame was received. */
  readonly lastMinute: string
}

export const ledgerTotalKind: Kind<LedgerTotal> = {
  name: 'ledger-total',
  schema: z.object({
    source: z.string(),
    agency: z.string(),
    counts: ledgerCountsSchema,
    upTo: upToSchema,
    lastMinute: z.iso.datetime(),
  }),
  agency: ({ agency }) => agency,
  index: { source: ({ source }) => source },
}

/** The last that a collector said of itself. */
export interface CollectorState {
  readonly agency: string
  readonly counters: CollectorCounters
}

export const collectorKind: Kind<CollectorState> = {
  name: 'collector',
  schema: z.object({ agency: z.string(), counters: collectorCountersSchema }),
  agency: ({ agency }) => agency,
  index: {},
}

export function hourId(source: string, hour: string): string {
  return `${source}@${hour}`
}
