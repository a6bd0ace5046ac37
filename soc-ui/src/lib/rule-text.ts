import type { Alert, LocalizedList, LocalizedText } from '@vonggac/contract'
import { localized } from './i18n/index.ts'
import type { Language } from './i18n/language.ts'

/** What a rule is called in the reader's language; a rule without translations has its one title. */
export function ruleTitle(rule: Pick<Alert['rule'], 'title' | 'titles'>, language: Language): string {
  return rule.titles ? localized(rule.titles, language) : rule.title
}

interface RuleTexts {
  readonly description?: string | undefined
  readonly descriptions?: LocalizedText | undefined
  readonly falsePositives: readonly string[]
  readonly falsePositiveTexts?: LocalizedList | undefined
}

/** What a rule looks for, in the reader's language where its author wrote it so. */
export function ruleDescription({ description, descriptions }: RuleTexts, language: Language): string | undefined {
  return descriptions ? localized(descriptions, language) : description
}

/** When the rule is wrong though it matches. */
export function falsePositivesOf({ falsePositives, falsePositiveTexts }: RuleTexts, language: Language): readonly string[] {
  return falsePositiveTexts ? falsePositiveTexts[language] : falsePositives
}
