import type { TFunction } from 'i18next'
import type { Language } from './i18n/language.ts'
import { ApiError } from './problem.ts'
import { saidText } from './said.ts'

export interface ErrorText {
  readonly title: string
  readonly detail: string
}

/** An error in the reader's language: the title by its code, and what the server said of it; a sentence of the catalogue says its places itself. */
export function describeError(error: unknown, t: TFunction, language: Language): ErrorText {
  if (!(error instanceof ApiError)) return { title: t('errors.internal'), detail: error instanceof Error ? error.message : String(error) }
  const title = t(`errors.${error.code}`, { defaultValue: error.title })
  if (error.code === 'unreachable') return { title, detail: t('failure.unreachable') }
  if (typeof error.said !== 'string') return { title, detail: saidText(error.said, language) }
  const places = error.places.filter(({ message }) => !error.message.includes(message)).map(({ path, message }) => `${path}: ${message}`)
  return { title, detail: [error.message, ...places].join(' · ') }
}
