import { Link } from '@tanstack/react-router'
import { useTexts } from '../../lib/i18n/index.ts'
import classes from '../../components/page-tabs.module.css'

/** The three pages of hunting. */
export function HuntingTabs() {
  const { t } = useTexts()
  const link = classes.tab ?? ''
  return (
    <nav className={classes.tabs} aria-label={t('hunting.title')}>
      <Link to="/hunting" activeOptions={{ exact: true, includeSearch: false }} className={link}>
        {t('hunting.searchTab')}
      </Link>
      <Link to="/hunting/saved" className={link}>
        {t('hunting.savedTab')}
      </Link>
      <Link to="/hunting/history" className={link}>
        {t('hunting.historyTab')}
      </Link>
    </nav>
  )
}
