import { say, VonggacError, type Scope } from '@vonggac/contract'
import { parseKql, type Expression, type KqlFieldPattern } from '@vonggac/sigma'
import type { EventQuery, EventStore } from '../storage/event-store.ts'

/** Dates that a query names without a zone are the city's: Asia/Ho_Chi_Minh, which knows no summer time. */
const zoneMinutes = 7 * 60

export interface ReadQuery {
  readonly where: Expression
  /** Which fields the patterns of fields in it (`*.ip: …`) stand for. */
  readonly patterns: readonly KqlFieldPattern[]
}

/**
 * A query in KQL as the stores are asked at a time. The names of fields are asked for only where a pattern needs them. Throws `invalid-request` with each
 * mistake and where it stands: characters count from 1.
 */
export async function readKql(query: string, now: Date, fieldNames: () => Promise<readonly string[]>): Promise<ReadQuery> {
  const alone = parseKql(query, { now, zoneMinutes })
  const asksForNames = alone.problems?.some(({ code }) => code === 'field-pattern') ?? false
  const known = async () => parseKql(query, { now, zoneMinutes, fields: (await fieldNames()).map((name) => ({ name })) })
  const { expression, patterns, problems } = asksForNames ? await known() : alone
  if (expression) return { where: expression, patterns }
  const places = problems.map(({ message, start, end }) => ({ path: 'query', message: `Character ${placeOf(start, end)}: ${message}` }))
  throw new VonggacError('invalid-request', say('query-wrong', { problems: places.map(({ message }) => message).join(' ') }), { places })
}

/** Reads queries that are not about a period: they mean the fields that events have nowadays. */
export function readingOf(events: Pick<EventStore, 'fieldNames'>, scope: Scope) {
  return (query: string, now: Date): Promise<ReadQuery> => {
    const range: EventQuery['range'] = { from: new Date(now.getTime() - nowadaysMs), to: now }
    return readKql(query, now, () => events.fieldNames(scope, { range }))
  }
}

const nowadaysMs = 30 * 86_400_000

function placeOf(start: number, end: number): string {
  return end > start + 1 ? `${start + 1} to ${end}` : String(start + 1)
}
