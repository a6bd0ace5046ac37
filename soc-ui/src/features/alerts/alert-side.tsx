import { Select } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { AlertDetail } from '@vonggac/contract'
import { Facts } from '../../components/facts.tsx'
import { LabelChoice } from '../../components/label-choice.tsx'
import { Notes } from '../../components/notes.tsx'
import { Panel } from '../../components/panel.tsx'
import { References, RuleTags } from '../../components/rule-tags.tsx'
import { When } from '../../components/when.tsx'
import { hasRulePage } from '../../lib/rule-kind.ts'
import { falsePositivesOf, ruleDescription, ruleTitle } from '../../lib/rule-text.ts'
import { useTexts } from '../../lib/i18n/index.ts'
import { useAgencyName, useAssignees } from '../../lib/people.ts'
import { useChange } from '../../lib/queries.ts'
import { useMay } from '../../lib/session.ts'
import { formatNumber } from '../../lib/time.ts'
import { ValueMenu } from './value-menu.tsx'
import classes from './alert-side.module.css'

export function AlertFacts({ detail: { alert } }: { detail: AlertDetail }) {
  const { t, language } = useTexts()
  const agencyName = useAgencyName()
  const assignees = useAssignees(alert.agency)
  const may = useMay('analyst')
  const change = useChange('changeAlert')
  const values = (list: readonly string[]) => list.map((value) => <ValueMenu key={value} value={value} />)
  return (
    <Panel title={t('alerts.facts')}>
      <Facts
        facts={[
          [
            t('common.assignee'),
            <Select
              key="assignee"
              size="xs"
              aria-label={t('common.assignee')}
              placeholder={t('common.nobody')}
              data={assignees}
              value={alert.assignee ?? null}
              disabled={!may}
              clearable
              searchable
              onChange={(assignee) => change.mutate({ params: { id: alert.id }, body: { assignee, version: alert.version } })}
            />,
          ],
          [t('common.agency'), agencyName(alert.agency)],
          [t('alerts.risk'), t('alerts.riskOf', { risk: Math.round(alert.risk) })],
          [t('alerts.hits'), formatNumber(alert.hits.count, language)],
          [t('alerts.firstHit'), <When key="first" at={alert.hits.firstAt} />],
          [t('alerts.lastHit'), <When key="last" at={alert.hits.lastAt} />],
          [t('alerts.actor'), values([...alert.entities.source, ...alert.entities.user])],
          [t('alerts.target'), values(alert.entities.host)],
          [
            t('alerts.grouped'),
            Object.entries(alert.group).map(([field, value]) => (
              <code key={field} className={classes.pair}>
                {field}={String(value)}
              </code>
            )),
          ],
          [
            t('alerts.sources'),
            alert.sources.map((source) => (
              <Link key={source} to="/sources/$id" params={{ id: source }}>
                {source}
              </Link>
            )),
          ],
          [
            t('alerts.tlp'),
            <LabelChoice
              key="tlp"
              quiet
              label={t('alerts.tlp')}
              value={alert.tlp}
              disabled={!may}
              onChange={(tlp) => change.mutate({ params: { id: alert.id }, body: { tlp, version: alert.version } })}
            />,
          ],
        ]}
      />
    </Panel>
  )
}

export function AlertRule({ detail: { alert, rule } }: { detail: AlertDetail }) {
  const { t, language } = useTexts()
  const description = ruleDescription(rule, language)
  const falsePositives = falsePositivesOf(rule, language)
  return (
    <Panel title={t('alerts.rule')}>
      <p className={classes.ruleTitle}>
        {hasRulePage(alert.rule.id) ? (
          <Link to="/rules/$id" params={{ id: alert.rule.id }}>
            {ruleTitle(alert.rule, language)}
          </Link>
        ) : (
          ruleTitle(alert.rule, language)
        )}
      </p>
      {description && <p className={classes.text}>{description}</p>}
      <RuleTags tags={alert.rule.tags} />
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
      <p className={classes.text}>
        <Link to="/alerts" search={{ status: 'all', rule: alert.rule.id }}>
          {t('alerts.sameRule')}
        </Link>
      </p>
    </Panel>
  )
}

export function AlertNotes({ detail: { alert, notes } }: { detail: AlertDetail }) {
  const { t } = useTexts()
  const change = useChange('changeAlert')
  return (
    <Panel title={t('alerts.notes')}>
      <Notes
        notes={notes}
        empty={t('alerts.noNotes')}
        label={t('alerts.addNote')}
        placeholder={t('alerts.notePlaceholder')}
        mayWrite={useMay('analyst')}
        pending={change.isPending}
        maxLength={5_000}
        onAdd={(note) => change.mutateAsync({ params: { id: alert.id }, body: { note, version: alert.version } })}
      />
    </Panel>
  )
}
