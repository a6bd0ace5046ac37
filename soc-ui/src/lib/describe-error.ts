import type { TFunction } from 'i18next'
import { ApiError } from './problem.ts'

export interface ErrorText {
  readonly title: string
  readonly detail: string
}

/** An error in the reader's language: the title by its code from the catalogue, the server's detail and places as they are. */
export function describeError(error: unknown, t: TFunction): ErrorText {
  if (error instanceof ApiError) {
    const places = error.places.map((place) => `${place.path}: ${place.message}`)
    const title = t(`errors.${error.code}`, { defaultValue: error.title })
    return { title, detail: [error.message, ...places].join(' · ') }
  }
  return { title: t('errors.internal'), detail: error instanceof Error ? error.message : String(error) }
}
