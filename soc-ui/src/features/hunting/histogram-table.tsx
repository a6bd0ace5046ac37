import { Button } from '@mantine/core'
import type { Reply } from '../../lib/api.ts'
import { useTexts } from '../../lib/i18n/index.ts'
import { formatDateTime, formatNumber } from '../../lib/time.ts'
import { periodOfBuckets } from './brush.ts'
import type { Period } from './search.ts'
import classes from './histogram-table.module.css'

interface HistogramTableProps {
  readonly histogram: Reply<'countEvents'>
  readonly period: Period
  readonly onNarrow: (period: Period) => void
}

/** The bars as a table, each of them a button that narrows to its time; empty ones are left out. */
export function HistogramTable({ histogram, period, onNarrow }: HistogramTableProps) {
  const { t, language } = useTexts()
  const narrow = (index: number) => {
    const narrowed = periodOfBuckets(histogram, index, index, period)
    if (narrowed) onNarrow(narrowed)
  }
  return (
    <details className={classes.table} data-testid="histogram-table">
      <summary>{t('overview.chartTable')}</summary>
      <div className={classes.scroll} tabIndex={0} role="region" aria-label={t('hunting.overTime')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('overview.chartTime')}</th>
              <th scope="col">{t('hunting.events')}</th>
            </tr>
          </thead>
          <tbody>
            {histogram.items.map(
              ({ at, count }, index) =>
                count > 0 && (
                  <tr key={at}>
                    <th scope="row">
                      <Button size="compact-xs" variant="subtle" onClick={() => narrow(index)} title={t('hunting.narrowTo')}>
                        {formatDateTime(at, language)}
                      </Button>
                    </th>
                    <td>{formatNumber(count, language)}</td>
                  </tr>
                ),
            )}
          </tbody>
        </table>
      </div>
    </details>
  )
}
