import { fillSentence, textOf, type Said, type Sentence } from '@vonggac/contract'
import type { Language } from './i18n/language.ts'
import { sentences, values as words } from './i18n/vi/sentences.ts'
import { formatNumber } from './time.ts'

/** What the platform said, in the reader's language; what has no code, or one that this console does not know, as it came. */
export function saidText(said: Said, language: Language): string {
  if (language === 'en' || typeof said === 'string') return textOf(said)
  return 'code' in said ? inVietnamese(said) : said.map((one) => saidText(one, language)).join(' ')
}

function inVietnamese({ code, values, text }: Sentence): string {
  if (!Object.hasOwn(sentences, code)) return text
  const shown = Object.entries(values).map(([name, value]) => [name, wordOf(name, value)])
  return fillSentence(sentences[code as keyof typeof sentences], Object.fromEntries(shown) as Record<string, string>)
}

function wordOf(name: string, value: string | number): string {
  return typeof value === 'number' ? formatNumber(value, 'vi') : (words[name]?.[value] ?? value)
}
