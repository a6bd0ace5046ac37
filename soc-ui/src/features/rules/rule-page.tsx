import { Switch } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { RuleDetail } from '@vonggac/contract'
import type { TFunction } from 'i18next'
import { ArrowLeft } from 'lucide-react'
import { Facts } from '../../components/facts.tsx'
import { Page } from '../../components/page.tsx'
import { Panel } from '../../components/panel.tsx'
import { References, RuleTags } from '../../components/rule-tags.tsx'
import { SeverityLabel } from '../../components/severity.tsx'
import { Answered } from '../../components/states.tsx'
import { When } from '../../components/when.tsx'
import { falsePositivesOf, ruleDescription, ruleTitle } from '../../lib/rule-text.ts'
import { useTexts } from '../../lib/i18n/index.ts'
import { showDone } from '../../lib/notify.ts'
import { ask, useChange } from '../../lib/queries.ts'
import { useMay, useSeesEveryAgency } from '../../lib/session.ts'
import { formatNumber } from '../../lib/time.ts'
import { faultText, isCorrelation, logSourceText } from './filter-rules.ts'
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
  const manager = useMay('manager')
  const central = useSeesEveryAgency()
  const may = manager && central
  const change = useChange('changeRule')
  const refused = rule.state === 'refused'
  return (
    <Panel title={t('common.status')}>
      <p className={classes.text}>{whyState(rule, t)}</p>
      {rule.silent && <p className={classes.text}>{t('rules.why.silent')}</p>}
      {rule.state === 'no-source' && !isCorrelation(rule) && (
        <p className={classes.text}>
          <Link to="/sources">{t('sources.title')}</Link>
        </p>
      )}
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

/** Why the rule fires or cannot, in words for who does not write rules. */
function whyState(rule: RuleDetail, t: TFunction): string {
  if (rule.state === 'refused') return t('rules.why.refused', { file: `${rule.pack}/${rule.file}` })
  if (rule.state === 'active' && isCorrelation(rule)) return t('rules.why.correlates')
  if (rule.state !== 'no-source') return t(`rules.why.${rule.state}`)
  return isCorrelation(rule) ? t('rules.why.no-bases') : t('rules.why.no-source', { logSource: logSourceText(rule) })
}

function About({ rule }: { rule: RuleDetail }) {
  const { t, language } = useTexts()
  const description = ruleDescription(rule, language)
  const falsePositives = falsePositivesOf(rule, language)
  return (
    <Panel title={t('rules.description')}>
      {description && <p className={classes.text}>{description}</p>}
      <RuleTags tags={rule.tags} />
      <div className={classes.facts}>
        <Facts
          facts={[
            [t('rules.logSource'), isCorrelation(rule) ? t('rules.correlation') : logSourceText(rule)],
            [t('rules.status'), rule.status],
            [t('rules.author'), rule.author],
            [t('rules.pack'), rule.pack],
            [t('rules.file'), <code key="file">{rule.file}</code>],
            [t('rules.alertCount'), formatNumber(rule.alerts, language)],
            [t('rules.lastAlert'), rule.lastAlertAt ? <When key="last" at={rule.lastAlertAt} /> : t('rules.never')],
          ]}
        />
      </div>
      {falsePositives.length > 0 && (
        <>
          <h3 className={classes.heading}>{t('alerts.falsePositives')}</h3>
          <ul className={classes.list}>
            {falsePositives.map((text) => (
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
  const { t, language } = useTexts()
  if (rule.diagnostics.length === 0) return null
  return (
    <Panel title={t('rules.diagnostics')} testId="diagnostics">
      <ul className={classes.diagnostics}>
        {rule.diagnostics.map((one, index) => (
          <li key={index} data-severity={one.severity}>
            <strong>{t(`rules.${one.severity}`)}</strong> · {t('rules.atLine', { line: one.line, column: one.column })} ·{' '}
            <code>{one.code}</code>
            <div>{faultText(one.code, t, language)}</div>
            <div className={classes.message}>{one.message}</div>
            {one.suggestion && <div className={classes.suggestion}>{t('rules.suggestion', { text: one.suggestion })}</div>}
          </li>
        ))}
      </ul>
    </Panel>
  )
}
