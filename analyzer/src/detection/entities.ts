import type { FlatEvent } from '@vonggac/contract'
import { valuesOf } from '@vonggac/sigma'
import { keptText } from './kept-value.ts'

/** Attackers and targets that events name. */
export interface Entities {
  readonly source: readonly string[]
  readonly user: readonly string[]
  readonly host: readonly string[]
}

/** Values kept of each kind of entity. */
export const maxEntities = 20

export function entitiesOf(event: FlatEvent): Entities {
  return {
    source: valuesIn(event, ['source.ip']),
    user: valuesIn(event, ['user.name']),
    host: valuesIn(event, ['host.name', 'url.domain', 'destination.domain']),
  }
}

function valuesIn(event: FlatEvent, names: readonly string[]): string[] {
  const values = names.flatMap((name) => valuesOf(event, name)).filter((value) => value !== null && value !== '')
  return [...new Set(values.map((value) => keptText(String(value))))].slice(0, maxEntities)
}
