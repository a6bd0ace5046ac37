import { Button, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import type { Case } from '@vonggac/contract'
import { FolderPlus, Siren } from 'lucide-react'
import { useState } from 'react'
import { CaseStatusLabel } from '../../components/case-status.tsx'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { Page } from '../../components/page.tsx'
import { SeverityLabel } from '../../components/severity.tsx'
import { Answered, Empty } from '../../components/states.tsx'
import { Status } from '../../components/status.tsx'
import { ViewTabs } from '../../components/view-tabs.tsx'
import { Ago } from '../../components/when.tsx'
import { useTexts } from '../../lib/i18n/index.ts'
import { useAgencies, useAgencyName, useUserName } from '../../lib/people.ts'
import { ask } from '../../lib/queries.ts'
import { countIn } from '../../lib/search.ts'
import { useMay } from '../../lib/session.ts'
import { formatNumber } from '../../lib/time.ts'
import { NewCaseDialog } from './new-case-dialog.tsx'
import { readCaseListSearch, statusesOf, views } from './search.ts'
import classes from './case-list-page.module.css'

const route = getRouteApi('/console/cases')
const pageSize = 50

export function CaseListPage() {
  const { t, language } = useTexts()
  const search = route.useSearch()
  const navigate = useNavigate()
  const agencies = useAgencies()
  const may = useMay('analyst')
  const [creating, setCreating] = useState(false)
  const [limit, setLimit] = useState(pageSize)
  const view = search.status ?? 'open'
  const query = useQuery(
    ask('listCases', { query: { status: [...statusesOf[view]], limit, ...(search.agency ? { agency: search.agency } : {}) } }),
  )
  const columns = useColumns()
  const change = (part: Record<string, string | null>) =>
    void navigate({ to: '/cases', search: readCaseListSearch({ ...search, ...part }), replace: true })
  return (
    <Page
      title={t('cases.title')}
      actions={
        may && (
          <Button leftSection={<FolderPlus size={15} aria-hidden />} onClick={() => setCreating(true)} data-testid="new-case">
            {t('cases.create')}
          </Button>
        )
      }
    >
      <div className={classes.filters}>
        <ViewTabs
          label={t('common.status')}
          value={view}
          onChange={(status) => change({ status })}
          views={views.map((value) => ({
            value,
            label: value === 'open' ? t('cases.open') : value === 'all' ? t('common.all') : t(`caseStatus.${value}`),
            count: query.data && formatNumber(countIn(statusesOf[value], query.data.counts.status), language),
          }))}
        />
        {agencies.length > 1 && (
          <Select
            size="xs"
            aria-label={t('common.agency')}
            placeholder={t('common.allAgencies')}
            data={agencies}
            value={search.agency ?? null}
            onChange={(agency) => change({ agency })}
            clearable
            searchable
          />
        )}
      </div>
      <div className={classes.list}>
        <Answered query={query} rows={8}>
          {({ items, next }) =>
            items.length === 0 ? (
              <Empty title={t('cases.empty')} hint={t('cases.emptyHint')} />
            ) : (
              <>
                <DataTable label={t('cases.list')} columns={columns} rows={items} rowKey={(one) => one.id} rowTestId="case-row" />
                {next && limit < 500 && (
                  <div className={classes.more}>
                    <Button variant="default" loading={query.isFetching} onClick={() => setLimit((old) => Math.min(500, old + pageSize))}>
                      {t('common.more')}
                    </Button>
                  </div>
                )}
              </>
            )
          }
        </Answered>
      </div>
      <NewCaseDialog opened={creating} onClose={() => setCreating(false)} />
    </Page>
  )
}

function useColumns(): Column<Case>[] {
  const { t } = useTexts()
  const agencyName = useAgencyName()
  const userName = useUserName()
  return [
    { key: 'severity', header: t('common.severity'), width: '8.5rem', cell: (one) => <SeverityLabel severity={one.severity} /> },
    {
      key: 'case',
      header: t('cases.case'),
      narrow: 'line',
      cell: (one) => (
        <div className={classes.case}>
          <Link to="/cases/$id" params={{ id: one.id }} className={classes.title ?? ''}>
            {one.title}
          </Link>
          <span className={classes.under}>
            <span className="mono">{one.number}</span> · {agencyName(one.agency)}
          </span>
          {one.serious && (
            <Status icon={Siren} tone="danger">
              {t('cases.serious')}
            </Status>
          )}
        </div>
      ),
    },
    { key: 'status', header: t('common.status'), width: '9rem', cell: (one) => <CaseStatusLabel status={one.status} /> },
    {
      key: 'tasks',
      header: t('cases.progress'),
      width: '8rem',
      cell: (one) => {
        const done = one.tasks.filter((task) => task.status === 'done' || task.status === 'skipped').length
        return <span className={classes.quiet}>{t('cases.progressOf', { done, total: one.tasks.length })}</span>
      },
    },
    {
      key: 'assignee',
      header: t('common.assignee'),
      width: '10rem',
      wideOnly: true,
      narrow: 'hide',
      cell: (one) => (one.assignee ? userName(one.assignee) : <span className={classes.quiet}>{t('common.nobody')}</span>),
    },
    {
      key: 'detected',
      header: t('cases.detected'),
      width: '8rem',
      cell: (one) => (
        <span className={classes.quiet}>
          <Ago at={one.detectedAt} />
        </span>
      ),
    },
  ]
}
