import type { CorrelationRule } from '../rule.ts'
import type { Referable } from './types.ts'

/**
 * The ids of rules, correlations among them, that only feed correlations: they report no hits of their own, because every correlation that
 * refers to them leaves out `generate: true`.
 */
export function feedersOf(correlations: readonly CorrelationRule[], rules: readonly Referable[]): ReadonlySet<string> {
  const referred = (generate: boolean) =>
    new Set(correlations.filter((rule) => rule.generate === generate).flatMap((rule) => rule.rules.map((each) => each.toLowerCase())))
  const [silent, reporting] = [referred(false), referred(true)]
  const named = (references: ReadonlySet<string>, { id, name }: Referable) =>
    references.has(id.toLowerCase()) || (name !== undefined && references.has(name.toLowerCase()))
  const feeders = [...rules, ...correlations].filter((rule) => named(silent, rule) && !named(reporting, rule))
  return new Set(feeders.map(({ id }) => id))
}
