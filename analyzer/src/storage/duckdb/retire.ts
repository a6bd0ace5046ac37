import { fields, VonggacError } from '@vonggac/contract'
import type { Retired, Retention } from '../event-store.ts'
import { ownColumns, quotedName, quotedText } from './catalogue.ts'
import type { Engine } from './engine/engine.ts'
import { oneSegment } from './engine/protocol.ts'
import type { HotTables } from './hot-tables.ts'
import type { Manifest, Segment } from './manifest.ts'
import { earliestLimit, givenUpOf, givenUpSql, latestLimit, toPolicy, type PartContents, type Policy, type Verdict } from './retiring.ts'
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
 * rest is written anew. Where an earlier call was interrupted, this policy takes the place of that one: what it keeps or holds, and is still
 * there, is seen again.
 */
export async function retire(deps: RetireDeps, retention: Retention): Promise<Retired> {
  const { manifest, segments, hot, writing } = deps
  const policy = toPolicy(retention)
  const latest = latestLimit(policy)
  await hot.fresh()
  const inHot = hot.tables.some(({ contents }) => contents !== null && contents.from < latest)
  const isWorth = inHot || segments.all.some((segment) => verdictOf(segment, policy) !== 'none')
  if (isWorth || manifest.state.retiring !== null) await manifest.record({ retiring: isWorth ? policy : null })
  if (!isWorth) return { events: 0, bytes: 0 }
  if (inHot) await hot.flush()

  let retired = await removed(segments, (segment) => verdictOf(segment, policy) === 'all')
  for (const { name } of segments.all.filter((segment) => verdictOf(segment, policy) === 'some')) {
    if (deps.closed()) throw new VonggacError('store-failed', 'The event store is being closed; deleting goes on at the next start.')
    const more = await writing.take(() => segments.using(name, (stored) => retireFrom(deps, stored, policy)))
    if (more) retired = { events: retired.events + more.events, bytes: retired.bytes + more.bytes }
  }
  await manifest.record({ retiring: null })
  return retired
}

/** As far as it can be told without reading the segment. */
function verdictOf(segment: Segment, policy: Policy): Verdict {
  if (segment.from >= latestLimit(policy)) return 'none'
  if (segment.to < earliestLimit(policy)) return 'all'
  return segment.parts === undefined ? 'some' : verdictOfParts(segment.parts, policy)
}

async function retireFrom({ engine, segments }: RetireDeps, { segment, path, ...rest }: StoredSegment, policy: Policy): Promise<Retired> {
  const verdict = verdictOfParts(segment.parts ?? (await partsOf(engine, path)), policy)
  if (verdict === 'none') return { events: 0, bytes: 0 }
  if (verdict === 'all') return removed(segments, ({ name }) => name === segment.name)
  const keep = `NOT ${givenUpSql(policy)}`
  const sql = `SELECT count(*) FROM read_parquet(${quotedText(path)}) WHERE ${keep}`
  const [row] = await engine.ask('rows', { sql, parameters: [], reads: oneSegment })
  const kept = Number(row?.[0])
  if (kept === segment.events) return { events: 0, bytes: 0 }
  const left = await segments.rewrite([{ segment, path, ...rest }], keep, kept)
  return { events: segment.events - kept, bytes: segment.bytes - (left?.bytes ?? 0) }
}

function verdictOfParts(parts: readonly PartContents[], policy: Policy): Verdict {
  const verdicts = new Set(parts.map((part) => givenUpOf(part, policy)))
  return verdicts.size === 1 ? [...verdicts][0]! : 'some'
}

async function removed(segments: Segments, gone: (segment: StoredSegment['segment']) => boolean): Promise<Retired> {
  const old = await segments.remove(gone)
  return { events: old.reduce((sum, { events }) => sum + events, 0), bytes: old.reduce((sum, { bytes }) => sum + bytes, 0) }
}

async function partsOf(engine: Engine, path: string): Promise<readonly PartContents[]> {
  const { received } = ownColumns
  const [agency, dataset] = [quotedName(fields.agency), quotedName(fields.dataset)]
  const sql = `SELECT ${agency}, ${dataset}, count(*), min(${received}), max(${received}) FROM read_parquet(${quotedText(path)}) GROUP BY ALL`
  const rows = await engine.ask('rows', { sql, parameters: [], reads: oneSegment })
  return rows.map(([agencyOf, datasetOf, events, from, to]) => ({
    agency: agencyOf === null ? null : String(agencyOf),
    dataset: datasetOf === null ? null : String(datasetOf),
    events: Number(events),
    from: Number(from),
    to: Number(to),
  }))
}
