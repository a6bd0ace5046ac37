import { Alert, Button, Select, Stack } from '@mantine/core'
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import type { ShownAuditEntry } from '@vonggac/contract'
import { ShieldAlert, ShieldCheck } from 'lucide-react'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { MoreButton } from '../../components/more-button.tsx'
import { Page } from '../../components/page.tsx'
import { Answered, Empty, Failure } from '../../components/states.tsx'
import { When } from '../../components/when.tsx'
import { api, type Input } from '../../lib/api.ts'
import { useTexts } from '../../lib/i18n/index.ts'
import { useAgencies, useAgencyName, useUserName } from '../../lib/people.ts'
import { ask } from '../../lib/queries.ts'
import { useMay } from '../../lib/session.ts'
import { readAuditSearch } from './search.ts'
import classes from './audit-page.module.css'

const route = getRouteApi('/console/audit')

export function AuditPage() {
  const { t } = useTexts()
  const may = useMay('manager')
  return (
    <Page title={t('audit.title')} lead={t('audit.lead')}>
      {may ? <Audit /> : <Empty title={t('failure.forbidden')} hint={t('failure.forbiddenLead')} />}
    </Page>
  )
}

function Audit() {
  const { t } = useTexts()
  const search = route.useSearch()
  const navigate = useNavigate()
  const agencies = useAgencies()
  const columns = useColumns()
  const query = useAuditEntries(search)
  const entries = query.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <>
      <div className={classes.tools}>
        <Verification />
        {agencies.length > 1 && (
          <Select
            size="xs"
            aria-label={t('common.agency')}
            placeholder={t('common.allAgencies')}
            data={agencies}
            value={search.agency ?? null}
            onChange={(agency) => void navigate({ to: '/audit', search: readAuditSearch({ agency }), replace: true })}
            clearable
            searchable
          />
        )}
      </div>
      <div className={classes.list}>
        <Answered query={query} rows={10}>
          {() =>
            entries.length === 0 ? (
              <Empty title={t('audit.empty')} />
            ) : (
              <DataTable
                label={t('audit.list')}
                columns={columns}
                rows={entries}
                rowKey={(entry) => `${entry.agency}/${entry.sequence}`}
                rowTestId="audit-row"
              />
            )
          }
        </Answered>
      </div>
      <MoreButton query={query} />
    </>
  )
}

function useAuditEntries(query: NonNullable<Input<'listAudit'>['query']>) {
  return useInfiniteQuery({
    queryKey: ['listAudit', { query }, 'endless'],
    queryFn: ({ pageParam, signal }) =>
      api.call('listAudit', { query: { ...query, limit: 50, ...(pageParam ? { after: pageParam } : {}) } }, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: keepPreviousData,
  })
}

/** Recomputes every hash at the server; asked for only when somebody presses the button. */
function Verification() {
  const { t } = useTexts()
  const agencyName = useAgencyName()
  const query = useQuery({ ...ask('verifyAudit', {}), enabled: false })
  return (
    <Stack gap="xs" align="flex-start">
      <Button
        variant="default"
        leftSection={<ShieldCheck size={15} aria-hidden />}
        loading={query.isFetching}
        onClick={() => void query.refetch()}
        data-testid="verify-audit"
      >
        {t('audit.verify')}
      </Button>
      {query.error && <Failure error={query.error} />}
      <div role="status" className={classes.verdicts}>
        {query.data?.items.map((verdict) => (
          <Alert
            key={verdict.agency}
            p="xs"
            color={verdict.intact ? 'watch' : 'danger'}
            icon={verdict.intact ? <ShieldCheck size={16} aria-hidden /> : <ShieldAlert size={16} aria-hidden />}
            data-testid="verdict"
          >
            {verdict.intact
              ? t('audit.intact', { agency: agencyName(verdict.agency), count: verdict.entries })
              : t('audit.broken', { agency: agencyName(verdict.agency), at: verdict.brokenAt ?? '?' })}
          </Alert>
        ))}
      </div>
    </Stack>
  )
}

function useColumns(): Column<ShownAuditEntry>[] {
  const { t } = useTexts()
  const userName = useUserName()
  const agencyName = useAgencyName()
  return [
    { key: 'sequence', header: '#', width: '4.5rem', cell: (entry) => <span className="tabular">{entry.sequence}</span> },
    { key: 'at', header: t('audit.at'), width: '10.5rem', cell: (entry) => <When at={entry.at} /> },
    { key: 'actor', header: t('audit.actor'), width: '11rem', cell: (entry) => userName(entry.actor) },
    {
      key: 'action',
      header: t('audit.action'),
      narrow: 'line',
      cell: (entry) => (
        <div>
          <code>{entry.action}</code> <span className={classes.quiet}>{entry.subject}</span>
          <details className={classes.detail}>
            <summary aria-label={t('audit.expand', { sequence: entry.sequence })}>{t('audit.detail')}</summary>
            {entry.withheld ? <p>{t('audit.withheld')}</p> : <pre>{JSON.stringify(entry.detail, null, 2)}</pre>}
            <dl>
              <dt>{t('audit.hash')}</dt>
              <dd className="mono">{entry.hash}</dd>
              <dt>{t('audit.previousHash')}</dt>
              <dd className="mono">{entry.previousHash}</dd>
            </dl>
          </details>
        </div>
      ),
    },
    {
      key: 'agency',
      header: t('common.agency'),
      width: '11rem',
      wideOnly: true,
      narrow: 'hide',
      cell: (entry) => agencyName(entry.agency),
    },
  ]
}
