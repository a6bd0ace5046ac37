import type { Severity } from '@vonggac/contract'
import { SeverityLabel } from '../../components/severity.tsx'
import type { Reply } from '../../lib/api.ts'
import { useTexts } from '../../lib/i18n/index.ts'
import { formatDateTime, formatNumber } from '../../lib/time.ts'
import classes from './volume-table.module.css'

interface VolumeTableProps {
  readonly items: Reply<'volume'>['items']
  readonly severities: readonly Severity[]
}

/** The chart's figures for who cannot see the drawing; buckets with nothing in them are left out. */
export function VolumeTable({ items, severities }: VolumeTableProps) {
  const { t, language } = useTexts()
  return (
    <details className={classes.table}>
      <summary>{t('overview.chartTable')}</summary>
      <div className={classes.scroll} tabIndex={0} role="region" aria-label={t('overview.volume')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('overview.chartTime')}</th>
              <th scope="col">{t('overview.seriesEvents')}</th>
              {severities.map((severity) => (
                <th scope="col" key={severity}>
                  <SeverityLabel severity={severity} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {items
              .filter((bucket) => bucket.events > 0)
              .map((bucket) => (
                <tr key={bucket.at}>
                  <th scope="row">{formatDateTime(bucket.at, language)}</th>
                  <td>{formatNumber(bucket.events, language)}</td>
                  {severities.map((severity) => (
                    <td key={severity}>{formatNumber(bucket.alerts[severity] ?? 0, language)}</td>
                  ))}
                </tr>
              ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}
