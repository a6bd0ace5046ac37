import { Button, Switch } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { CaseDetail, Obligation } from '@vonggac/contract'
import { AlarmClock, CircleCheckBig, Hourglass, TriangleAlert, type LucideIcon } from 'lucide-react'
import { LegalLabels } from '../../components/legal-labels.tsx'
import { Panel } from '../../components/panel.tsx'
import { Status, type Tone } from '../../components/status.tsx'
import { When } from '../../components/when.tsx'
import { localized, useTexts } from '../../lib/i18n/index.ts'
import { useNow } from '../../lib/now.ts'
import { useUserName } from '../../lib/people.ts'
import { useChange } from '../../lib/queries.ts'
import { useMay } from '../../lib/session.ts'
import { formatDateTime, formatSpan } from '../../lib/time.ts'
import classes from './obligations.module.css'

/**
 * The duties that the law attaches to the incident, each with its clock and how sure we are of it. Whether the incident is serious stands on top,
 * since it decides which duties there are; what has neither a time nor a mark is kept folded.
 */
export function Obligations({ detail }: { detail: CaseDetail }) {
  const { t } = useTexts()
  const timed = detail.obligations.filter((one) => hasClock(one) || one.state === 'done').toSorted(byDue)
  const others = detail.obligations.filter((one) => !timed.includes(one))
  return (
    <Panel title={t('cases.obligations')} testId="obligations">
      <SeriousSwitch detail={detail} />
      {detail.obligations.length === 0 && <p className={classes.quiet}>{t('cases.noObligations')}</p>}
      <Duties obligations={timed} detail={detail} />
      {others.length > 0 && (
        <details className={classes.others}>
          <summary>{t('cases.otherObligations', { count: others.length })}</summary>
          <Duties obligations={others} detail={detail} />
        </details>
      )}
    </Panel>
  )
}

function hasClock(obligation: Obligation): boolean {
  return obligation.due !== null || obligation.hours === 0
}

/** The soonest first, then what is due at once if it comes to that, then the fulfilled ones. */
function byDue(a: Obligation, b: Obligation): number {
  const place = ({ state, due }: Obligation) => (state === 'done' ? 2 : due === null ? 1 : 0)
  return place(a) - place(b) || (a.due ?? '').localeCompare(b.due ?? '')
}

function Duties({ obligations, detail }: { obligations: readonly Obligation[]; detail: CaseDetail }) {
  return (
    <ul className={classes.list}>
      {obligations.map((obligation) => (
        <Duty key={obligation.id} obligation={obligation} detail={detail} />
      ))}
    </ul>
  )
}

function SeriousSwitch({ detail: { case: one } }: { detail: CaseDetail }) {
  const { t } = useTexts()
  const may = useMay('analyst')
  const change = useChange('changeCase')
  return (
    <Switch
      className={classes.serious ?? ''}
      label={t('cases.serious')}
      description={t('cases.seriousHint')}
      checked={one.serious}
      disabled={!may || change.isPending}
      onChange={(event) => change.mutate({ params: { id: one.id }, body: { serious: event.currentTarget.checked, version: one.version } })}
      data-testid="serious"
    />
  )
}

function Duty({ obligation, detail }: { obligation: Obligation; detail: CaseDetail }) {
  const { t, language } = useTexts()
  const may = useMay('analyst')
  const userName = useUserName()
  const change = useChange('fulfilObligation')
  const fulfilled = detail.case.fulfilled[obligation.id]
  const done = obligation.state === 'done'
  return (
    <li className={classes.duty} data-state={obligation.state} data-testid="obligation">
      <div className={classes.head}>
        <strong>{localized(obligation.title, language)}</strong>
        {!done && <Clock obligation={obligation} />}
      </div>
      <div className={classes.quiet}>
        {dueText(obligation, t, language)} · {t('cases.recipient')}: {localized(obligation.recipient, language)}
      </div>
      <div className={classes.labels}>
        <LegalLabels confidence={obligation.confidence} status={obligation.status} />
        <details className={classes.basis}>
          <summary>{t('cases.basis')}</summary>
          {obligation.source}
        </details>
      </div>
      {done && fulfilled && (
        <Status icon={CircleCheckBig} tone="good">
          {t('cases.fulfilled')}: {userName(fulfilled.by)}, <When at={fulfilled.at} />
        </Status>
      )}
      {may && (
        <div className={classes.actions}>
          <Button
            size="compact-xs"
            variant={done ? 'subtle' : 'default'}
            loading={change.isPending}
            onClick={() =>
              change.mutate({
                params: { id: detail.case.id, obligation: obligation.id },
                body: { done: !done, version: detail.case.version },
              })
            }
          >
            {done ? t('cases.unmark') : t('cases.markDone')}
          </Button>
          {!done && obligation.form && (
            <Button
              size="compact-xs"
              variant="light"
              renderRoot={(props) => <Link to="/cases/$id" params={{ id: detail.case.id }} search={{ tab: 'notice' }} {...props} />}
            >
              {t('cases.openNotice')}
            </Button>
          )}
        </div>
      )}
    </li>
  )
}

function dueText(obligation: Obligation, t: ReturnType<typeof useTexts>['t'], language: ReturnType<typeof useTexts>['language']): string {
  if (obligation.hours === 0) return t('cases.immediately')
  if (obligation.due === null) return t('cases.noDeadline')
  return t('cases.due', { at: formatDateTime(obligation.due, language) })
}

const urgentMs = 4 * 3_600_000

/** Counts down every second; it is not read aloud, since the due time beside it says the same once. */
function Clock({ obligation }: { obligation: Obligation }) {
  const { t, language } = useTexts()
  const now = useNow(1_000)
  if (obligation.due === null) return null
  const left = new Date(obligation.due).getTime() - now
  const [tone, Icon]: [Tone, LucideIcon] =
    left < 0 ? ['danger', TriangleAlert] : left < urgentMs ? ['warning', AlarmClock] : ['neutral', Hourglass]
  return (
    <span className={classes.clock} data-tone={tone} role="timer" aria-live="off">
      <Icon size={14} aria-hidden />
      {left < 0 ? t('cases.overdueBy') : t('cases.remaining')} <span className="mono">{formatSpan(left, language)}</span>
    </span>
  )
}
