import { createInstance, type i18n as I18n, type TFunction } from 'i18next'
import { initReactI18next, useTranslation } from 'react-i18next'
import { storeLanguage, type Language } from './language.ts'
import { vi } from './vi/index.ts'

export type { Language } from './language.ts'

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof vi }
  }
}

export const i18n: I18n = createInstance()

void i18n.use(initReactI18next).init({
  lng: 'vi',
  fallbackLng: 'vi',
  resources: { vi: { translation: vi } },
  // React escapes what it renders.
  interpolation: { escapeValue: false },
  initAsync: false,
})

/** Vietnamese is there from the start; English is fetched for who reads it. */
export async function showLanguage(language: Language): Promise<void> {
  if (language === 'en' && !i18n.hasResourceBundle('en', 'translation')) {
    const { en } = await import('./en/index.ts')
    i18n.addResourceBundle('en', 'translation', en)
  }
  document.documentElement.lang = language
  await i18n.changeLanguage(language)
}

/** For now, and on this device for the next time. */
export async function chooseLanguage(language: Language): Promise<void> {
  storeLanguage(language)
  await showLanguage(language)
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
