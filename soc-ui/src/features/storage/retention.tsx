import type { Storage } from '@vonggac/contract'
import { Panel } from '../../components/panel.tsx'
import { When } from '../../components/when.tsx'
import { formatBytes } from '../../lib/bytes.ts'
import { useTexts } from '../../lib/i18n/index.ts'
import { useAgencyName } from '../../lib/people.ts'
import { formatNumber } from '../../lib/time.ts'
import classes from './retention.module.css'

export function Retention({ retention: { days, exceptions, last } }: { retention: Storage['retention'] }) {
  const { t, language } = useTexts()
  const agencyName = useAgencyName()
  return (
    <Panel title={t('storage.retention')} testId="retention">
      <p className={classes.text}>{t('storage.retentionDays', { count: days })}</p>
      {exceptions.length > 0 && (
        <>
          <h3 className={classes.heading}>{t('storage.exceptions')}</h3>
          <ul className={classes.list}>
            {exceptions.map(({ agency, dataset, days: kept }) => (
              <li key={`${agency} ${dataset}`}>
                <span>
                  {agency ? agencyName(agency) : t('common.allAgencies')} · {dataset ? <code>{dataset}</code> : t('storage.anyDataset')}
                </span>
                <strong>{t('storage.days', { count: kept })}</strong>
              </li>
            ))}
          </ul>
        </>
      )}
      <p className={classes.quiet}>
        {last ? (
          <>
            <When at={last.at} /> ·{' '}
            {t('storage.lastRetention', { events: formatNumber(last.events, language), size: formatBytes(last.bytes, language) })}
          </>
        ) : (
          t('storage.neverRetired')
        )}
      </p>
    </Panel>
  )
}
