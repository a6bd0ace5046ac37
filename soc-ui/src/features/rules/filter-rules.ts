import type { RuleSummary } from '@vonggac/contract'
import { fold } from '../../lib/fold.ts'
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
