import {
  type CheckStep,
  type CollectorCounters,
  fields,
  type FlatEvent,
  type LedgerCounts,
  logSourceFields,
  rejectedKind,
  rejectedTotal,
  type Scope,
  type SourceCheck,
  type SourceTrouble,
} from '@vonggac/contract'
import { appliesTo, logSourceOf, type Expression } from '@vonggac/sigma'
import type { WatchingRule } from '../../detection/index.ts'
import type { Clock } from '../../platform/clock.ts'
import type { EventStore } from '../../storage/event-store.ts'
import type { Assignments } from '../registry/assignments.ts'
import type { KeptSource } from '../sources/kind.ts'
import { canFire, fieldsRead } from './sight.ts'

export interface CheckDeps {
  readonly events: EventStore
  readonly clock: Clock
  readonly assignments: Pick<Assignments, 'current' | 'since'>
  readonly ledger: { readonly collectors: Iterable<CollectorCounters> }
  readonly lastHourOf: (scope: Scope, source: string, now: Date) => Promise<LedgerCounts>
  readonly watchingRules: () => readonly WatchingRule[]
}

const dayMs = 86_400_000
/** Events that are looked at for their fields. */
const sampled = 500
const unreadShown = 10
const longestShown = 2_000
const namesShown = 50
/** Less than that is a wrong parser, not a few odd lines. */
const wellRead = 0.95
/** Longer ago, and nobody knows whether the source still sends. */
const recentMs = 10 * 60_000
/** A collector reports every two seconds, */
const awayMs = 30_000
/** and takes a change over when it does: later, something is in its way. */
const applyingMs = 60_000

/** How far a source is on its way from the first connection to rules that see. */
export async function checkSource(deps: CheckDeps, scope: Scope, source: KeptSource): Promise<SourceCheck> {
  const { events, clock, assignments, lastHourOf, watchingRules } = deps
  const now = clock.now()
  const [lastHour, sample, unread] = await Promise.all([
    lastHourOf(scope, source.id, now),
    newest(events, scope, source.id, now, 'read', sampled),
    newest(events, scope, source.id, now, 'unread', unreadShown),
  ])
  const collectors = [...deps.ledger.collectors].filter(({ at }) => now.getTime() - Date.parse(at) < awayMs)
  const trouble = troubleOf(deps, source, collectors)
  const applicable = applicableTo(sample, watchingRules())
  return {
    steps: [
      connectionStep(source.id, collectors, now, hindranceOf(trouble, now.getTime() - assignments.since.getTime())),
      framesStep(lastHour),
      parsedStep(lastHour),
      ...sightSteps(sample, applicable),
    ],
    lastHour,
    unread: unread.map((event) => String(event[fields.original] ?? '').slice(0, longestShown)),
    trouble,
  }
}

async function newest(
  events: EventStore,
  scope: Scope,
  source: string,
  now: Date,
  which: 'read' | 'unread',
  limit: number,
): Promise<readonly FlatEvent[]> {
  const ofSource: Expression = { field: fields.source, test: { kind: 'equals', value: source, cased: true } }
  const rejected: Expression = { field: fields.kind, test: { kind: 'equals', value: rejectedKind, cased: true } }
  const where = { all: [ofSource, which === 'unread' ? rejected : { not: rejected }] }
  const range = { from: new Date(now.getTime() - dayMs), to: new Date(now.getTime() + dayMs) }
  return (await events.search(scope, { where, range, order: 'newest', limit })).items
}

function troubleOf({ assignments }: CheckDeps, source: KeptSource, collectors: readonly CollectorCounters[]): SourceTrouble[] {
  const { paused, pauseReason, config, tokens } = source
  const own = new Set([source.id, ...config.parsers])
  const trouble = (
    code: SourceTrouble['code'],
    text: string,
    more: Partial<Pick<SourceTrouble, 'collector' | 'detail' | 'said'>> = {},
  ): SourceTrouble => ({
    code,
    collector: '',
    detail: '',
    text,
    ...more,
  })
  const sentences: SourceTrouble[] = []
  if (paused)
    sentences.push(
      trouble('paused', `The source is paused: what it sends is refused and counted. ${pauseReason}`.trim(), { detail: pauseReason }),
    )
  if (config.transport === 'http' && tokens.length === 0) sentences.push(trouble('no-token', 'The source has no token yet: issue one.'))
  if (collectors.length === 0)
    sentences.push(
      trouble(
        'no-collector',
        'No collector has reported within the last half minute: start it, or see why it does not reach the analyzer.',
      ),
    )
  for (const { collector, assignment } of collectors)
    if (assignment !== assignments.current.version)
      sentences.push(trouble('collector-behind', `The collector ${collector} has not taken over the last change yet.`, { collector }))
  for (const { collector, trouble: refused } of collectors)
    for (const { message, said } of refused.filter((one) => own.has(one.source)))
      sentences.push(
        trouble('collector-refuses', `The collector ${collector} cannot use it: ${message}`, {
          collector,
          detail: message,
          ...(said && { said }),
        }),
      )
  return sentences
}

/** What the trouble comes to: a change that the collectors are about to take over is none yet. */
function hindranceOf(trouble: readonly SourceTrouble[], changedAgoMs: number): 'problem' | 'applying' | undefined {
  if (trouble.length === 0) return undefined
  return changedAgoMs < applyingMs && trouble.every(({ code }) => code === 'collector-behind') ? 'applying' : 'problem'
}

function connectionStep(
  id: string,
  collectors: readonly CollectorCounters[],
  now: Date,
  hindrance: 'problem' | 'applying' | undefined,
): CheckStep {
  const counters = collectors.flatMap(({ sources }) => sources.filter(({ source }) => source === id))
  const connections = counters.reduce((sum, one) => sum + one.connections, 0)
  const last = Math.max(...counters.flatMap(({ lastReceived }) => (lastReceived === null ? [] : [Date.parse(lastReceived)])))
  const agoMs = Math.max(0, now.getTime() - last)
  const state = hindrance ?? (connections > 0 || agoMs < recentMs ? 'done' : 'waiting')
  return {
    step: 'connection',
    state,
    numbers: { connections, ...(Number.isFinite(agoMs) && { secondsAgo: Math.round(agoMs / 1_000) }) },
    names: [],
  }
}

function framesStep(counts: LedgerCounts): CheckStep {
  const numbers = { received: counts.received, rejected: rejectedTotal(counts) }
  return { step: 'frames', state: counts.received > 0 ? 'done' : 'waiting', numbers, names: [] }
}

function parsedStep(counts: LedgerCounts): CheckStep {
  const [read, unread] = [counts.evaluated, rejectedTotal(counts)]
  const state = read + unread === 0 ? 'waiting' : read / (read + unread) >= wellRead ? 'done' : 'problem'
  return { step: 'parsed', state, numbers: { read, unread }, names: Object.keys(counts.rejected) }
}

/** The rules whose log source the events name. */
function applicableTo(sample: readonly FlatEvent[], rules: readonly WatchingRule[]): readonly WatchingRule[] {
  const named = new Map(
    sample.map((event) => logSourceOf(event, logSourceFields)).map((logSource) => [JSON.stringify(logSource), logSource]),
  )
  return rules.filter(({ logSource }) => [...named.values()].some((delivered) => appliesTo(logSource, delivered)))
}

function sightSteps(sample: readonly FlatEvent[], rules: readonly WatchingRule[]): CheckStep[] {
  const present = new Set(sample.flatMap((event) => Object.keys(event)))
  const readBy = new Map<string, number>()
  for (const { expression } of rules) for (const field of new Set(fieldsRead(expression))) readBy.set(field, (readBy.get(field) ?? 0) + 1)
  const missing = [...readBy].filter(([field]) => !present.has(field)).toSorted((a, b) => b[1] - a[1])
  const found = readBy.size - missing.length
  const seeing = rules.filter(({ expression }) => canFire(expression, present))
  const waiting = sample.length === 0
  return [
    {
      step: 'fields',
      state: waiting ? 'waiting' : found > 0 ? 'done' : 'problem',
      numbers: { found, missing: missing.length },
      names: missing.slice(0, namesShown).map(([field]) => field),
    },
    {
      step: 'rules',
      state: waiting ? 'waiting' : seeing.length > 0 ? 'done' : 'problem',
      numbers: { seeing: seeing.length, blind: rules.length - seeing.length },
      names: seeing.slice(0, namesShown).map(({ title }) => title),
    },
  ]
}
