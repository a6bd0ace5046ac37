import type { CompiledRule, LogSource, Matcher } from '@vonggac/sigma'
import type { BatchHeader } from '@vonggac/contract'
import { LineCounter, type LineCounts } from './line-counts.ts'
import { lineRanges } from './lines.ts'
import { LineCheck } from './line-check.ts'
import { correlatedHit, type CorrelatedHit } from './correlated-hit.ts'
import { HitGroups, type HitGroup } from './hit-groups.ts'
import { rejectedLine, SourcesOfBadLines } from './rejected-line.ts'

export interface Evaluation {
  /** NDJSON for the event store: the batch's bytes, with an event in the place of each line that breaks the contract. */
  readonly bytes: Uint8Array
  readonly groups: readonly HitGroup[]
  /** Hits that feed correlations, in the order of their positions, with the index of their rule. */
  readonly correlated: readonly (CorrelatedHit & { readonly rule: number })[]
  readonly counts: readonly LineCounts[]
  /** When the last event was received, ms. */
  readonly receivedMs: number
}

/** What the hits of a rule are for. */
export interface RuleUse {
  /** Its alerts are told apart by these fields. */
  readonly groupBy: readonly string[]
  /** Absent where the rule raises no alerts of its own. */
  readonly alerts?: true
  /** The fields that correlations read of its hits; absent where it feeds none. */
  readonly feeds?: readonly string[]
}

/** What the worker is given: the rules of the matcher, and for each what it is used for. */
export interface RuleSet {
  readonly rules: readonly CompiledRule[]
  readonly uses: readonly RuleUse[]
}

/** Each takes some memory: the first ones are made ready, more of them at their first event. */
const mostPrepared = 64

/** Puts the rules to use, ready for events of these log sources, so that no event waits for that. */
export function useRules(matcher: Matcher, rules: readonly CompiledRule[], delivered: readonly LogSource[]): void {
  matcher.replaceRules(rules)
  for (const logSource of delivered.slice(0, mostPrepared)) matcher.prepare(logSource)
}

/** A batch whose lines cannot be told apart: nothing of it can be taken. */
export class BrokenBatch extends Error {}

/**
 * Evaluates and checks a batch, line by line. A pure function of its arguments, so that a repeated batch gives the same events, the same hits and the
 * same counts. `unbearable` lines, by number, are kept as rejected without being looked at. Throws BrokenBatch when header and body disagree on the number of lines.
 */
export function evaluateBatch(
  matcher: Matcher,
  uses: readonly RuleUse[],
  header: BatchHeader,
  bytes: Uint8Array,
  unbearable: readonly number[] = [],
): Evaluation {
  const ranges = lineRanges(bytes)
  if (ranges.length !== header.count) throw new BrokenBatch(`the header announces ${header.count} lines, the body has ${ranges.length}`)

  const skipped = new Set(unbearable)
  const { hits, unreadable } = match(matcher, replaced(bytes, ranges, new Map(unbearable.map((line) => [line, emptyEvent]))))
  const check = new LineCheck(header)
  const groups = new HitGroups(matcher.rules)
  const correlated: (CorrelatedHit & { rule: number })[] = []
  const counts = new LineCounter()
  const broken: { line: number; position: number; receivedMs: number; problem: string; source: string | undefined }[] = []
  for (const [line, range] of ranges.entries()) {
    const checked = skipped.has(line)
      ? check.skip('evaluating the line ends the detection thread')
      : check.next(bytes.subarray(range.start, range.end), unreadable.get(line))
    if ('problem' in checked) {
      broken.push({ line, ...checked })
    } else if (checked.rejected) {
      counts.add(checked, checked.rejected)
    } else {
      counts.add(checked)
      for (const rule of hits.get(line) ?? []) {
        const { groupBy, alerts, feeds } = uses[rule]!
        if (alerts) groups.add(rule, groupBy, checked)
        if (feeds) correlated.push({ rule, ...correlatedHit(checked, feeds) })
      }
    }
  }

  const owners = new SourcesOfBadLines(header.tallies, counts.list())
  const replacements = new Map<number, Uint8Array>()
  for (const { line, source, problem, position, receivedMs: near } of broken) {
    const owner = owners.take(source)
    const receivedMs = withinMinute(owner.minute, near)
    const { start, end } = ranges[line]!
    replacements.set(line, rejectedLine(header.collector, { position, receivedMs, problem }, owner, bytes.subarray(start, end)))
    counts.add({ ...owner, receivedMs }, 'bad-event')
  }
  return {
    bytes: replaced(bytes, ranges, replacements),
    groups: groups.list(),
    correlated,
    counts: counts.list(),
    receivedMs: check.receivedMs,
  }
}

/** By line: the rules that are true of it, and why it could not be read. */
function match(matcher: Matcher, bytes: Uint8Array) {
  const hits = new Map<number, number[]>()
  const { rejected } = matcher.matchLines(bytes, (line, _start, _end, rule) => {
    const rules = hits.get(line)
    if (rules) rules.push(rule)
    else hits.set(line, [rule])
  })
  return { hits, unreadable: new Map(rejected.map(({ line, reason }) => [line, reason])) }
}

/** The neighbours' time of receipt where it lies in the minute that the line is counted under, so that event store and ledger agree. */
function withinMinute(minute: string, near: number): number {
  const start = Date.parse(minute)
  return near >= start && near < start + 60_000 ? near : start
}

const newline = new Uint8Array([0x0a])
const emptyEvent = new TextEncoder().encode('{}')

function replaced(
  bytes: Uint8Array,
  ranges: readonly { start: number; end: number }[],
  replacements: ReadonlyMap<number, Uint8Array>,
): Uint8Array {
  const ended = bytes.length === 0 || bytes[bytes.length - 1] === newline[0]
  if (replacements.size === 0 && ended) return bytes
  const parts = ranges.flatMap(({ start, end }, line) => [replacements.get(line) ?? bytes.subarray(start, end), newline])
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
