import { Button, SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { SourceStatus } from '@vonggac/contract'
import { CircleDashed, Plus } from 'lucide-react'
import { useState } from 'react'
import { Page } from '../../components/page.tsx'
import { Sparkline } from '../../components/sparkline.tsx'
import { Answered, Empty } from '../../components/states.tsx'
import { Status } from '../../components/status.tsx'
import { Ago } from '../../components/when.tsx'
import { localized, useTexts } from '../../lib/i18n/index.ts'
import { useAgencyName } from '../../lib/people.ts'
import { ask } from '../../lib/queries.ts'
import { useMay } from '../../lib/session.ts'
import { formatNumber } from '../../lib/time.ts'
import { FirstEvents } from './first-events.tsx'
import { BalanceLabel, LedgerFlow, LedgerNotes } from './ledger-flow.tsx'
import classes from './source-list-page.module.css'

type Window = 'total' | 'lastHour'

export function SourceListPage() {
  const { t } = useTexts()
  const may = useMay('manager')
  const [window, setWindow] = useState<Window>('total')
  const query = useQuery(ask('listSources', {}))
  return (
    <Page
      title={t('sources.title')}
      lead={t('sources.lead')}
      actions={
        <>
          <SegmentedControl
            size="xs"
            aria-label={t('sources.window')}
            value={window}
            onChange={(value) => setWindow(value as Window)}
            data={[
              { value: 'total', label: t('sources.total') },
              { value: 'lastHour', label: t('sources.lastHour') },
            ]}
          />
          {may && (
            <Button
              leftSection={<Plus size={15} aria-hidden />}
              renderRoot={(props) => <Link to="/sources/new" {...props} />}
              data-testid="new-source"
            >
              {t('newSource.add')}
            </Button>
          )}
        </>
      }
    >
      <Answered query={query} rows={10}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty
              title={t('sources.empty')}
              hint={t(may ? 'sources.emptyHint' : 'newSource.noManager')}
              action={
                may && (
                  <Button variant="default" renderRoot={(props) => <Link to="/sources/new" {...props} />}>
                    {t('newSource.add')}
                  </Button>
                )
              }
            />
          ) : (
            <>
              {items.every(({ lastReceived }) => lastReceived === null) && (
                <FirstEvents sources={items.filter(({ registered }) => !registered)} />
              )}
              <ul className={classes.sources} aria-label={t('sources.list')}>
                {items.map((source) => (
                  <SourceCard key={source.id} source={source} window={window} />
                ))}
              </ul>
            </>
          )
        }
      </Answered>
    </Page>
  )
}

function SourceCard({ source, window }: { source: SourceStatus; window: Window }) {
  const { t, language } = useTexts()
  const agencyName = useAgencyName()
  const name = localized(source.name, language)
  return (
    <li className={classes.source} data-testid="source-card" data-source={source.id}>
      <div className={classes.who}>
        <Link to="/sources/$id" params={{ id: source.id }} className={classes.name ?? ''}>
          {name}
        </Link>
        <div className={classes.quiet}>
          <span className="mono">{source.id}</span> · {agencyName(source.agency)}
          {source.system && ` · ${source.system}`}
        </div>
        <div className={classes.state}>
          {source.lastReceived ? (
            <>
              <BalanceLabel counts={source[window]} />
              <span className={classes.quiet}>
                {t('sources.lastReceived')}: <Ago at={source.lastReceived} />
              </span>
            </>
          ) : (
            <Status icon={CircleDashed}>{t('sources.never')}</Status>
          )}
        </div>
      </div>
      <div className={classes.ledger}>
        <LedgerFlow counts={source[window]} name={name} />
        <LedgerNotes counts={source[window]} />
      </div>
      <div className={classes.spark}>
        <Sparkline
          values={source.perMinute}
          label={t('sources.sparkline', { min: Math.min(...source.perMinute, 0), max: Math.max(...source.perMinute, 0) })}
        />
        <span className={classes.quiet}>{t('sources.perMinuteNow', { shown: formatNumber(source.perMinute.at(-2) ?? 0, language) })}</span>
      </div>
    </li>
  )
}
