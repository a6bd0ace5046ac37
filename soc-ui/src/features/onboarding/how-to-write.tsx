import { useTexts } from '../../lib/i18n/index.ts'
import classes from './trial.module.css'

const steps = ['dissect', 'regex', 'json', 'kv', 'date', 'rename', 'set'] as const

/** The steps that most parsers are made of, for whoever writes the first one. */
export function HowToWrite() {
  const { t } = useTexts()
  return (
    <details className={classes.howTo}>
      <summary>{t('parsers.howTo')}</summary>
      <ul>
        {steps.map((step) => (
          <li key={step}>
            <code>{step}</code>: {t(`parsers.howToSteps.${step}`)}
          </li>
        ))}
      </ul>
    </details>
  )
}
