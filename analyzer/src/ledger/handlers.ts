import {
  fields,
  rejectedKind,
  say,
  scopeCovers,
  VonggacError,
  type Config,
  type LedgerMinute,
  type Scope,
  type SourceConfig,
} from '@vonggac/contract'
import type { Expression } from '@vonggac/sigma'
import type { Clock, Handlers } from '../platform/index.ts'
import { everyRecord } from '../records/index.ts'
import type { DocumentStore, Kind } from '../storage/document-store.ts'
import type { EventStore } from '../storage/event-store.ts'
import { ledgerHourKind, ledgerTotalKind, type LedgerHour } from './kind.ts'
import type { Ledger } from './ledger.ts'
import { configuredSource, statusOf, unlistedSource } from './status.ts'

export interface SourcesDeps {
  readonly config: Pick<Config, 'collector'>
  readonly catalogue: { readonly all: readonly SourceConfig[]; isDeclared(id: string): boolean }
  readonly documents: DocumentStore
  readonly events: EventStore
  readonly ledger: Pick<Ledger, 'collectors'>
  readonly clock: Clock
}

const hourMs = 3_600_000
/** A longer period is a report's, not a screen's. */
const longestPeriodMs = 7 * 24 * hourMs

export function sourcesHandlers({
  config,
  catalogue,
  documents,
  events,
  ledger,
  clock,
}: SourcesDeps): Pick<Handlers, 'listSources' | 'readLedger' | 'listRejected'> {
  /** By id; so many as there are sources, or hours of a period. */
  async function all<T>(scope: Scope, kind: Kind<T>, where?: Expression): Promise<readonly T[]> {
    const found: T[] = []
    for await (const { value } of everyRecord(documents, scope, kind, where)) found.push(value)
    return found
  }

  async function hoursOf(scope: Scope, from: number, to: number, source?: string): Promise<readonly LedgerHour[]> {
    const where: Expression[] = [
      { field: 'hourMs', test: { kind: 'compare', operator: 'gt', value: from - hourMs } },
      { field: 'hourMs', test: { kind: 'compare', operator: 'lt', value: to } },
    ]
    if (source !== undefined) where.push({ field: 'source', test: { kind: 'equals', value: source, cased: true } })
    return all(scope, ledgerHourKind, { all: where })
  }

  return {
    async listSources(_request, scope) {
      const now = clock.now()
      const [totals, hours] = await Promise.all([all(scope, ledgerTotalKind), hoursOf(scope, now.getTime() - hourMs, now.getTime() + 1)])
      const known = new Map(totals.map((total) => [total.source, total]))
      const configured = catalogue.all
        .filter((source) => scopeCovers(scope, source.agency))
        .map((source) => ({ ...configuredSource(config, source), registered: !catalogue.isDeclared(source.id) }))
      const named = new Set(catalogue.all.map(({ id }) => id))
      const unlisted = totals.filter(({ source }) => !named.has(source)).map(unlistedSource)
      const items = [...configured, ...unlisted].map((source) => {
        const own = hours.filter((hour) => hour.source === source.id)
        return statusOf(source, known.get(source.id), own, ledger.collectors, now)
      })
      return { items }
    },

    async readLedger({ params, query }, scope) {
      const [from, to] = [Date.parse(query.from), Date.parse(query.to)]
      if (to <= from || to - from > longestPeriodMs) {
        throw new VonggacError('invalid-request', say('ledger-period-wrong'))
      }
      await mustExist(scope, params.id)
      const hours = await hoursOf(scope, from, to, params.id)
      return { items: hours.flatMap(minutesOf).filter(({ minute }) => within(minute, from, to)) }
    },

    async listRejected({ params, query }, scope) {
      await mustExist(scope, params.id)
      const page = await events.search(scope, {
        where: {
          all: [
            { field: fields.kind, test: { kind: 'equals', value: rejectedKind, cased: true } },
            { field: fields.source, test: { kind: 'equals', value: params.id, cased: true } },
          ],
        },
        range: { from: new Date(0), to: new Date(clock.now().getTime() + hourMs) },
        order: 'newest',
        limit: query.limit,
      })
      return { items: [...page.items] }
    },
  }

  async function mustExist(scope: Scope, id: string): Promise<void> {
    if (catalogue.all.some((source) => source.id === id && scopeCovers(scope, source.agency))) return
    if (await documents.read(scope, ledgerTotalKind, id)) return
    throw new VonggacError('not-found', say('record-unknown', { kind: 'source', id }))
  }
}

function minutesOf({ source, agency, hour, minutes }: LedgerHour): LedgerMinute[] {
  return Object.entries(minutes)
    .map(([minute, counts]) => ({ source, agency, minute: new Date(Date.parse(hour) + Number(minute) * 60_000).toISOString(), counts }))
    .toSorted((a, b) => (a.minute < b.minute ? -1 : 1))
}

function within(minute: string, from: number, to: number): boolean {
  const at = Date.parse(minute)
  return at + 60_000 > from && at < to
}
