import { fields, parseEventId, type FlatEvent } from '@vonggac/contract'
import { HitGroups, type GoodLine, type HitGroup, type LoadedDetection } from '../../detection/index.ts'
import { eventIn } from '../export/lines.ts'
import type { RuleGroup } from './groups.ts'

/** What the rules of a group found in a chunk. */
export interface Found {
  /** Ids of events by the index of the rule, in the order of their arrival. */
  readonly events: ReadonlyMap<number, readonly string[]>
  /** Sorted into alerts, by collector. */
  readonly groups: ReadonlyMap<string, readonly (Omit<HitGroup, 'rule'> & { readonly rule: LoadedDetection })[]>
}

/** Decides which rules are true of which events of a chunk of NDJSON. */
export function findHits({ rules, matcher }: RuleGroup, chunk: Uint8Array): Found {
  const events = new Map<number, string[]>()
  const byCollector = new Map<string, HitGroups>()
  let known: { readonly start: number; readonly line: GoodLine | undefined } | undefined
  matcher.matchLines(chunk, (_line, start, end, rule) => {
    if (known?.start !== start) known = { start, line: lineOf(eventIn(chunk.subarray(start, end))) }
    const { line } = known
    if (!line) return
    events.set(rule, [...(events.get(rule) ?? []), line.id])
    const groups = byCollector.get(collectorOf(line)) ?? new HitGroups(matcher.rules)
    byCollector.set(collectorOf(line), groups)
    groups.add(rule, rules[rule]!.groupBy, line)
  })
  const groups = new Map(
    [...byCollector].map(([collector, found]) => [collector, found.list().map((group) => ({ ...group, rule: rules[group.rule]! }))]),
  )
  return { events, groups }
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
