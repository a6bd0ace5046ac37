import { fields, parseEventId, type FlatEvent } from '@vonggac/contract'
import type { Expression } from '@vonggac/sigma'
import type { AlertHits, HitRecorder } from '../../alerts/index.ts'
import { alertIdOf, entitiesOf, maxEntities, type Entities } from '../../detection/index.ts'
import type { SavedHunt, Window } from './kind.ts'
import { ruleIdOf, ruleOf } from './rule.ts'

/** Under this name alerts know which windows of hunts they have. */
const recorder = 'hunt'

export interface Find {
  readonly agency: string
  readonly count: number
  /** The first of them. */
  readonly events: readonly FlatEvent[]
}

/**
 * One alert for what a run found in an agency. Its id is made of hunt, agency and the window's start, so that a run which is made again after a crash adds nothing.
 * Resolves with the id.
 */
export async function raiseAlert(hits: HitRecorder, hunt: SavedHunt, where: Expression, window: Window, find: Find): Promise<string> {
  const { agency, count, events } = find
  const [from, to] = [Date.parse(window.from), Date.parse(window.to)]
  const alert = alertIdOf(ruleIdOf(hunt), agency, from, {})
  const times = events.map(timeOf)
  const ids = events.map((event) => String(event[fields.id]))
  const hit = {
    id: ids.at(-1) ?? '',
    position: to,
    at: Math.max(...times),
    events: { count, ids, since: Math.min(...times) },
  }
  const group: AlertHits = {
    alert,
    rule: ruleOf(hunt, where),
    agency,
    hour: from,
    group: {},
    hits: [hit],
    sources: [...new Set(events.map((event) => String(event[fields.source])))],
    entities: together(events.map(entitiesOf)),
  }
  await hits.record(recorder, [group])
  return alert
}

/** Event time; of an event whose own cannot be read, that of its receipt. */
function timeOf(event: FlatEvent): number {
  const at = Date.parse(String(event[fields.timestamp]))
  return Number.isNaN(at) ? (parseEventId(String(event[fields.id]))?.receivedMs ?? 0) : at
}

function together(all: readonly Entities[]): Entities {
  const named = (kind: keyof Entities) => [...new Set(all.flatMap((entities) => entities[kind]))].slice(0, maxEntities)
  return { source: named('source'), user: named('user'), host: named('host') }
}
