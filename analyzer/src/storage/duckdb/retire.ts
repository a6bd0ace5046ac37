import { fields, VonggacError } from '@vonggac/contract'
import type { Retired, Retention } from '../event-store.ts'
import { ownColumns, quotedName, quotedText } from './catalogue.ts'
import type { Engine } from './engine/engine.ts'
import type { HotTables } from './hot-tables.ts'
import type { Manifest } from './manifest.ts'
import { earliestLimit, givenUpOf, givenUpSql, latestLimit, toPolicy, type PartContents, type Policy } from './retiring.ts'
import type { Segments, StoredSegment } from './segments.ts'
import type { Turn } from './turn.ts'

export interface RetireDeps {
  readonly engine: Engine
  readonly manifest: Manifest
  readonly segments: Segments
  readonly hot: HotTables
  /** Of whatever writes segments. */
  readonly writing: Turn
  readonly closed: () => boolean
}

/**
 * Hides what the policy gives up, at once; then takes it out of the files: segments that have nothing else are removed, of the others the
 * rest is written anew. A policy of an earlier call that was interrupted is carried out as well.
 */
export async function retire(deps: RetireDeps, retention: Retention): Promise<Retired> {
  const { manifest, segments, hot } = deps
  const policies = [...manifest.state.retiring, toPolicy(retention)]
  const latest = Math.max(...policies.map(latestLimit))
  await hot.fresh()
  const inHot = hot.tables.some(({ contents }) => contents !== null && contents.from < latest)
  if (!inHot && segments.all.every(({ from }) => from >= latest)) return { events: 0, bytes: 0 }
  await manifest.record({ retiring: policies })
  if (inHot) await hot.flush()

  const earliest = Math.max(...policies.map(earliestLimit))
  let retired = await removed(segments, (segment) => segment.to < earliest)
  const mixed = segments.all.filter(({ from }) => from < latest)
  for (const { name } of mixed) {
    if (deps.closed()) throw new VonggacError('store-failed', 'The event store is being closed; deleting goes on at the next start.')
    const more = await deps.writing.take(() => segments.using(name, (stored) => retireFrom(deps, stored, policies)))
    if (more) retired = { events: retired.events + more.events, bytes: retired.bytes + more.bytes }
  }
  await manifest.record({ retiring: [] })
  return retired
}

async function retireFrom(deps: RetireDeps, stored: StoredSegment, policies: readonly Policy[]): Promise<Retired> {
  const { engine, segments } = deps
  const { segment, path } = stored
  const parts = segment.parts ?? (await partsOf(engine, path))
  const verdicts = parts.map((part) => givenUpOf(part, policies))
  if (verdicts.every((verdict) => verdict === 'none')) return { events: 0, bytes: 0 }
  if (verdicts.every((verdict) => verdict === 'all')) return removed(segments, ({ name }) => name === segment.name)
  const keep = `NOT ${givenUpSql(policies)}`
  const [row] = await engine.ask('rows', { sql: `SELECT count(*) FROM read_parquet(${quotedText(path)}) WHERE ${keep}`, parameters: [] })
  const kept = Number(row?.[0])
  if (kept === segment.events) return { events: 0, bytes: 0 }
  const rest = await segments.rewrite([stored], keep, kept)
  return { events: segment.events - kept, bytes: segment.bytes - (rest?.bytes ?? 0) }
}

async function removed(segments: Segments, gone: (segment: StoredSegment['segment']) => boolean): Promise<Retired> {
  const old = await segments.remove(gone)
  return { events: old.reduce((sum, { events }) => sum + events, 0), bytes: old.reduce((sum, { bytes }) => sum + bytes, 0) }
}

async function partsOf(engine: Engine, path: string): Promise<readonly PartContents[]> {
  const { received } = ownColumns
  const [agency, dataset] = [quotedName(fields.agency), quotedName(fields.dataset)]
  const sql = `SELECT ${agency}, ${dataset}, count(*), min(${received}), max(${received}) FROM read_parquet(${quotedText(path)}) GROUP BY ALL`
  const rows = await engine.ask('rows', { sql, parameters: [] })
  return rows.map(([agencyOf, datasetOf, events, from, to]) => ({
    agency: agencyOf === null ? null : String(agencyOf),
    dataset: datasetOf === null ? null : String(datasetOf),
    events: Number(events),
    from: Number(from),
    to: Number(to),
  }))
}
