import { say, VonggacError } from '@vonggac/contract'
import { parseKql, type Expression } from '@vonggac/sigma'

/** Dates that a query names without a zone are the city's: Asia/Ho_Chi_Minh, which knows no summer time. */
const zoneMinutes = 7 * 60

/** A query in KQL as the stores are asked at a time. Throws `invalid-request` with each mistake and where it stands: characters count from 1. */
export function readKql(query: string, now: Date): Expression {
  const { expression, problems } = parseKql(query, { now, zoneMinutes })
  if (expression) return expression
  const places = problems.map(({ message, start, end }) => ({ path: 'query', message: `Character ${placeOf(start, end)}: ${message}` }))
  throw new VonggacError('invalid-request', say('query-wrong', { problems: places.map(({ message }) => message).join(' ') }), { places })
}

function placeOf(start: number, end: number): string {
  return end > start + 1 ? `${start + 1} to ${end}` : String(start + 1)
}
