import { Button, SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, type ReactNode } from 'react'
import { Page } from '../../components/page.tsx'
import { Panel } from '../../components/panel.tsx'
import { Answered, Empty, Loading } from '../../components/states.tsx'
import { useTexts } from '../../lib/i18n/index.ts'
import { ask } from '../../lib/queries.ts'
import { countIn } from '../../lib/search.ts'
import { formatCompact, formatNumber } from '../../lib/time.ts'
import { NewestAlerts } from './newest-alerts.tsx'
import { periods, readOverviewSearch, type Period } from './search.ts'
import { SourceVolume } from './source-volume.tsx'
import { SilentSources } from './silent-sources.tsx'
import { useVolume } from './use-volume.ts'
import classes from './overview-page.module.css'

const VolumeChart = lazy(() => import('./volume-chart.tsx').then((module) => ({ default: module.VolumeChart })))
const route = getRouteApi('/console/')

export function OverviewPage() {
  const { t } = useTexts()
  const { period = 'hour' } = route.useSearch()
  const navigate = useNavigate()
  const volume = useVolume(period)
  return (
    <Page
      title={t('overview.title')}
      actions={
        <SegmentedControl
          size="xs"
          aria-label={t('overview.period')}
          value={period}
          onChange={(value) => void navigate({ to: '/', search: readOverviewSearch({ period: value as Period }), replace: true })}
          data={periods.map((value) => ({ value, label: t(`overview.${value}`) }))}
        />
      }
    >
      <Figures events={volume.data?.items.reduce((sum, bucket) => sum + bucket.events, 0)} />
      <Panel title={t('overview.volume')} lead={t('overview.volumeLead')} testId="volume">
        <Answered query={volume} rows={7}>
          {(data) =>
            data.items.every((bucket) => bucket.events === 0 && Object.keys(bucket.alerts).length === 0) ? (
              <Empty
                title={t('overview.noVolume')}
                action={
                  <Button variant="default" size="xs" renderRoot={(props) => <Link to="/sources" {...props} />}>
                    {t('overview.howToSend')}
                  </Button>
                }
              />
            ) : (
              <Suspense fallback={<Loading rows={7} />}>
                <VolumeChart volume={data} />
              </Suspense>
            )
          }
        </Answered>
      </Panel>
      <div className={classes.columns}>
        <NewestAlerts />
        <div className={classes.side}>
          <SilentSources />
          <SourceVolume volume={volume} />
        </div>
      </div>
    </Page>
  )
}

function Figures({ events }: { events: number | undefined }) {
  const { t, language } = useTexts()
  const alerts = useQuery(ask('listAlerts', { query: { status: ['new', 'acknowledged'], limit: 8 } }))
  const urgent = useQuery(ask('listAlerts', { query: { status: ['new', 'acknowledged'], severity: ['high', 'critical'], limit: 1 } }))
  const cases = useQuery(ask('listCases', { query: { status: ['open', 'contained'], limit: 1 } }))
  const number = (value: number | undefined) => (value === undefined ? '–' : formatNumber(value, language))
  return (
    <dl className={classes.figures}>
      <Figure
        name={t('overview.toHandle')}
        value={<Link to="/alerts">{number(alerts.data && countIn(['new', 'acknowledged'], alerts.data.counts.status))}</Link>}
      />
      <Figure
        name={t('overview.urgent')}
        urgent={urgent.data !== undefined && urgent.data.items.length > 0}
        value={
          <Link to="/alerts" search={{ severity: 'high,critical' }}>
            {number(urgent.data && countIn(['high', 'critical'], urgent.data.counts.severity))}
          </Link>
        }
      />
      <Figure
        name={t('overview.openCases')}
        value={<Link to="/cases">{number(cases.data && countIn(['open', 'contained'], cases.data.counts.status))}</Link>}
      />
      <Figure
        name={t('overview.events')}
        value={events === undefined ? '–' : events < 100_000 ? number(events) : formatCompact(events, language)}
      />
    </dl>
  )
}

function Figure({ name, value, urgent = false }: { name: string; value: ReactNode; urgent?: boolean }) {
  return (
    <div className={classes.figure} data-urgent={urgent || undefined}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}
