import {
  addCounts,
  emptyCounts,
  systemScope,
  VonggacError,
  type BatchHeader,
  type CollectorCounters,
  type LedgerCounts,
} from '@vonggac/contract'
import type { LineCounts } from '../detection/index.ts'
import type { Announcer } from '../platform/index.ts'
import { toWrite, type DocumentStore, type Kind, type Write } from '../storage/document-store.ts'
import { contributionsOf, type Contribution } from './contribution.ts'
import { droppedSince } from './drops.ts'
import { collectorKind, hourId, ledgerHourKind, ledgerTotalKind, type LedgerHour, type LedgerTotal } from './kind.ts'
import { atMostOnceASecond } from './throttle.ts'

export interface LedgerDeps {
  readonly documents: DocumentStore
  readonly announcer: Announcer
  /** The agency that runs the installation: collectors are its own. */
  readonly operator: string
}

/** Where a change stands: the position that makes a repeat of it known, or none for what cannot be repeated. */
interface Mark {
  readonly collector: string
  readonly last: number
}

const scope = systemScope('ledger')
const hourMs = 3_600_000
const maxRounds = 50

/**
 * Keeps the ledger. Every document carries the positions that it has counted, so a batch repeated after a crash at any point is counted once in each, whichever of them
 * were written before it. Writes go one after the other, so that within this process none meets a conflict.
 */
export class Ledger {
  readonly #documents: DocumentStore
  readonly #operator: string
  readonly #announce: () => void
  readonly #live = new Map<string, CollectorCounters>()
  #tail: Promise<unknown> = Promise.resolve()

  private constructor({ documents, announcer, operator }: LedgerDeps) {
    this.#documents = documents
    this.#operator = operator
    this.#announce = atMostOnceASecond(() => announcer.announce({ type: 'ledger' }))
  }

  /** With what the collectors said last before the process ended. */
  static async open(deps: LedgerDeps): Promise<Ledger> {
    const ledger = new Ledger(deps)
    const page = await deps.documents.find(scope, collectorKind, { all: [] }, { orderBy: 'id', direction: 'ascending', limit: 1_000 })
    for (const { id, value } of page.items) ledger.#live.set(id, value.counters)
    return ledger
  }

  /** The collectors' last counters. */
  get collectors(): Iterable<CollectorCounters> {
    return this.#live.values()
  }

  /** Resolves when the batch is counted durably. A repeat changes nothing. */
  async record(header: BatchHeader, lines: readonly LineCounts[]): Promise<void> {
    const mark = { collector: header.collector, last: header.last }
    await this.#inTurn(() => this.#add(contributionsOf(header, lines), mark))
    this.#announce()
  }

  /** Takes a collector's counters. What it dropped since the last ones is counted as received and not journaled, in the minute of the report. */
  async counters(counters: CollectorCounters): Promise<void> {
    await this.#inTurn(async () => {
      const known = await this.#documents.read(scope, collectorKind, counters.collector)
      const minute = new Date(Math.floor(Date.parse(counters.at) / 60_000) * 60_000).toISOString()
      const drops = droppedSince(known?.value.counters, counters).map(({ source, agency, count }) => ({
        source,
        agency: agency ?? this.#operator,
        minutes: new Map([[minute, { ...emptyCounts(), received: count }]]),
      }))
      const state = { agency: this.#operator, counters }
      await this.#add(drops, undefined, [toWrite(collectorKind, counters.collector, state, known?.version ?? 'new')])
      this.#live.set(counters.collector, counters)
    })
    this.#announce()
  }

  /** Deletes the minutes before the time; totals stay. */
  async retain(before: Date): Promise<number> {
    const old = { field: 'hourMs', test: { kind: 'compare', operator: 'lt', value: before.getTime() - hourMs } } as const
    let removed = 0
    for (;;) {
      const page = await this.#documents.find(scope, ledgerHourKind, old, { orderBy: 'hourMs', direction: 'ascending', limit: 500 })
      if (page.items.length === 0) return removed
      await Promise.all(page.items.map(({ id, version }) => this.#documents.remove(scope, ledgerHourKind, id, version)))
      removed += page.items.length
    }
  }

  async #add(contributions: readonly Contribution[], mark: Mark | undefined, more: readonly Write[] = []): Promise<void> {
    let targets: readonly Target[] = contributions.flatMap(targetsOf)
    let first = more
    for (let round = 0; targets.length + first.length > 0; round++) {
      if (round === maxRounds) throw new VonggacError('busy', 'The ledger is being changed all the time; send the batch again.')
      const prepared = await Promise.all(targets.map((target) => target.prepare(this.#documents, mark)))
      const open = targets.flatMap((target, index) => (prepared[index] ? [{ target, write: prepared[index] }] : []))
      const results = await this.#documents.writeAll(scope, [...first, ...open.map(({ write }) => write)])
      targets = open.flatMap(({ target }, index) => ('conflict' in results[first.length + index]! ? [target] : []))
      first = []
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#tail.then(work)
    this.#tail = turn.catch(() => {})
    return turn
  }
}

/** A document that a contribution changes. */
interface Target {
  /** The write that adds it; undefined when it is in there already. */
  prepare(documents: DocumentStore, mark: Mark | undefined): Promise<Write | undefined>
}

function targetsOf({ source, agency, minutes }: Contribution): readonly Target[] {
  const byHour = new Map<string, Map<string, LedgerCounts>>()
  for (const [minute, counts] of minutes) {
    const hour = new Date(Math.floor(Date.parse(minute) / hourMs) * hourMs).toISOString()
    byHour.set(hour, (byHour.get(hour) ?? new Map<string, LedgerCounts>()).set(minute.slice(14, 16), counts))
  }
  const hours = [...byHour].map(([hour, added]) =>
    target(ledgerHourKind, hourId(source, hour), { source, agency, hour, minutes: {}, upTo: {} }, (known) => withMinutes(known, added)),
  )
  const lastMinute = [...minutes.keys()].toSorted().at(-1)!
  const fresh: LedgerTotal = { source, agency, counts: emptyCounts(), upTo: {}, lastMinute }
  return [...hours, target(ledgerTotalKind, source, fresh, (known) => withTotal(known, minutes))]
}

function target<T extends { readonly upTo: Readonly<Record<string, number>> }>(
  kind: Kind<T>,
  id: string,
  fresh: T,
  change: (known: T) => T,
): Target {
  return {
    async prepare(documents, mark) {
      const known = await documents.read(scope, kind, id)
      if (mark && (known?.value.upTo[mark.collector] ?? -1) >= mark.last) return undefined
      const changed = change(known?.value ?? fresh)
      const upTo = mark ? { ...changed.upTo, [mark.collector]: mark.last } : changed.upTo
      return toWrite(kind, id, { ...changed, upTo }, known?.version ?? 'new')
    },
  }
}

function withMinutes(known: LedgerHour, added: ReadonlyMap<string, LedgerCounts>): LedgerHour {
  const minutes = { ...known.minutes }
  for (const [minute, counts] of added) minutes[minute] = sum(minutes[minute], counts)
  return { ...known, minutes }
}

function withTotal(known: LedgerTotal, minutes: ReadonlyMap<string, LedgerCounts>): LedgerTotal {
  const counts = [...minutes.values()].reduce(sum, known.counts)
  const lastMinute = [known.lastMinute, ...minutes.keys()].toSorted().at(-1)!
  return { ...known, counts, lastMinute }
}

function sum(a: LedgerCounts | undefined, b: LedgerCounts): LedgerCounts {
  return addCounts(addCounts(emptyCounts(), a ?? emptyCounts()), b)
}
