import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { CheckStep, RegisteredSource, SourceCheck } from '@vonggac/contract'
import { Circle, CircleCheck, CircleX, LoaderCircle } from 'lucide-react'
import { Panel } from '../../components/panel.tsx'
import { Answered } from '../../components/states.tsx'
import { Status } from '../../components/status.tsx'
import { useTexts } from '../../lib/i18n/index.ts'
import { ask } from '../../lib/queries.ts'
import { ruleTitle } from '../../lib/rule-text.ts'
import { saidText } from '../../lib/said.ts'
import { figuresOf } from './check-figures.ts'
import classes from './live-check.module.css'

const looks = {
  waiting: { icon: Circle, tone: 'neutral' },
  applying: { icon: LoaderCircle, tone: 'active' },
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
            {check.unread.length > 0 && <Unread source={source} unread={check.unread} />}
          </>
        )}
      </Answered>
    </Panel>
  )
}

function Steps({ check: { steps, trouble } }: { check: SourceCheck }) {
  const { t } = useTexts()
  const current = steps.find(({ state }) => state !== 'done')
  return (
    <>
      <ol className={classes.steps}>
        {steps.map((step) => (
          <Step key={step.step} step={step} current={step === current} trouble={step.step === 'connection' ? trouble : []} />
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

interface StepProps {
  readonly step: CheckStep
  readonly current: boolean
  /** What a collector or the analyzer says is in the way. */
  readonly trouble: SourceCheck['trouble']
}

/** What to do is said of the step that holds the others up, and of every step that has a problem; what is known to be in the way comes before advice. */
function Step({ step, current, trouble }: StepProps) {
  const { t, language } = useTexts()
  const titleOf = useRuleTitles()
  const { state } = step
  const figures = figuresOf(step.step === 'rules' ? { ...step, names: step.names.map(titleOf) } : step, t, language)
  return (
    <li className={classes.step} data-state={state} data-current={current || undefined} data-testid={`check-${step.step}`}>
      <div className={classes.head}>
        <strong>{t(`connect.step.${step.step}`)}</strong>
        <Status {...looks[state]}>{t(`connect.state.${state}`)}</Status>
      </div>
      {figures.length > 0 && <div className={classes.figures}>{figures.join(' · ')}</div>}
      {trouble.length > 0 ? (
        <ul className={classes.trouble} aria-label={t('connect.trouble')}>
          {trouble.map(({ code, collector, detail, said = detail }, index) => (
            <li key={index}>
              {t(`connect.troubles.${code}`, { collector })} {saidText(said, language)}
            </li>
          ))}
        </ul>
      ) : (
        (state === 'problem' || (current && state === 'waiting')) && <p className={classes.todo}>{t(`connect.todo.${step.step}`)}</p>
      )}
    </li>
  )
}

/** The check names rules by the title of their file. */
function useRuleTitles(): (title: string) => string {
  const { language } = useTexts()
  const { data } = useQuery({ ...ask('listRules', {}), staleTime: 60_000 })
  return (title) => {
    const rule = data?.items.find((one) => one.title === title)
    return rule ? ruleTitle(rule, language) : title
  }
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
