import { Switch } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { RuleDetail } from '@vonggac/contract'
import { ArrowLeft } from 'lucide-react'
import { Facts } from '../../components/facts.tsx'
import { Page } from '../../components/page.tsx'
import { Panel } from '../../components/panel.tsx'
import { References, RuleTags } from '../../components/rule-tags.tsx'
import { SeverityLabel } from '../../components/severity.tsx'
import { Answered } from '../../components/states.tsx'
import { When } from '../../components/when.tsx'
import { ruleTitle } from '../../lib/alert-text.ts'
import { useTexts } from '../../lib/i18n/index.ts'
import { showDone } from '../../lib/notify.ts'
import { ask, useChange } from '../../lib/queries.ts'
import { useMay } from '../../lib/session.ts'
import { formatNumber } from '../../lib/time.ts'
import { logSourceText } from './filter-rules.ts'
import { RuleStateLabel } from './rule-state.tsx'
import { RuleText } from './rule-text.tsx'
import classes from './rule-page.module.css'

const route = getRouteApi('/console/rules/$id')

export function RulePage() {
  const { t, language } = useTexts()
  const { id } = route.useParams()
  const query = useQuery(ask('readRule', { params: { id } }))
  return (
    <Page
      key={id}
      title={query.data ? ruleTitle(query.data, language) : t('rules.rule')}
      above={
        <Link to="/rules" className={classes.back ?? ''}>
          <ArrowLeft size={15} aria-hidden /> {t('rules.back')}
        </Link>
      }
      lead={
        query.data && (
          <span className={classes.lead}>
            <SeverityLabel severity={query.data.level} />
            <RuleStateLabel state={query.data.state} />
          </span>
        )
      }
    >
      <Answered query={query} rows={12}>
        {(rule) => (
          <div className={classes.columns}>
            <div className={classes.column}>
              <Diagnostics rule={rule} />
              <Panel title={t('rules.yaml')}>
                <RuleText yaml={rule.yaml} diagnostics={rule.diagnostics} />
              </Panel>
            </div>
            <div className={classes.column}>
              <State rule={rule} />
              <About rule={rule} />
            </div>
          </div>
        )}
      </Answered>
    </Page>
  )
}

function State({ rule }: { rule: RuleDetail }) {
  const { t } = useTexts()
  const may = useMay('manager')
  const change = useChange('changeRule')
  const refused = rule.state === 'refused'
  return (
    <Panel title={t('common.status')}>
      <p className={classes.text}>{t(`rules.why.${rule.state}`)}</p>
      {!refused && (
        <Switch
          label={t('rules.switch')}
          description={may ? undefined : t('rules.managersOnly')}
          checked={rule.state !== 'disabled'}
          disabled={!may || change.isPending}
          onChange={(event) => {
            const enabled = event.currentTarget.checked
            change.mutate(
              { params: { id: rule.id }, body: { enabled } },
              { onSuccess: () => showDone(t(enabled ? 'rules.switchedOn' : 'rules.switchedOff')) },
            )
          }}
          data-testid="rule-switch"
        />
      )}
    </Panel>
  )
}

function About({ rule }: { rule: RuleDetail }) {
  const { t, language } = useTexts()
  return (
    <Panel title={t('rules.description')}>
      {rule.description && <p className={classes.text}>{rule.description}</p>}
      <RuleTags tags={rule.tags} />
      <div className={classes.facts}>
        <Facts
          facts={[
            [t('rules.logSource'), logSourceText(rule) || undefined],
            [t('rules.status'), rule.status],
            [t('rules.author'), rule.author],
            [t('rules.pack'), rule.pack],
            [t('rules.file'), <code key="file">{rule.file}</code>],
            [t('rules.alertCount'), formatNumber(rule.alerts, language)],
            [t('rules.lastAlert'), rule.lastAlertAt ? <When key="last" at={rule.lastAlertAt} /> : t('rules.never')],
          ]}
        />
      </div>
      {rule.falsePositives.length > 0 && (
        <>
          <h3 className={classes.heading}>{t('alerts.falsePositives')}</h3>
          <ul className={classes.list}>
            {rule.falsePositives.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </>
      )}
      <References references={rule.references} />
      <p className={classes.more}>
        <Link to="/alerts" search={{ status: 'all', rule: rule.id }}>
          {t('rules.seeAlerts')}
        </Link>
      </p>
    </Panel>
  )
}

function Diagnostics({ rule }: { rule: RuleDetail }) {
  const { t } = useTexts()
  if (rule.diagnostics.length === 0) return null
  return (
    <Panel title={t('rules.diagnostics')} testId="diagnostics">
      <ul className={classes.diagnostics}>
        {rule.diagnostics.map((one, index) => (
          <li key={index} data-severity={one.severity}>
            <strong>{t(`rules.${one.severity}`)}</strong> · {t('rules.atLine', { line: one.line, column: one.column })} ·{' '}
            <code>{one.code}</code>
            <div>{one.message}</div>
            {one.suggestion && <div className={classes.suggestion}>{t('rules.suggestion', { text: one.suggestion })}</div>}
          </li>
        ))}
      </ul>
    </Panel>
  )
}
