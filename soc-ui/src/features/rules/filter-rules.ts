import type { RuleSummary } from '@vonggac/contract'
import type { TFunction } from 'i18next'
import { fold } from '../../lib/fold.ts'
import type { Language } from '../../lib/i18n/index.ts'
import { ruleFault } from '../../lib/i18n/rule-faults.ts'
import type { RuleListSearch } from './search.ts'

/** The rules that a search leaves: every word stands somewhere in what the rule says of itself, with or without Vietnamese marks. */
export function filterRules(rules: readonly RuleSummary[], { state, text = '' }: RuleListSearch): RuleSummary[] {
  const words = fold(text).split(/\s+/).filter(Boolean)
  return rules.filter((rule) => (state === undefined || rule.state === state) && words.every((word) => haystackOf(rule).includes(word)))
}

function haystackOf(rule: RuleSummary): string {
  const { product, category, service } = rule.logSource
  const parts = [
    rule.id,
    rule.title,
    rule.titles?.vi,
    rule.titles?.en,
    rule.description,
    rule.descriptions?.vi,
    rule.pack,
    rule.file,
    product,
    category,
    service,
    ...rule.tags,
  ]
  return fold(parts.filter((part) => part !== undefined).join(' '))
}

/** `product/category/service`, what is given of it. */
export function logSourceText({ logSource }: Pick<RuleSummary, 'logSource'>): string {
  return [logSource.product, logSource.category, logSource.service].filter((part) => part !== undefined).join(' / ')
}

/** A correlation reads no log source of its own: it rests on the hits of other rules. */
export function isCorrelation({ logSource, state }: Pick<RuleSummary, 'logSource' | 'state'>): boolean {
  return state !== 'refused' && Object.values(logSource).every((part) => part === undefined)
}

const faults = [
  'yaml',
  'condition',
  'selection',
  'value',
  'modifier',
  'regex',
  'correlation',
  'pipeline',
  'placeholder',
  'id',
  'vonggac',
  'not',
] as const

/** What a diagnostic says, by its code: a sentence of its own, or what part of the rule it is about. Its message says the rest. */
export function faultText(code: string, t: TFunction, language: Language): string {
  return ruleFault(code, language) ?? t(`rules.faults.${faults.find((fault) => code.startsWith(`${fault}-`)) ?? 'other'}`)
}
