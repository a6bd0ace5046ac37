import { ruleStateSchema } from '@vonggac/contract'
import { compact, oneOf, textIn } from '../../lib/search.ts'

export const states = ruleStateSchema.options
export type RuleState = (typeof states)[number]

export interface RuleListSearch {
  readonly state?: RuleState
  readonly text?: string
}

export function readRuleListSearch(search: Record<string, unknown>): RuleListSearch {
  return compact({ state: oneOf(search['state'], states), text: textIn(search['text']) })
}
