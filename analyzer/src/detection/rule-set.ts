import { localizedTextSchema, type LocalizedList, type LocalizedText } from '@vonggac/contract'
import type { CompiledRule, CorrelationRule, Referable } from '@vonggac/sigma'
import { z } from 'zod'

/** A rule that is ready for use, with what Vọng Gác itself reads of it. */
interface Loaded<Compiled extends CompiledRule | CorrelationRule> {
  readonly compiled: Compiled
  readonly pack: string
  /** Fields whose values tell one alert of this rule from another. */
  readonly groupBy: readonly string[]
  readonly titles?: LocalizedText
  readonly descriptions?: LocalizedText
  readonly falsePositiveTexts?: LocalizedList
  /** Why an alert of this rule matters, in plain words. */
  readonly reason?: LocalizedText
  /** Folder name of the playbook that a case starts from. */
  readonly playbook?: string
}

/** A rule on single events. */
export type LoadedDetection = Loaded<CompiledRule>
/** A rule on the hits of other rules. */
export type LoadedCorrelation = Loaded<CorrelationRule>
export type LoadedRule = LoadedDetection | LoadedCorrelation

export function isCorrelation(rule: LoadedRule): rule is LoadedCorrelation {
  return 'timespanMs' in rule.compiled
}

/** What runs: rules that are switched off are not in it. */
export interface RulesInUse {
  readonly detections: readonly LoadedDetection[]
  readonly correlations: readonly LoadedCorrelation[]
  /** Every rule that is loaded, running or not: correlations may refer to any of them. */
  readonly known: readonly Referable[]
}

/** Where a rule does not say how its hits belong together: one alert for each attacker on each host. */
export const defaultGroupBy = ['host.name', 'source.ip'] as const

/** A text that the rule has in English where Sigma keeps it. */
const vietnamese = z.object({ vi: z.string().min(1) })

/** The custom key `vonggac` of a rule file. */
const ownKeysSchema = z.strictObject({
  title: vietnamese.optional(),
  description: vietnamese.optional(),
  falsepositives: z.object({ vi: z.array(z.string().min(1)).min(1) }).optional(),
  reason: localizedTextSchema.optional(),
  group_by: z.array(z.string().min(1)).max(8).optional(),
  playbook: z.string().min(1).optional(),
})

export type OwnKeysResult = { readonly rule: LoadedRule; readonly problem?: never } | { readonly problem: string; readonly rule?: never }

/** Reads the key `vonggac`; a mistake in it refuses the rule, since its alerts would be grouped otherwise than its author meant. */
export function withOwnKeys(compiled: CompiledRule | CorrelationRule, pack: string): OwnKeysResult {
  const parsed = ownKeysSchema.safeParse(compiled.custom['vonggac'] ?? {})
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    return { problem: `${['vonggac', ...issue.path].join('.')}: ${issue.message}` }
  }
  const { title, description, falsepositives, reason, group_by: groupBy, playbook } = parsed.data
  const own = {
    pack,
    ...(title ? { titles: { vi: title.vi, en: compiled.title } } : {}),
    ...(description && compiled.description ? { descriptions: { vi: description.vi, en: compiled.description } } : {}),
    ...(falsepositives ? { falsePositiveTexts: { vi: falsepositives.vi, en: [...compiled.falsePositives] } } : {}),
    ...(reason ? { reason } : {}),
    ...(playbook ? { playbook } : {}),
  }
  if (!('timespanMs' in compiled)) return { rule: { compiled, groupBy: groupBy ?? defaultGroupBy, ...own } }
  const stranger = groupBy?.find((field) => !compiled.groupBy.includes(field))
  if (stranger) return { problem: `vonggac.group_by: "${stranger}" is not in the correlation's group-by, and only those have a value.` }
  return { rule: { compiled, groupBy: groupBy ?? compiled.groupBy, ...own } }
}
