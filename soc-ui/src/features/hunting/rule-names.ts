import { useQuery } from '@tanstack/react-query'
import type { RuleSummary } from '@vonggac/contract'
import { useTexts } from '../../lib/i18n/index.ts'
import { ask } from '../../lib/queries.ts'
import { ruleTitle } from '../../lib/rule-text.ts'

export function useRules(): readonly RuleSummary[] {
  return useQuery({ ...ask('listRules', {}), staleTime: 60_000 }).data?.items ?? []
}

/** A rule's title by its id; of one that is gone, the id. */
export function useRuleName(): (id: string) => string {
  const { language } = useTexts()
  const rules = new Map(useRules().map((rule) => [rule.id, rule]))
  return (id) => {
    const rule = rules.get(id)
    return rule ? ruleTitle(rule, language) : id
  }
}
