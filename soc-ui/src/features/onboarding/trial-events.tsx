import type { UseQueryResult } from '@tanstack/react-query'
import { fields, type FlatEvent, type TrialResult } from '@vonggac/contract'
import { CircleAlert, CircleCheck, CircleX, LoaderCircle } from 'lucide-react'
import { Panel } from '../../components/panel.tsx'
import { Failure } from '../../components/states.tsx'
import { Status } from '../../components/status.tsx'
import { fieldTexts } from '../../lib/event-text.ts'
import { useTexts } from '../../lib/i18n/index.ts'
import classes from './trial.module.css'

/** More events than these nobody reads. */
const mostShown = 30

/** What the platform sets, whatever the parser does: for a trial it says nothing. */
const platforms = new Set<string>([fields.id, fields.original, fields.agency, fields.source, fields.received])

interface TrialEventsProps {
  readonly trial: Pick<UseQueryResult<TrialResult>, 'data' | 'error' | 'refetch' | 'isFetching'>
  readonly tried: boolean
}

/** The events that come out, one to open each. */
export function TrialEvents({ trial: { data, error, refetch, isFetching }, tried }: TrialEventsProps) {
  const { t } = useTexts()
  return (
    <Panel
      title={t('parsers.result')}
      testId="trial"
      actions={
        <span role="status" data-testid="trial-state" data-read={data?.read}>
          {isFetching ? (
            <Status icon={LoaderCircle} tone="active">
              {t('parsers.trying')}
            </Status>
          ) : (
            tried && data && <Verdict result={data} />
          )}
        </span>
      }
    >
      {error && <Failure error={error} retry={() => void refetch()} />}
      {!tried && <p className={classes.quiet}>{t('parsers.tryFirst')}</p>}
      {tried && data && (
        <ol className={classes.events}>
          {data.events.slice(0, mostShown).map((event, index) => (
            <li key={index}>
              <Event event={event} number={index + 1} />
            </li>
          ))}
        </ol>
      )}
    </Panel>
  )
}

function Verdict({ result: { mistake, read, lines } }: { result: TrialResult }) {
  const { t } = useTexts()
  if (mistake !== undefined) {
    return (
      <Status icon={CircleX} tone="danger">
        {t('parsers.mistake')}
      </Status>
    )
  }
  return read === lines ? (
    <Status icon={CircleCheck} tone="good">
      {t('parsers.readAll', { lines })}
    </Status>
  ) : (
    <Status icon={CircleAlert} tone="warning">
      {t('parsers.readSome', { read, lines })}
    </Status>
  )
}

function Event({ event, number }: { event: TrialResult['events'][number]; number: number }) {
  const { t } = useTexts()
  const unread = event['error.code'] !== undefined
  const original = event['event.original']
  return (
    <details open={number === 1} data-testid="trial-event" data-unread={unread || undefined}>
      <summary className={classes.summary}>
        {unread ? (
          <Status icon={CircleX} tone="danger">
            {t('parsers.unreadLine')}
          </Status>
        ) : (
          <Status icon={CircleCheck} tone="good">
            {t('parsers.event', { number })}
          </Status>
        )}
        <code className={classes.original}>{typeof original === 'string' ? original : ''}</code>
      </summary>
      <dl className={classes.fields}>
        {Object.entries(event)
          .filter(([field]) => !platforms.has(field))
          .map(([field, value]) => (
            <div key={field}>
              <dt>{field}</dt>
              <dd>{fieldTexts(value as FlatEvent[string]).join(', ')}</dd>
            </div>
          ))}
      </dl>
    </details>
  )
}
