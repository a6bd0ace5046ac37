import { Select, Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { caseStatusSchema, type CaseDetail, type CaseStatus } from '@vonggac/contract'
import { ArrowLeft, BellRing, FileText, ListChecks, MessageSquareText } from 'lucide-react'
import { CaseStatusLabel } from '../../components/case-status.tsx'
import { Page } from '../../components/page.tsx'
import { SeverityLabel } from '../../components/severity.tsx'
import { Answered } from '../../components/states.tsx'
import { useTexts } from '../../lib/i18n/index.ts'
import { ask, useChange } from '../../lib/queries.ts'
import { useMay } from '../../lib/session.ts'
import { CaseAlerts } from './case-alerts.tsx'
import { CaseFacts } from './case-facts.tsx'
import { CaseNotes } from './case-notes.tsx'
import { CaseTasks } from './case-tasks.tsx'
import { NoticeTab } from './notice-tab.tsx'
import { Obligations } from './obligations.tsx'
import { readCaseSearch, type Tab } from './search.ts'
import classes from './case-page.module.css'

const route = getRouteApi('/console/cases/$id')

export function CasePage() {
  const { t } = useTexts()
  const { id } = route.useParams()
  const query = useQuery(ask('readCase', { params: { id } }))
  return (
    <Page
      key={id}
      title={query.data ? `${query.data.case.number} ${query.data.case.title}` : t('cases.case')}
      heading={query.data?.case.title}
      above={
        <Link to="/cases" className={classes.back ?? ''}>
          <ArrowLeft size={15} aria-hidden /> {t('cases.back')}
        </Link>
      }
      lead={query.data && <Lead detail={query.data} />}
      actions={query.data && <StatusChoice detail={query.data} />}
    >
      <Answered query={query} rows={12}>
        {(detail) => (
          <div className={classes.columns}>
            <div className={classes.main}>
              <Sections detail={detail} />
            </div>
            <div className={classes.side}>
              <Obligations detail={detail} />
              <CaseFacts detail={detail} />
            </div>
          </div>
        )}
      </Answered>
    </Page>
  )
}

function Lead({ detail }: { detail: CaseDetail }) {
  return (
    <span className={classes.lead}>
      <span className="mono" data-testid="case-number">
        {detail.case.number}
      </span>
      <SeverityLabel severity={detail.case.severity} />
      <CaseStatusLabel status={detail.case.status} />
    </span>
  )
}

function StatusChoice({ detail }: { detail: CaseDetail }) {
  const { t } = useTexts()
  const may = useMay('analyst')
  const change = useChange('changeCase')
  if (!may) return null
  return (
    <Select
      aria-label={t('common.status')}
      data={caseStatusSchema.options.map((value) => ({ value, label: t(`caseStatus.${value}`) }))}
      value={detail.case.status}
      allowDeselect={false}
      disabled={change.isPending}
      onChange={(status) =>
        status && change.mutate({ params: { id: detail.case.id }, body: { status: status as CaseStatus, version: detail.case.version } })
      }
      data-testid="case-status"
    />
  )
}

/** Tasks, alerts, notes and the notice; which is open stands in the address. */
function Sections({ detail }: { detail: CaseDetail }) {
  const { t } = useTexts()
  const navigate = useNavigate()
  const { tab = 'tasks' } = route.useSearch()
  const { id, tasks, alerts, notes } = detail.case
  const done = tasks.filter((task) => task.status === 'done' || task.status === 'skipped').length
  const open = (next: string | null) =>
    void navigate({ to: '/cases/$id', params: { id }, search: readCaseSearch({ tab: next as Tab }), replace: true })
  return (
    <Tabs value={tab} onChange={open} keepMounted={false} classNames={{ list: classes.tabs ?? '', panel: classes.panel ?? '' }}>
      <Tabs.List aria-label={t('cases.sections')}>
        <Tabs.Tab
          value="tasks"
          leftSection={<ListChecks size={15} aria-hidden />}
          rightSection={<Count text={`${done}/${tasks.length}`} />}
        >
          {t('cases.tasks')}
        </Tabs.Tab>
        <Tabs.Tab value="alerts" leftSection={<BellRing size={15} aria-hidden />} rightSection={<Count text={String(alerts.length)} />}>
          {t('cases.alerts')}
        </Tabs.Tab>
        <Tabs.Tab
          value="notes"
          leftSection={<MessageSquareText size={15} aria-hidden />}
          rightSection={<Count text={String(notes.length)} />}
        >
          {t('cases.notes')}
        </Tabs.Tab>
        <Tabs.Tab value="notice" leftSection={<FileText size={15} aria-hidden />} data-testid="tab-notice">
          {t('cases.notice')}
        </Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="tasks">
        <CaseTasks detail={detail} />
      </Tabs.Panel>
      <Tabs.Panel value="alerts">
        <CaseAlerts detail={detail} />
      </Tabs.Panel>
      <Tabs.Panel value="notes">
        <CaseNotes detail={detail} />
      </Tabs.Panel>
      <Tabs.Panel value="notice">
        <NoticeTab detail={detail} />
      </Tabs.Panel>
    </Tabs>
  )
}

function Count({ text }: { text: string }) {
  return <span className={classes.count}>{text}</span>
}
