import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Entities } from '../../components/entities.tsx'
import { Panel } from '../../components/panel.tsx'
import { SeverityLabel } from '../../components/severity.tsx'
import { Answered, Empty } from '../../components/states.tsx'
import { Ago } from '../../components/when.tsx'
import { ruleTitle } from '../../lib/rule-text.ts'
import { useTexts } from '../../lib/i18n/index.ts'
import { ask } from '../../lib/queries.ts'
import classes from './newest-alerts.module.css'

export function NewestAlerts() {
  const { t, language } = useTexts()
  const query = useQuery(ask('listAlerts', { query: { status: ['new', 'acknowledged'], limit: 8 } }))
  return (
    <Panel title={t('overview.newest')} flush actions={<Link to="/alerts">{t('overview.seeAll')}</Link>} testId="newest-alerts">
      <Answered query={query} rows={8}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t('overview.calm')} />
          ) : (
            <ul className={classes.alerts}>
              {items.map((alert) => (
                <li key={alert.id}>
                  <SeverityLabel severity={alert.severity} />
                  <div className={classes.text}>
                    <Link to="/alerts/$id" params={{ id: alert.id }} className={classes.title ?? ''}>
                      {ruleTitle(alert.rule, language)}
                    </Link>
                    <Entities values={[...alert.entities.source, ...alert.entities.user, ...alert.entities.host]} />
                  </div>
                  <span className={classes.when}>
                    <Ago at={alert.hits.lastAt} />
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Answered>
    </Panel>
  )
}
