import { systemScope, type CollectorCounters, type LedgerCounts } from '@vonggac/contract'
import type { Expression } from '@vonggac/sigma'
import { everyRecord } from '../records/index.ts'
import type { DocumentStore, Kind } from '../storage/document-store.ts'
import { collectorKind, ledgerHourKind, ledgerTotalKind, type LedgerTotal } from './kind.ts'

/** One minute of a source; `at` is its start, ms. */
export interface MinuteCounts {
  readonly at: number
  readonly counts: LedgerCounts
}

const scope = systemScope('ledger')
const hourMs = 3_600_000

/** The ledger as all analyzers together have written it, for whoever watches over it. */
export class LedgerReading {
  readonly #documents: DocumentStore

  constructor(documents: DocumentStore) {
    this.#documents = documents
  }

  /** Each source's counts since the ledger began. */
  totals(): Promise<readonly LedgerTotal[]> {
    return this.#all(ledgerTotalKind)
  }

  /** What each collector said last. */
  async collectors(): Promise<readonly CollectorCounters[]> {
    return (await this.#all(collectorKind)).map(({ counters }) => counters)
  }

  /** Minutes of a source in which anything was counted, oldest first; `from` inclusive, `to` exclusive, ms. */
  async minutes(source: string, from: number, to: number): Promise<readonly MinuteCounts[]> {
    const hours = await this.#all(ledgerHourKind, { all: [isSource(source), hour('gt', from - hourMs), hour('lt', to)] })
    return hours
      .flatMap(({ hour: start, minutes }) =>
        Object.entries(minutes).map(([minute, counts]) => ({ at: Date.parse(start) + Number(minute) * 60_000, counts })),
      )
      .filter(({ at }) => at >= from && at < to)
      .toSorted((a, b) => a.at - b.at)
  }

  /** Whether anything of the source was counted before the time, within what is kept. */
  async hasBefore(source: string, before: number): Promise<boolean> {
    const where: Expression = { all: [isSource(source), hour('lt', before)] }
    const page = await this.#documents.find(scope, ledgerHourKind, where, { orderBy: 'hourMs', direction: 'ascending', limit: 1 })
    return page.items.length > 0
  }

  async #all<T>(kind: Kind<T>, where?: Expression): Promise<readonly T[]> {
    const found: T[] = []
    for await (const { value } of everyRecord(this.#documents, scope, kind, where)) found.push(value)
    return found
  }
}

function isSource(source: string): Expression {
  return { field: 'source', test: { kind: 'equals', value: source, cased: true } }
}

function hour(operator: 'gt' | 'lt', value: number): Expression {
  return { field: 'hourMs', test: { kind: 'compare', operator, value } }
}
