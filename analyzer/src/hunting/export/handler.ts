/**
 * Everything that a query finds, as a file. It is written while the store is read, at the pace of whoever takes it, so that a large one needs no more memory
 * than a small one.
 *
 * Nothing is cut silently: how many events there are is counted first, told in the header `x-vonggac-events` and in the audit chain, and too many are refused
 * before the first byte. Where reading fails in the middle the connection is cut, which browsers and programs report as a failed download.
 */
import { everyAgency, say, VonggacError } from '@vonggac/contract'
import type { AuditRecorder } from '../../audit/recorder.ts'
import type { Clock, Handlers } from '../../platform/index.ts'
import type { EventQuery, EventStore } from '../../storage/event-store.ts'
import { askedQuery } from '../search/asked.ts'
import { withPatience } from '../search/patience.ts'
import { byteOrderMark, csvHeader, csvRow } from './csv.ts'
import { eventIn, linesOf } from './lines.ts'

export interface ExportDeps {
  readonly events: EventStore
  readonly audit: AuditRecorder
  readonly clock: Clock
  readonly operator: string
  /** Events of one export. */
  readonly mostExported: number
}

/** The columns of the console's table, and what tells events apart. */
const usualColumns = [
  '@timestamp',
  'event.dataset',
  'event.action',
  'event.outcome',
  'source.ip',
  'user.name',
  'host.name',
  'message',
  'event.original',
  'organization.id',
  'vonggac.source.id',
  'event.id',
]

export function exportHandler({ events, audit, clock, operator, mostExported }: ExportDeps): Handlers['exportEvents'] {
  return async ({ query: asked }, scope, { signal }) => {
    const { query, count } = await withPatience(signal, async (within) => {
      const { query: whole } = await askedQuery({ events, clock, scope, signal: within }, asked)
      const untilThen = untilNow(whole, clock.now())
      return { query: { ...untilThen, signal }, count: await events.count(scope, untilThen) }
    })
    if (count > mostExported) {
      throw new VonggacError('too-large', say('export-too-large', { count, most: mostExported }))
    }
    const columns =
      asked.fields
        ?.split(',')
        .map((name) => name.trim())
        .filter(Boolean) ?? usualColumns
    await audit.record(scope, {
      agency: scope.agency === everyAgency ? operator : scope.agency,
      action: 'events.export',
      subject: 'events',
      detail: { query: asked.query, from: asked.from, to: asked.to, clock: asked.clock, format: asked.format, events: count },
    })
    const chunks = events.scan(scope, query)
    return {
      fileName: `vonggac-${stamp(asked.from)}-${stamp(asked.to)}.${asked.format}`,
      headers: { 'x-vonggac-events': String(count) },
      ...(asked.format === 'csv'
        ? { type: 'text/csv; charset=utf-8; header=present', chunks: csvOf(chunks, columns) }
        : { type: 'application/x-ndjson; charset=utf-8', chunks }),
    }
  }
}

/** What arrives while the file is written is not part of it: so the count holds. */
function untilNow(query: EventQuery, now: Date): EventQuery {
  const { range } = query
  return range.clock === 'occurred' || range.to <= now ? query : { ...query, range: { ...range, to: now } }
}

async function* csvOf(chunks: AsyncIterable<Uint8Array>, columns: readonly string[]): AsyncGenerator<Uint8Array> {
  yield Buffer.from(byteOrderMark + csvHeader(columns))
  for await (const chunk of chunks) {
    yield Buffer.from(Array.from(linesOf(chunk), (line) => csvRow(eventIn(line), columns)).join(''))
  }
}

/** `20260301T080000Z`: fit for every file system. */
function stamp(time: string): string {
  return new Date(time).toISOString().replace(/[-:]|\.\d+/g, '')
}
