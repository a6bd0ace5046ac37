import { fields, logSourceFields, parseEventId, type FlatEvent } from '@vonggac/contract'
import { createMatcher, type Matcher } from '@vonggac/sigma'
import { HitGroups, type GoodLine, type HitGroup, type LoadedDetection } from '../../detection/index.ts'
import { eventIn } from '../export/lines.ts'

/** What finding the hits of a rule takes of it. */
export type WantedRule = Pick<LoadedDetection, 'compiled' | 'groupBy'>

/** What the rules of a group found in a chunk; rules by their index in the group. */
export interface Found {
  /** Ids of events by the index of the rule, in the order of their arrival. */
  readonly events: ReadonlyMap<number, readonly string[]>
  /** Sorted into alerts, by collector. */
  readonly groups: ReadonlyMap<string, readonly HitGroup[]>
}

/** Decides which rules are true of which events of a chunk of NDJSON. */
export type FindHits = (chunk: Uint8Array) => Found

export function hitFinder(rules: readonly WantedRule[]): FindHits {
  const compiled = rules.map((rule) => rule.compiled)
  // It looks at what the store found, a small part of all: learning from it would cost more than it gives.
  const matcher = createMatcher(compiled, { logSourceFields, maintenance: 'manual' })
  return (chunk) => findHits(matcher, rules, chunk)
}

function findHits(matcher: Matcher, rules: readonly WantedRule[], chunk: Uint8Array): Found {
  const events = new Map<number, string[]>()
  const byCollector = new Map<string, HitGroups>()
  let known: { readonly start: number; readonly line: GoodLine | undefined } | undefined
  matcher.matchLines(chunk, (_line, start, end, rule) => {
    if (known?.start !== start) known = { start, line: lineOf(eventIn(chunk.subarray(start, end))) }
    const { line } = known
    if (!line) return
    const ids = events.get(rule)
    if (ids) ids.push(line.id)
    else events.set(rule, [line.id])
    const groups = byCollector.get(collectorOf(line)) ?? new HitGroups(matcher.rules)
    byCollector.set(collectorOf(line), groups)
    groups.add(rule, rules[rule]!.groupBy, line)
  })
  return { events, groups: new Map([...byCollector].map(([collector, found]) => [collector, found.list()])) }
}

function collectorOf({ id }: GoodLine): string {
  return parseEventId(id)!.collector
}

/** A stored event as detection sees it. */
function lineOf(event: FlatEvent): GoodLine | undefined {
  const id = String(event[fields.id])
  const parts = parseEventId(id)
  if (!parts) return undefined
  const { position, receivedMs } = parts
  const at = Date.parse(String(event[fields.timestamp]))
  return {
    event,
    id,
    position,
    receivedMs,
    at: Number.isNaN(at) ? receivedMs : at,
    source: String(event[fields.source]),
    agency: String(event[fields.agency]),
  }
}
