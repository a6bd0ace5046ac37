import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { CheckStep, RegisteredSource, SourceCheck } from '@vonggac/contract'
import { Circle, CircleCheck, CircleX } from 'lucide-react'
import { Panel } from '../../components/panel.tsx'
import { Answered } from '../../components/states.tsx'
import { Status } from '../../components/status.tsx'
import { useTexts } from '../../lib/i18n/index.ts'
import { ask } from '../../lib/queries.ts'
import { figuresOf } from './check-figures.ts'
import classes from './live-check.module.css'

const looks = {
  waiting: { icon: Circle, tone: 'neutral' },
  done: { icon: CircleCheck, tone: 'good' },
  problem: { icon: CircleX, tone: 'danger' },
} as const

/** How far a source is, asked every two seconds: five steps that turn green one after another. */
export function LiveCheck({ source }: { source: RegisteredSource }) {
  const { t } = useTexts()
  const query = useQuery({ ...ask('checkSource', { params: { id: source.id } }), refetchInterval: 2_000 })
  return (
    <Panel title={t('connect.check')} lead={t('connect.checkLead')} testId="live-check">
      <Answered query={query} rows={8}>
        {(check) => (
          <>
            <Steps check={check} />
            {check.trouble.length > 0 && <Trouble trouble={check.trouble} />}
            {check.unread.length > 0 && <Unread source={source} unread={check.unread} />}
          </>
        )}
      </Answered>
    </Panel>
  )
}

function Steps({ check: { steps } }: { check: SourceCheck }) {
  const { t } = useTexts()
  const current = steps.find(({ state }) => state !== 'done')
  return (
    <>
      <ol className={classes.steps}>
        {steps.map((step) => (
          <Step key={step.step} step={step} current={step === current} />
        ))}
      </ol>
      <p className="hidden-visually" role="status">
        {current ? `${t(`connect.step.${current.step}`)}: ${t(`connect.state.${current.state}`)}` : ''}
      </p>
      {steps.length > 0 && !current && (
        <p className={classes.allDone} role="status" data-testid="all-done">
          {t('connect.allDone')}
        </p>
      )}
    </>
  )
}

/** What to do is said of the step that holds the others up, and of every step that has a problem. */
function Step({ step, current }: { step: CheckStep; current: boolean }) {
  const { t, language } = useTexts()
  const { state } = step
  const figures = figuresOf(step, t, language)
  return (
    <li className={classes.step} data-state={state} data-current={current || undefined} data-testid={`check-${step.step}`}>
      <div className={classes.head}>
        <strong>{t(`connect.step.${step.step}`)}</strong>
        <Status {...looks[state]}>{t(`connect.state.${state}`)}</Status>
      </div>
      {figures.length > 0 && <div className={classes.figures}>{figures.join(' · ')}</div>}
      {(state === 'problem' || (current && state === 'waiting')) && <p className={classes.todo}>{t(`connect.todo.${step.step}`)}</p>}
    </li>
  )
}

function Trouble({ trouble }: { trouble: readonly string[] }) {
  const { t } = useTexts()
  return (
    <div role="alert">
      <h3 className={classes.heading}>{t('connect.trouble')}</h3>
      <ul className={classes.trouble}>
        {trouble.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </div>
  )
}

function Unread({ source, unread }: { source: RegisteredSource; unread: readonly string[] }) {
  const { t } = useTexts()
  const [parser] = source.config.parsers
  return (
    <div data-testid="unread">
      <h3 className={classes.heading}>{t('connect.unread')}</h3>
      <p className={classes.figures}>{t('connect.unreadLead')}</p>
      <pre className={classes.unread} tabIndex={0} aria-label={t('connect.unread')}>
        {unread.join('\n')}
      </pre>
      {parser && (
        <Link to="/parsers/$id" params={{ id: parser }} search={{ source: source.id }} data-testid="fix-parser">
          {t('connect.fixParser')}
        </Link>
      )}
    </div>
  )
}
