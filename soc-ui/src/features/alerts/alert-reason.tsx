import type { AlertDetail } from '@vonggac/contract'
import { Panel } from '../../components/panel.tsx'
import { ruleTitle } from '../../lib/rule-text.ts'
import { correlationSentence } from '../../lib/correlation-words.ts'
import { localized, useTexts } from '../../lib/i18n/index.ts'
import { isWatch } from '../../lib/rule-kind.ts'
import { summaryOf } from '../../lib/plain-words.ts'
import { FindingList } from './finding-list.tsx'
import classes from './alert-reason.module.css'

/** First of all, in plain words: what the rule watches for, who did it how often, and which conditions the events met. */
export function AlertReason({ detail }: { detail: AlertDetail }) {
  const { t, language } = useTexts()
  const { reason, correlation } = detail.rule
  return (
    <Panel title={t('alerts.why')} testId="alert-reason">
      {reason && <p className={classes.reason}>{localized(reason, language)}</p>}
      <p className={classes.summary}>{summaryOf(detail, t, language)}</p>
      {correlation && (
        <p className={classes.correlation} data-testid="correlation">
          {correlationSentence(correlation, t, language)}
        </p>
      )}
      <Conditions events={detail.events} ruleId={detail.alert.rule.id} />
    </Panel>
  )
}

/** The conditions that the first event met; in a correlation, those of the first event of each of its rules. */
function Conditions({ events, ruleId }: Pick<AlertDetail, 'events'> & { ruleId: string }) {
  const { t, language } = useTexts()
  if (isWatch(ruleId)) return null
  const told = firstOfEachRule(events).filter(({ findings }) => findings.length > 0)
  if (told.length === 0) return <p className={classes.summary}>{t('alerts.noFindings')}</p>
  return told.map(({ rules, findings }, index) => (
    <div key={index}>
      <h3 className={classes.because}>
        {rules ? t('alerts.whyRuleMatched', { rule: rules.map((rule) => ruleTitle(rule, language)).join(', ') }) : t('alerts.whyMatched')}
      </h3>
      <FindingList findings={findings} />
    </div>
  ))
}

function firstOfEachRule(events: AlertDetail['events']): AlertDetail['events'] {
  const told = new Set<string>()
  return events.filter(({ rules }) => {
    const key = (rules ?? []).map(({ id }) => id).join()
    const isFirst = !told.has(key)
    told.add(key)
    return isFirst
  })
}
