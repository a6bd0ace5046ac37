import { Progress } from '@mantine/core'
import type { Storage } from '@vonggac/contract'
import type { ReactNode } from 'react'
import { Panel } from '../../components/panel.tsx'
import { formatBytes } from '../../lib/bytes.ts'
import { useTexts } from '../../lib/i18n/index.ts'
import { saidText } from '../../lib/said.ts'
import { formatCompact, formatDateTime, formatNumber } from '../../lib/time.ts'
import { StoreState } from './store-state.tsx'
import classes from './health.module.css'

/** How the stores are, in a sentence, and the figures that tell whether it stays so. */
export function Health({ storage }: { storage: Storage }) {
  const { t, language } = useTexts()
  const { state, detail, events, bytes, oldest, newest, disk, documents } = storage
  const said = saidText(detail, language)
  return (
    <Panel title={t('storage.health')} lead={t(`storage.engine.${storage.engine}`)} testId="storage-health">
      <div className={classes.state} data-state={state}>
        <StoreState state={state} />
        <p>{t(`storage.stateLead.${state}`)}</p>
        {said !== '' && <p className={classes.detail}>{said}</p>}
      </div>
      <dl className={classes.figures}>
        <Figure name={t('storage.events')} value={events < 1_000_000 ? formatNumber(events, language) : formatCompact(events, language)}>
          {events > 0 && t('storage.perEvent', { size: formatBytes(Math.round(bytes / events), language) })}
        </Figure>
        <Figure name={t('storage.size')} value={formatBytes(bytes, language)}>
          {disk && <DiskUse disk={disk} used={bytes} />}
        </Figure>
        <Figure
          name={t('storage.stored')}
          small
          value={
            oldest && newest ? (
              <>
                {formatDateTime(oldest, language)} – <br />
                {formatDateTime(newest, language)}
              </>
            ) : (
              t('storage.nothingStored')
            )
          }
        />
        <Figure name={t('storage.documents')} small value={<StoreState state={documents.state} />}>
          {saidText(documents.detail, language) || `${t(`storage.engine.${documents.engine}`)}: ${t('storage.documentsLead')}`}
        </Figure>
      </dl>
    </Panel>
  )
}

function Figure({ name, value, small = false, children }: { name: string; value: ReactNode; small?: boolean; children?: ReactNode }) {
  return (
    <div className={classes.figure}>
      <dt>{name}</dt>
      <dd>
        <div className={small ? classes.small : classes.value}>{value}</div>
        {children && <div className={classes.note}>{children}</div>}
      </dd>
    </div>
  )
}

/** Less than these many days are worth a colour. */
const soonDays = 14

function DiskUse({ disk, used }: { disk: NonNullable<Storage['disk']>; used: number }) {
  const { t, language } = useTexts()
  const { freeBytes, budgetBytes, daysLeft } = disk
  const share = budgetBytes ? Math.min(100, (used / budgetBytes) * 100) : undefined
  return (
    <>
      {t('storage.disk')}: {t('storage.free', { size: formatBytes(freeBytes, language) })}
      {budgetBytes !== undefined && share !== undefined && (
        <>
          <Progress value={share} size="sm" my={4} color={share > 85 ? 'danger' : 'watch'} aria-label={t('storage.budgetUse')} />
          {t('storage.budget', { used: formatBytes(used, language), budget: formatBytes(budgetBytes, language) })}
        </>
      )}
      <div className={daysLeft !== undefined && daysLeft < soonDays ? classes.soon : undefined}>
        {daysLeft === undefined
          ? t('storage.notFilling')
          : t('storage.daysLeft', { count: Math.floor(daysLeft), shown: formatNumber(Math.floor(daysLeft), language) })}
      </div>
    </>
  )
}
