import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { SourceStatus } from '@vonggac/contract'
import { ArrowLeft } from 'lucide-react'
import { Facts } from '../../components/facts.tsx'
import { Page } from '../../components/page.tsx'
import { Panel } from '../../components/panel.tsx'
import { SourceTabs } from '../../components/source-tabs.tsx'
import { Sparkline } from '../../components/sparkline.tsx'
import { Answered, Empty } from '../../components/states.tsx'
import { Ago } from '../../components/when.tsx'
import { localized, useTexts } from '../../lib/i18n/index.ts'
import { useAgencyName } from '../../lib/people.ts'
import { ask } from '../../lib/queries.ts'
import { HowToSend } from './how-to-send.tsx'
import { BalanceLabel, LedgerFlow, LedgerNotes } from './ledger-flow.tsx'
import { LedgerMinutes } from './ledger-minutes.tsx'
import { RejectedFrames } from './rejected-frames.tsx'
import classes from './source-page.module.css'

const route = getRouteApi('/console/sources/$id')

export function SourcePage() {
  const { t, language } = useTexts()
  const { id } = route.useParams()
  const query = useQuery(ask('listSources', {}))
  const source = query.data?.items.find((one) => one.id === id)
  return (
    <Page
      key={id}
      title={source ? localized(source.name, language) : t('sources.title')}
      above={
        <Link to="/sources" className={classes.back ?? ''}>
          <ArrowLeft size={15} aria-hidden /> {t('sources.back')}
        </Link>
      }
      lead={source && <BalanceLabel counts={source.total} />}
    >
      {source?.registered && <SourceTabs id={id} />}
      <Answered query={query} rows={10}>
        {() => (source ? <Source source={source} /> : <Empty title={t('errors.not-found')} hint={t('failure.notFoundLead')} />)}
      </Answered>
    </Page>
  )
}

function Source({ source }: { source: SourceStatus }) {
  const { t, language } = useTexts()
  const agencyName = useAgencyName()
  const name = localized(source.name, language)
  return (
    <>
      <Panel title={t('sources.ledger')} testId="ledger">
        <h3 className={classes.heading}>{t('sources.total')}</h3>
        <LedgerFlow counts={source.total} name={`${name}, ${t('sources.total')}`} />
        <LedgerNotes counts={source.total} />
        <h3 className={classes.heading}>{t('sources.lastHour')}</h3>
        <LedgerFlow counts={source.lastHour} name={`${name}, ${t('sources.lastHour')}`} />
        <LedgerNotes counts={source.lastHour} />
      </Panel>
      <div className={classes.columns}>
        <div className={classes.column}>
          <RejectedFrames source={source.id} />
          <LedgerMinutes source={source.id} />
        </div>
        <div className={classes.column}>
          <Panel title={t('alerts.facts')}>
            <div className={classes.spark}>
              <div className={classes.quiet}>{t('sources.perMinute')}</div>
              <Sparkline
                values={source.perMinute}
                width={320}
                height={48}
                label={t('sources.sparkline', { min: Math.min(...source.perMinute, 0), max: Math.max(...source.perMinute, 0) })}
              />
            </div>
            <Facts
              facts={[
                [t('common.agency'), agencyName(source.agency)],
                [t('common.system'), source.system],
                [t('sources.lastReceived'), source.lastReceived ? <Ago key="last" at={source.lastReceived} /> : t('sources.never')],
                [t('sources.transport'), source.transport],
                [t('sources.connections'), source.connections],
                [t('sources.parsers'), source.parsers.join(', ')],
              ]}
            />
          </Panel>
          {!source.registered && <HowToSend source={source} />}
        </div>
      </div>
    </>
  )
}
