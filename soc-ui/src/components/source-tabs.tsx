import { Link } from '@tanstack/react-router'
import { useTexts } from '../lib/i18n/index.ts'
import classes from './page-tabs.module.css'

/** The pages of a source that is registered in the console. */
export function SourceTabs({ id }: { id: string }) {
  const { t } = useTexts()
  const link = classes.tab ?? ''
  return (
    <nav className={classes.tabs} aria-label={t('sourceTabs.label')}>
      <Link to="/sources/$id" params={{ id }} activeOptions={{ exact: true }} className={link}>
        {t('sourceTabs.ledger')}
      </Link>
      <Link to="/sources/$id/connect" params={{ id }} className={link}>
        {t('sourceTabs.connect')}
      </Link>
      <Link to="/sources/$id/settings" params={{ id }} className={link}>
        {t('sourceTabs.settings')}
      </Link>
    </nav>
  )
}
