import type { RetroHunt, Scope } from '@vonggac/contract'
import { always } from '@vonggac/sigma'
import type { HitRecorder } from '../../alerts/index.ts'
import type { EventStore } from '../../storage/event-store.ts'
import { atOnce, type RuleGroup } from './groups.ts'
import type { Matching } from './matching.ts'
import { sideBySide } from './side-by-side.ts'
import type { Slice } from './slices.ts'

/** Events that a finding names. */
export const shownEvents = 20

/** What a slice came to. */
export interface Looked {
  readonly scanned: number
  readonly findings: RetroHunt['findings']
  /** Alerts that there were not before. */
  readonly alerts: number
}

export interface LookDeps {
  readonly events: Pick<EventStore, 'scan' | 'count'>
  readonly hits: HitRecorder
  readonly matching: Matching
}

/**
 * Runs the rules over a slice of history. In the mode `alerts`, hits become alerts under the ids that they would have had live: of an event that alerted then, and of a
 * slice that is looked at again, nothing is added. Ends early, with the signal's reason, when it is aborted.
 */
export async function lookAt(
  { events, hits, matching }: LookDeps,
  scope: Scope,
  slice: Slice,
  groups: readonly RuleGroup[],
  mode: RetroHunt['mode'],
  signal: AbortSignal,
): Promise<Looked> {
  const findings = new Map<string, { hits: number; events: string[] }>()
  const range = { from: slice.from, to: slice.to }
  let alerts = 0
  const scanned = await events.count(scope, { where: always, range, signal })
  if (scanned === 0) return { scanned, findings: [], alerts }
  // A rule is in one group alone, so its events come in the order of their arrival whatever goes on beside it: alerts tell by positions what they have.
  await sideBySide(groups, atOnce, async ({ rules, where }) => {
    for await (const chunk of events.scan(scope, { where, range, signal })) {
      const found = await matching.find(rules, chunk)
      signal.throwIfAborted()
      for (const [rule, ids] of found.events) add(findings, rules[rule]!.compiled.id, ids)
      if (mode === 'preview') continue
      for (const [collector, members] of found.groups) {
        const marked = members.map((member) => ({ ...member, rule: rules[member.rule]!, retrospective: true as const }))
        alerts += await hits.record(collector, marked)
      }
    }
  })
  return { scanned, findings: [...findings].map(([rule, finding]) => ({ rule, ...finding })), alerts }
}

function add(findings: Map<string, { hits: number; events: string[] }>, rule: string, ids: readonly string[]): void {
  const known = findings.get(rule) ?? { hits: 0, events: [] }
  findings.set(rule, { hits: known.hits + ids.length, events: [...known.events, ...ids].slice(0, shownEvents) })
}

/** The findings of two slices, the earlier one's events first. */
export function addedFindings(known: RetroHunt['findings'], more: RetroHunt['findings']): RetroHunt['findings'] {
  const all = new Map(known.map((finding) => [finding.rule, finding]))
  for (const { rule, hits, events } of more) {
    const before = all.get(rule) ?? { rule, hits: 0, events: [] }
    all.set(rule, { rule, hits: before.hits + hits, events: [...before.events, ...events].slice(0, shownEvents) })
  }
  return [...all.values()]
}
