import type { CorrelationRule } from '../../rule.ts'
import type { CorrelationHit, Correlator, RuleHit } from '../types.ts'
import { testMetadata } from '../../testing/metadata.ts'

/** A correlation rule for tests: five minutes over the rule `a`, unless told otherwise. */
export function correlation(id: string, rule: Partial<CorrelationRule>): CorrelationRule {
  return {
    ...testMetadata(id),
    type: 'event_count',
    rules: ['a'],
    aliases: {},
    groupBy: [],
    timespanMs: 300_000,
    generate: false,
    condition: { comparisons: [{ operator: 'gte', value: 3 }], fields: [] },
    ...rule,
  }
}

export const detections = [{ id: 'a' }, { id: 'b' }, { id: 'c', name: 'third' }]

/** A hit so many seconds after the epoch. */
export function hit(rule: string, seconds: number, event: RuleHit['event'] = {}): RuleHit {
  return { rule, time: seconds * 1000, event, reference: `${rule}@${seconds}` }
}

/** What the hits give in the end, each as its rule's id, seconds from and to, and value. */
export function results(correlator: Correlator, hits: readonly RuleHit[]): unknown[] {
  for (const each of hits) correlator.add(each)
  return correlator.advance(Number.MAX_SAFE_INTEGER).map(brief)
}

export function brief({ rule, from, to, value }: CorrelationHit): unknown[] {
  return [rule.id, from / 1000, to / 1000, value]
}
