import { useQueries } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Alert, CaseDetail } from '@vonggac/contract'
import { Entities } from '../../components/entities.tsx'
import { SeverityLabel } from '../../components/severity.tsx'
import { Failure, Loading } from '../../components/states.tsx'
import { Ago } from '../../components/when.tsx'
import { ruleTitle } from '../../lib/rule-text.ts'
import { useTexts } from '../../lib/i18n/index.ts'
import { ask } from '../../lib/queries.ts'
import classes from './case-alerts.module.css'

/** A case may hold a thousand alerts; the newest are read one by one, the rest is told. */
const shownAtMost = 50

export function CaseAlerts({ detail }: { detail: CaseDetail }) {
  const { t } = useTexts()
  const ids = detail.case.alerts.slice(-shownAtMost)
  const answers = useQueries({ queries: ids.map((id) => ask('readAlert', { params: { id } })) })
  if (ids.length === 0) return <p className={classes.quiet}>{t('cases.noAlerts')}</p>
  return (
    <>
      {ids.length < detail.case.alerts.length && (
        <p className={classes.quiet}>{t('cases.alertsShown', { shown: ids.length, total: detail.case.alerts.length })}</p>
      )}
      <ul className={classes.alerts}>
        {answers.map((answer, index) => (
          <li key={ids[index]} data-testid="case-alert">
            {answer.data ? <AlertLine alert={answer.data.alert} /> : answer.error ? <Failure error={answer.error} /> : <Loading rows={1} />}
          </li>
        ))}
      </ul>
    </>
  )
}

function AlertLine({ alert }: { alert: Alert }) {
  const { t, language } = useTexts()
  return (
    <div className={classes.line}>
      <SeverityLabel severity={alert.severity} />
      <div className={classes.text}>
        <Link to="/alerts/$id" params={{ id: alert.id }} search={{ status: 'all' }} className={classes.title ?? ''}>
          {ruleTitle(alert.rule, language)}
        </Link>
        <div className={classes.quiet}>
          <Entities values={[...alert.entities.source, ...alert.entities.user, ...alert.entities.host]} />
        </div>
      </div>
      <div className={classes.quiet}>
        {t('alerts.hitCount', { count: alert.hits.count })} · <Ago at={alert.hits.lastAt} />
      </div>
    </div>
  )
}
