import { VonggacError } from '@vonggac/contract'
import { parseKql, type Expression } from '@vonggac/sigma'

/** A query in KQL as the stores are asked. Throws `invalid-request` with each mistake and where it stands: characters count from 1. */
export function readKql(query: string): Expression {
  const { expression, problems } = parseKql(query)
  if (expression) return expression
  const places = problems.map(({ message, start, end }) => ({ path: 'query', message: `Character ${placeOf(start, end)}: ${message}` }))
  throw new VonggacError('invalid-request', `The query is not KQL. ${places.map(({ message }) => message).join(' ')}`, { places })
}

function placeOf(start: number, end: number): string {
  return end > start + 1 ? `${start + 1} to ${end}` : String(start + 1)
}
