import { createInstance, type i18n as I18n, type TFunction } from 'i18next'
import { initReactI18next, useTranslation } from 'react-i18next'
import { en } from './en/index.ts'
import { storedLanguage, storeLanguage, type Language } from './language.ts'
import { vi } from './vi/index.ts'

export type { Language } from './language.ts'

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof vi }
  }
}

export const i18n: I18n = createInstance()

void i18n.use(initReactI18next).init({
  lng: storedLanguage(),
  fallbackLng: 'vi',
  resources: { vi: { translation: vi }, en: { translation: en } },
  // React escapes what it renders.
  interpolation: { escapeValue: false },
  initAsync: false,
})

document.documentElement.lang = i18n.language

export function chooseLanguage(language: Language): void {
  storeLanguage(language)
  document.documentElement.lang = language
  void i18n.changeLanguage(language)
}

export function chosenLanguage(): Language {
  return i18n.language === 'en' ? 'en' : 'vi'
}

/** The texts of the chosen language, and which it is. */
export function useTexts(): { t: TFunction; language: Language } {
  const { t } = useTranslation()
  return { t, language: chosenLanguage() }
}

/** The text of a localised pair that the contract carries. */
export function localized(text: { vi: string; en: string }, language: Language): string {
  return text[language]
}
