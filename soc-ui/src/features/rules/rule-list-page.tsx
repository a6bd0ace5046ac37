import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import type { RuleSummary } from '@vonggac/contract'
import { useRef } from 'react'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { FilterField } from '../../components/filter-field.tsx'
import { Page } from '../../components/page.tsx'
import { SeverityLabel } from '../../components/severity.tsx'
import { Answered, Empty } from '../../components/states.tsx'
import { ViewTabs } from '../../components/view-tabs.tsx'
import { Ago } from '../../components/when.tsx'
import { ruleTitle } from '../../lib/rule-text.ts'
import { useTexts } from '../../lib/i18n/index.ts'
import { useKeys } from '../../lib/keyboard.ts'
import { ask } from '../../lib/queries.ts'
import { formatNumber } from '../../lib/time.ts'
import { faultText, filterRules, isCorrelation, logSourceText } from './filter-rules.ts'
import { RuleStateLabel } from './rule-state.tsx'
import { readRuleListSearch, states } from './search.ts'
import classes from './rule-list-page.module.css'

const route = getRouteApi('/console/rules')

export function RuleListPage() {
  const { t, language } = useTexts()
  const search = route.useSearch()
  const navigate = useNavigate()
  const field = useRef<HTMLInputElement>(null)
  const query = useQuery(ask('listRules', {}))
  const columns = useColumns()
  useKeys({ '/': () => field.current?.focus() })
  const change = (part: Record<string, unknown>) =>
    void navigate({ to: '/rules', search: readRuleListSearch({ ...search, ...part }), replace: true })
  const all = query.data?.items ?? []
  const count = (state?: string) => formatNumber(state ? all.filter((rule) => rule.state === state).length : all.length, language)
  return (
    <Page title={t('rules.title')}>
      <div className={classes.filters}>
        <ViewTabs
          label={t('common.status')}
          value={search.state ?? 'all'}
          onChange={(state) => change({ state })}
          views={[
            { value: 'all', label: t('common.all'), count: query.data && count() },
            ...states.map((state) => ({ value: state, label: t(`ruleState.${state}`), count: query.data && count(state) })),
          ]}
        />
        <FilterField
          ref={field}
          className={classes.search ?? ''}
          label={t('rules.search')}
          value={search.text ?? ''}
          onChange={(text) => change({ text })}
          data-testid="filter-rules"
        />
      </div>
      <div className={classes.list}>
        <Answered query={query} rows={10}>
          {({ items }) => {
            const shown = filterRules(items, search)
            if (shown.length === 0) return <Empty title={items.length === 0 ? t('rules.emptyAll') : t('rules.empty')} />
            return (
              <DataTable
                label={t('rules.list')}
                columns={columns}
                rows={shown}
                rowKey={(rule) => `${rule.pack}/${rule.file}/${rule.id}`}
                rowTestId="rule-row"
              />
            )
          }}
        </Answered>
      </div>
    </Page>
  )
}

function useColumns(): Column<RuleSummary>[] {
  const { t, language } = useTexts()
  return [
    { key: 'level', header: t('rules.level'), width: '8.5rem', cell: (rule) => <SeverityLabel severity={rule.level} /> },
    {
      key: 'rule',
      header: t('rules.rule'),
      narrow: 'line',
      cell: (rule) => (
        <div className={classes.rule}>
          <Link to="/rules/$id" params={{ id: rule.id }} className={classes.title ?? ''}>
            {ruleTitle(rule, language)}
          </Link>
          {rule.state === 'refused' && rule.diagnostics[0] ? (
            <span className={classes.fault}>
              {t('rules.atLine', { line: rule.diagnostics[0].line, column: rule.diagnostics[0].column })}:{' '}
              {faultText(rule.diagnostics[0].code, t, language)}
            </span>
          ) : (
            <span className={classes.quiet}>
              {isCorrelation(rule) ? t('rules.correlation') : logSourceText(rule)}
              {rule.silent && ` · ${t('rules.silent')}`}
            </span>
          )}
        </div>
      ),
    },
    {
      key: 'state',
      header: t('common.status'),
      width: '10rem',
      cell: (rule) => <RuleStateLabel state={rule.state} />,
    },
    { key: 'pack', header: t('rules.pack'), width: '9rem', wideOnly: true, narrow: 'hide', cell: (rule) => rule.pack },
    {
      key: 'alerts',
      header: t('rules.alertCount'),
      width: '6rem',
      end: true,
      labelled: true,
      cell: (rule) => <span className="tabular">{formatNumber(rule.alerts, language)}</span>,
    },
    {
      key: 'last',
      header: t('rules.lastAlert'),
      width: '8rem',
      narrow: 'hide',
      cell: (rule) => <span className={classes.quiet}>{rule.lastAlertAt ? <Ago at={rule.lastAlertAt} /> : t('rules.never')}</span>,
    },
  ]
}
