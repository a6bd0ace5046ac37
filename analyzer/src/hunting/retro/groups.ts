/**
 * Rules that are looked for together. Those of one log source share a scan: it reads the datasets of that log source alone, and its condition is true of every
 * event that any of them is true of; a condition that several rules have stands in it once. What the store finds is decided by the stream matcher, as live.
 */
import { fields, logSourceFields, rejectedKind, type Scope } from '@vonggac/contract'
import { ExpressionStore, type Expression, type LogSource } from '@vonggac/sigma'
import type { LoadedDetection } from '../../detection/index.ts'
import type { EventStore, TimeRange } from '../../storage/event-store.ts'
import { sideBySide } from './side-by-side.ts'

export interface RuleGroup {
  readonly rules: readonly LoadedDetection[]
  readonly where: Expression
}

export interface Grouped {
  readonly groups: readonly RuleGroup[]
  /** Rules of log sources of which there is nothing in the period. */
  readonly idle: readonly LoadedDetection[]
}

/** Rules of one scan: a condition of thousands would be slower than several of some. */
const mostTogether = 100
const mostDatasets = 500
/** Searches of one run side by side: the store has others to serve. */
export const atOnce = 2

/** Frames that nobody could parse are no events: rules are not asked about them live either. */
const parsed: Expression = { not: { field: fields.kind, test: { kind: 'equals', value: rejectedKind, cased: true } } }

export async function groupRules(
  events: Pick<EventStore, 'aggregate'>,
  scope: Scope,
  range: TimeRange,
  rules: readonly LoadedDetection[],
  signal: AbortSignal,
): Promise<Grouped> {
  const groups: RuleGroup[] = []
  const idle: LoadedDetection[] = []
  const sources = byLogSource(rules).map((members) => ({ members, ofSource: logSourceCondition(members[0]!.compiled.logSource) }))
  const found = await sideBySide(sources, atOnce, ({ ofSource }) =>
    events.aggregate(scope, { where: ofSource, range, signal }, { by: 'terms', field: fields.dataset, size: mostDatasets }),
  )
  for (const [index, { members, ofSource }] of sources.entries()) {
    const datasets = found[index]!
    if (datasets.length === 0) {
      idle.push(...members)
      continue
    }
    const within =
      datasets.length < mostDatasets
        ? [
            anyOf(
              fields.dataset,
              datasets.map(({ key }) => String(key)),
            ),
          ]
        : []
    for (let first = 0; first < members.length; first += mostTogether) {
      groups.push(groupOf(members.slice(first, first + mostTogether), [...within, ofSource, parsed]))
    }
  }
  return { groups, idle }
}

function groupOf(rules: readonly LoadedDetection[], conditions: readonly Expression[]): RuleGroup {
  const shared = new ExpressionStore().intern({ any: rules.map(({ compiled }) => compiled.expression) })
  return { rules, where: { all: [...conditions, shared] } }
}

function byLogSource(rules: readonly LoadedDetection[]): readonly (readonly LoadedDetection[])[] {
  const groups = new Map<string, LoadedDetection[]>()
  for (const rule of rules) {
    const { category, product, service } = rule.compiled.logSource
    const key = JSON.stringify([category, product, service].map((name) => name?.toLowerCase()))
    groups.set(key, [...(groups.get(key) ?? []), rule])
  }
  return [...groups.values()]
}

/** True of the events that a rule of this log source applies to: what an event does not say does not keep it out. */
function logSourceCondition(logSource: LogSource): Expression {
  const dimensions = (['category', 'product', 'service'] as const).flatMap((dimension) => {
    const wanted = logSource[dimension]
    return wanted ? [{ field: logSourceFields[dimension], wanted }] : []
  })
  return {
    all: dimensions.map(({ field, wanted }) => ({
      any: [
        { field, test: { kind: 'equals', value: wanted } },
        { field, test: { kind: 'null' } },
        { field, test: { kind: 'equals', value: '' } },
      ],
    })),
  }
}

function anyOf(field: string, values: readonly string[]): Expression {
  return { any: values.map((value) => ({ field, test: { kind: 'equals', value, cased: true } })) }
}
