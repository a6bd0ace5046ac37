import { useTexts } from '../lib/i18n/index.ts'
import { useStreamState } from '../lib/stream.ts'
import classes from './live-badge.module.css'

export function LiveBadge() {
  const { t } = useTexts()
  const state = useStreamState()
  return (
    <span className={classes.badge} data-state={state} data-testid="live-state" role="status" title={t(`live.${state}Hint`)}>
      <span className={classes.dot} aria-hidden />
      {t(`live.${state}`)}
    </span>
  )
}
