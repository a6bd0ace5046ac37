/** Correlation over the events of files: by their own time alone. */
import type { LoadedRules } from '../compile/load.ts'
import { createCorrelator } from '../correlate/correlator.ts'
import type { CorrelationHit } from '../correlate/types.ts'
import { valuesOf } from '../ir/evaluate.ts'
import { readEvent } from '../ir/event.ts'
import { momentOf } from '../ir/time.ts'
import type { CompiledRule } from '../rule.ts'

export interface Correlating {
  /** Takes a hit; true when its rule reports nothing itself. */
  add(rule: CompiledRule, line: Uint8Array, event: number): boolean
  /** What the hits came to, as lines to print. */
  finish(): readonly { readonly json: string; readonly text: string }[]
}

export function correlating({ rules, correlations }: LoadedRules, timeField: string): Correlating {
  // Files may be in any order, so everything waits until the end.
  const correlator = createCorrelator(correlations, rules, { mostPending: Number.POSITIVE_INFINITY, mostReferences: 20 })
  const decoder = new TextDecoder()
  return {
    add(rule, line, reference) {
      const event = readEvent(decoder.decode(line))
      const [value = null] = valuesOf(event, timeField)
      const time = momentOf(value)
      if (time !== undefined) correlator.add({ rule: rule.id, event, time, reference: String(reference) })
      return rule.silent === true
    },
    finish() {
      const hits = correlator.advance(Number.MAX_SAFE_INTEGER).filter(({ rule }) => !rule.silent)
      return hits.map((hit) => ({ json: `${JSON.stringify(asJson(hit))}\n`, text: asText(hit) }))
    },
  }
}

function asJson({ rule, group, from, to, value, references }: CorrelationHit) {
  return { events: references.map(Number), rule: rule.id, group, from: iso(from), to: iso(to), value }
}

function asText({ rule, group, from, to, value }: CorrelationHit): string {
  const of = Object.entries(group).map(([name, each]) => ` ${name}=${String(each)}`)
  return `${iso(from)} to ${iso(to)}: ${rule.title} (${rule.id})${of.join('')}: ${value}\n`
}

function iso(time: number): string {
  return new Date(time).toISOString()
}
