import { useEffect, type ReactNode } from 'react'
import { LanguageChoice } from '../../components/language-choice.tsx'
import { Mark } from '../../components/mark.tsx'
import { NightWatch } from './night-watch.tsx'
import { useTexts } from '../../lib/i18n/index.ts'
import classes from './door.module.css'

/** The frame of the pages before the sign-in. */
export function Door({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  const { t } = useTexts()
  useEffect(() => {
    document.title = `${title} · Vọng Gác`
  }, [title])
  return (
    <div className={classes.page}>
      <header className={classes.banner}>
        <NightWatch />
        <div className={classes.words}>
          <Mark size={40} />
          <div>
            <div className={classes.name}>{t('product.name')}</div>
            <div className={classes.tagline}>{t('product.tagline')}</div>
          </div>
        </div>
      </header>
      <main className={classes.main}>
        <div className={classes.card}>
          <h1 className={classes.title}>{title}</h1>
          <p className={classes.lead}>{lead}</p>
          {children}
        </div>
        <div className={classes.language}>
          <LanguageChoice />
        </div>
      </main>
    </div>
  )
}
