/** For tests of what stands on detection: batches as a collector makes them, and a detector without a thread. */
import { fields, formatEventId, logSourceFields, type BatchHeader, type BatchTally, type FlatEvent } from '@vonggac/contract'
import { createMatcher } from '@vonggac/sigma'
import { compilePack } from './compile-pack.ts'
import { evaluatedBatch, type Detector } from './detector.ts'
import { evaluateBatch } from './evaluation.ts'
import { RuleRepository } from './repository.ts'
import type { LoadedRule, RulesInUse } from './rule-set.ts'
import { ruleSetOf } from './uses.ts'

/** Rules of one pack, from the text of rule files; throws for one that is refused. */
export function rulesFrom(...texts: readonly string[]): RulesInUse {
  const pack = { id: 'test', pipelines: [], rules: texts.map((text, index) => ({ file: `rule-${index}.yml`, text })) }
  const entries = compilePack(pack, new Map())
  const error = entries.flatMap(({ diagnostics }) => diagnostics).find(({ severity }) => severity === 'error')
  if (error) throw new Error(`${error.file}:${error.line}: ${error.message}`)
  return new RuleRepository(entries, new Set(), undefined).inUse()
}

/** The rule of this id, as alerts are explained by it. */
export function ruleIn({ detections, correlations }: RulesInUse, id: string): LoadedRule | undefined {
  return [...detections, ...correlations].find(({ compiled }) => compiled.id === id)
}

export function inlineDetector(rules: RulesInUse): Pick<Detector, 'evaluate'> {
  const set = ruleSetOf(rules)
  const matcher = createMatcher(set.rules, { logSourceFields })
  return {
    async evaluate(header, bytes) {
      return evaluatedBatch(evaluateBatch(matcher, set.uses, header, bytes), rules)
    },
  }
}

export interface TestFrame {
  readonly source?: string
  readonly agency?: string
  readonly receivedMs?: number
  /** Fields besides those that every event has. */
  readonly event?: FlatEvent
  /** Stands in the event's place. */
  readonly line?: string
}

export interface TestBatch {
  readonly header: BatchHeader
  readonly bytes: Uint8Array
}

/** A batch of these frames, at consecutive positions, with the tallies that go with them. */
export function batchOf(collector: string, first: number, frames: readonly TestFrame[], at = Date.UTC(2026, 10, 22, 3)): TestBatch {
  const tallies = new Map<string, BatchTally>()
  const lines = frames.map(({ source = 'portal', agency = 'stttt', receivedMs = at, event, line }, index) => {
    const minute = new Date(Math.floor(receivedMs / 60_000) * 60_000).toISOString()
    const key = `${source} ${minute}`
    const tally = tallies.get(key) ?? { source, agency, minute, journaled: 0, rejected: {} }
    tallies.set(key, { ...tally, journaled: tally.journaled + 1 })
    const time = new Date(receivedMs).toISOString()
    const base = {
      [fields.timestamp]: time,
      [fields.id]: formatEventId(receivedMs, collector, first + index),
      [fields.received]: time,
      [fields.dataset]: 'nginx.access',
      [fields.agency]: agency,
      [fields.source]: source,
    }
    return line ?? JSON.stringify({ ...base, ...event })
  })
  const header = { collector, first, last: first + frames.length - 1, count: frames.length, tallies: [...tallies.values()] }
  return { header, bytes: new TextEncoder().encode(lines.map((line) => `${line}\n`).join('')) }
}
