import { createHash } from 'node:crypto'
import type { FlatEvent, Scalar } from '@vonggac/contract'
import { valuesOf, type CompiledRule } from '@vonggac/sigma'
import { entitiesOf, maxEntities, type Entities } from './entities.ts'
import { keptValue } from './kept-value.ts'
import type { GoodLine } from './line-check.ts'

export interface Hit {
  readonly id: string
  readonly position: number
  /** Event time, ms. */
  readonly at: number
  /** Of a correlation rule's hit: the events that made it true, some of their ids, and the time of the first. */
  readonly events?: { readonly count: number; readonly ids: readonly string[]; readonly since: number }
}

/** The hits in one batch that belong to one alert. */
export interface HitGroup {
  /** Id of the alert: rule, agency, hour of event time and the values of the group fields, and nothing else. */
  readonly alert: string
  /** Index of the rule in the rule set. */
  readonly rule: number
  readonly agency: string
  /** Start of the hour of event time, ms. */
  readonly hour: number
  readonly group: Readonly<Record<string, Scalar>>
  /** In the order of their positions. */
  readonly hits: readonly Hit[]
  readonly sources: readonly string[]
  readonly entities: Entities
}

const hourMs = 3_600_000

/** Sorts hits into alerts, as contract/alert.ts defines them. */
export class HitGroups {
  readonly #rules: readonly CompiledRule[]
  readonly #groups = new Map<string, Growing>()

  constructor(rules: readonly CompiledRule[]) {
    this.#rules = rules
  }

  add(rule: number, groupBy: readonly string[], line: GoodLine): void {
    const group: Record<string, Scalar> = Object.fromEntries(groupBy.map((field) => [field, groupValue(line.event, field)]))
    const hour = Math.floor(line.at / hourMs) * hourMs
    const identity = identityOf(this.#rules[rule]!.id, line.agency, hour, group)
    let growing = this.#groups.get(identity)
    if (!growing) {
      growing = {
        rule,
        agency: line.agency,
        hour,
        group,
        hits: [],
        sources: new Set(),
        source: new Set(),
        user: new Set(),
        host: new Set(),
      }
      this.#groups.set(identity, growing)
    }
    growing.hits.push({ id: line.id, position: line.position, at: line.at })
    growing.sources.add(line.source)
    const { source, user, host } = entitiesOf(line.event)
    addAll(growing.source, source)
    addAll(growing.user, user)
    addAll(growing.host, host)
  }

  list(): HitGroup[] {
    return [...this.#groups].map(([identity, { rule, agency, hour, group, hits, sources, source, user, host }]) => ({
      alert: alertId(identity),
      rule,
      agency,
      hour,
      group,
      hits,
      sources: [...sources],
      entities: { source: [...source], user: [...user], host: [...host] },
    }))
  }
}

/** What makes an alert: two hits that agree in all of it belong together. */
function identityOf(rule: string, agency: string, hour: number, group: Readonly<Record<string, Scalar>>): string {
  return JSON.stringify([rule, agency, hour, group])
}

function alertId(identity: string): string {
  return createHash('sha256').update(identity).digest('hex').slice(0, 32)
}

/** Id of the alert of a rule, agency and hour for these values of the group fields. */
export function alertIdOf(...identity: Parameters<typeof identityOf>): string {
  return alertId(identityOf(...identity))
}

interface Growing {
  readonly rule: number
  readonly agency: string
  readonly hour: number
  readonly group: Readonly<Record<string, Scalar>>
  readonly hits: Hit[]
  readonly sources: Set<string>
  readonly source: Set<string>
  readonly user: Set<string>
  readonly host: Set<string>
}

/** An alert's group holds scalars: several values are sorted and joined, so that their order in the event does not matter. */
function groupValue(event: FlatEvent, field: string): Scalar {
  const values = valuesOf(event, field)
  return keptValue(values.length <= 1 ? (values[0] ?? null) : values.map(String).toSorted().join(', '))
}

function addAll(to: Set<string>, values: readonly string[]): void {
  for (const value of values) if (to.size < maxEntities) to.add(value)
}
