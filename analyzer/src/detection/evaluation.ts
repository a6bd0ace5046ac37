import type { CompiledRule, Matcher } from '@vonggac/sigma'
import type { BatchHeader } from '@vonggac/contract'
import { LineCounter, type LineCounts } from './line-counts.ts'
import { lineRanges } from './lines.ts'
import { LineCheck } from './line-check.ts'
import { HitGroups, type HitGroup } from './hit-groups.ts'
import { rejectedLine, SourcesOfBadLines } from './rejected-line.ts'

export interface Evaluation {
  /** NDJSON for the event store: the batch's bytes, with an event in the place of each line that breaks the contract. */
  readonly bytes: Uint8Array
  readonly groups: readonly HitGroup[]
  readonly counts: readonly LineCounts[]
}

/** A batch whose lines cannot be told apart: nothing of it can be taken. */
export class BrokenBatch extends Error {}

/**
 * Evaluates and checks a batch, line by line. A pure function of its arguments, so that a repeated batch gives the same events, the same hits and the
 * same counts. Throws BrokenBatch when header and body disagree on the number of lines.
 */
export function evaluateBatch(
  matcher: Matcher,
  groupBy: readonly (readonly string[])[],
  header: BatchHeader,
  bytes: Uint8Array,
): Evaluation {
  const ranges = lineRanges(bytes)
  if (ranges.length !== header.count) throw new BrokenBatch(`the header announces ${header.count} lines, the body has ${ranges.length}`)

  const hits = new Map<number, number[]>()
  const { rejected: unreadable } = matcher.matchLines(bytes, (line, _start, _end, rule) => {
    const rules = hits.get(line)
    if (rules) rules.push(rule)
    else hits.set(line, [rule])
  })
  const unreadableLines = new Map(unreadable.map(({ line, reason }) => [line, reason]))

  const check = new LineCheck(header)
  const groups = new HitGroups(matcher.rules, groupBy)
  const counts = new LineCounter()
  const broken: { line: number; position: number; receivedMs: number; problem: string; source: string | undefined }[] = []
  for (const [line, range] of ranges.entries()) {
    const checked = check.next(bytes.subarray(range.start, range.end), unreadableLines.get(line))
    if ('problem' in checked) {
      broken.push({ line, ...checked })
    } else if (checked.rejected) {
      counts.add(checked, checked.rejected)
    } else {
      counts.add(checked)
      for (const rule of hits.get(line) ?? []) groups.add(rule, checked)
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
  return { bytes: replaced(bytes, ranges, replacements), groups: groups.list(), counts: counts.list() }
}

/** The neighbours' time of receipt where it lies in the minute that the line is counted under, so that event store and ledger agree. */
function withinMinute(minute: string, near: number): number {
  const start = Date.parse(minute)
  return near >= start && near < start + 60_000 ? near : start
}

const newline = new Uint8Array([0x0a])

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

/** What the worker is given: the rules of the matcher, and for each the fields that its hits are grouped by. */
export interface RuleSet {
  readonly rules: readonly CompiledRule[]
  readonly groupBy: readonly (readonly string[])[]
}
