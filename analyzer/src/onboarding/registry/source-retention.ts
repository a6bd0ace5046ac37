import type { Config, SourceConfig } from '@vonggac/contract'
import type { ParserLibrary } from '../parsers/library.ts'

type Policy = Config['analyzer']['retention']

export interface RetainedSource {
  readonly config: SourceConfig
  /** null: as the platform's policy says. */
  readonly retentionDays: number | null
}

export interface DatasetRetention {
  readonly agency: string
  readonly dataset: string
  readonly days: number
}

/**
 * What sources with a retention of their own come to. Events are kept by agency and dataset, which several sources may share: the longest of them counts, and one
 * without a retention of its own wants what the policy says, so that nobody shortens how long another's events are kept.
 */
export function sourceRetention(sources: readonly RetainedSource[], library: ParserLibrary, policy: Policy): readonly DatasetRetention[] {
  const longest = new Map<string, DatasetRetention>()
  for (const { config, retentionDays } of sources) {
    for (const name of config.parsers) {
      const dataset = library.find(name)?.dataset
      if (!dataset) continue
      const { agency } = config
      const key = `${agency} ${dataset}`
      const days = Math.max(retentionDays ?? policyDays(policy, agency, dataset), longest.get(key)?.days ?? 0)
      longest.set(key, { agency, dataset, days })
    }
  }
  return [...longest.values()].filter(({ agency, dataset, days }) => days !== policyDays(policy, agency, dataset))
}

function policyDays({ days, exceptions }: Policy, agency: string, dataset: string): number {
  const fits = (wanted: string | undefined, actual: string) => wanted === undefined || wanted === actual
  return exceptions.find((one) => fits(one.agency, agency) && fits(one.dataset, dataset))?.days ?? days
}
