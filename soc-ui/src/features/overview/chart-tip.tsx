import { severities } from '@vonggac/contract'
import { SeverityLabel } from '../../components/severity.tsx'
import type { Reply } from '../../lib/api.ts'
import { useTexts } from '../../lib/i18n/index.ts'
import { formatDateTime, formatNumber } from '../../lib/time.ts'
import classes from '../../components/chart-tip.module.css'

interface ChartTipProps {
  readonly active?: boolean
  readonly payload?: readonly { readonly payload?: unknown }[]
}

/** The bucket under the pointer, the same in both charts. */
export function ChartTip({ active, payload }: ChartTipProps) {
  const { t, language } = useTexts()
  const bucket = payload?.[0]?.payload as Reply<'volume'>['items'][number] | undefined
  if (!active || !bucket) return null
  return (
    <div className={classes.tip}>
      <strong>{formatDateTime(bucket.at, language)}</strong>
      <div className={classes.line}>
        <span>{t('overview.seriesEvents')}</span>
        <span>{formatNumber(bucket.events, language)}</span>
      </div>
      {severities
        .toReversed()
        .filter((severity) => (bucket.alerts[severity] ?? 0) > 0)
        .map((severity) => (
          <div key={severity} className={classes.line}>
            <SeverityLabel severity={severity} />
            <span>{formatNumber(bucket.alerts[severity] ?? 0, language)}</span>
          </div>
        ))}
    </div>
  )
}
