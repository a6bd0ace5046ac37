import { SegmentedControl } from '@mantine/core'
import { useId } from 'react'
import { showError } from '../lib/notify.ts'
import { chooseLanguage, useTexts, type Language } from '../lib/i18n/index.ts'
import classes from './language-choice.module.css'

/** In the account menu, and on the pages before the sign-in. */
export function LanguageChoice() {
  const { t, language } = useTexts()
  const id = useId()
  return (
    <div className={classes.choice}>
      <span id={id}>{t('account.language')}</span>
      <SegmentedControl
        size="xs"
        fullWidth
        aria-labelledby={id}
        value={language}
        onChange={(value) => void chooseLanguage(value as Language).catch(showError)}
        data={[
          { value: 'vi', label: <span lang="vi">Tiếng Việt</span> },
          { value: 'en', label: <span lang="en">English</span> },
        ]}
      />
    </div>
  )
}
