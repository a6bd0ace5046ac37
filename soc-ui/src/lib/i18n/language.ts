export const languages = ['vi', 'en'] as const
export type Language = (typeof languages)[number]

const storageKey = 'vonggac.language'

/** What the person chose on this device; Vietnamese when nobody chose. */
export function storedLanguage(): Language {
  return localStorage.getItem(storageKey) === 'en' ? 'en' : 'vi'
}

export function storeLanguage(language: Language): void {
  localStorage.setItem(storageKey, language)
}
