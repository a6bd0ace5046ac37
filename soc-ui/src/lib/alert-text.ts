import type { Alert } from '@vonggac/contract'
import { localized } from './i18n/index.ts'
import type { Language } from './i18n/language.ts'

/** What a rule is called in the reader's language; a rule without translations has its one title. */
export function ruleTitle(rule: Pick<Alert['rule'], 'title' | 'titles'>, language: Language): string {
  return rule.titles ? localized(rule.titles, language) : rule.title
}
