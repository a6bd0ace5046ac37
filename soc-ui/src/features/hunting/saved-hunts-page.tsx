import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Hunt } from '@vonggac/contract'
import { BellRing, CircleAlert, Clock, Pencil, Play, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { ConfirmDialog } from '../../components/confirm-dialog.tsx'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { MoreButton } from '../../components/more-button.tsx'
import { Page } from '../../components/page.tsx'
import { Answered, Empty } from '../../components/states.tsx'
import { Status, Tag } from '../../components/status.tsx'
import { Ago } from '../../components/when.tsx'
import { useTexts } from '../../lib/i18n/index.ts'
import { showDone } from '../../lib/notify.ts'
import { useUserName } from '../../lib/people.ts'
import { useChange } from '../../lib/queries.ts'
import { saidText } from '../../lib/said.ts'
import { useMay } from '../../lib/session.ts'
import { formatDuration, formatNumber } from '../../lib/time.ts'
import { HuntDialog } from './hunt-dialog.tsx'
import { HuntingTabs } from './hunting-tabs.tsx'
import { pagesOf } from './pages.ts'
import { lastCovering, readHuntSearch } from './search.ts'
import classes from './lists.module.css'

export function SavedHuntsPage() {
  const { t } = useTexts()
  // Hunts run by themselves, and the stream does not tell of it.
  const query = useInfiniteQuery({ ...pagesOf('listHunts'), refetchInterval: 30_000 })
  const [editing, setEditing] = useState<Hunt>()
  const [removing, setRemoving] = useState<Hunt>()
  const remove = useChange('removeHunt')
  const columns = useColumns(setEditing, setRemoving)
  const hunts = query.data?.pages.flatMap(({ items }) => items) ?? []
  return (
    <Page
      title={t('hunting.savedTitle')}
      lead={t('hunting.savedLead')}
      actions={
        <Button variant="default" renderRoot={(props) => <Link to="/hunting" {...props} />}>
          {t('hunting.newSearch')}
        </Button>
      }
    >
      <HuntingTabs />
      <div className={classes.list}>
        <Answered query={query} rows={8}>
          {() =>
            hunts.length === 0 ? (
              <Empty title={t('hunting.noHunts')} hint={t('hunting.noHuntsHint')} />
            ) : (
              <DataTable label={t('hunting.savedTitle')} columns={columns} rows={hunts} rowKey={(hunt) => hunt.id} rowTestId="hunt-row" />
            )
          }
        </Answered>
      </div>
      <MoreButton query={query} />
      <HuntDialog
        opened={editing !== undefined}
        hunt={editing}
        query={editing?.query ?? ''}
        columns={editing?.columns ?? []}
        onClose={() => setEditing(undefined)}
        onSaved={() => showDone(t('common.saved'))}
      />
      <ConfirmDialog
        opened={removing !== undefined}
        title={t('hunting.removeHunt')}
        action={t('hunting.remove')}
        busy={remove.isPending}
        onClose={() => setRemoving(undefined)}
        onConfirm={() =>
          removing &&
          remove.mutate(
            { params: { id: removing.id }, query: { version: removing.version } },
            {
              onSuccess: () => {
                setRemoving(undefined)
                showDone(t('hunting.removed'))
              },
            },
          )
        }
      >
        {t('hunting.removeLead', { title: removing?.title ?? '' })}
      </ConfirmDialog>
    </Page>
  )
}

function useColumns(edit: (hunt: Hunt) => void, remove: (hunt: Hunt) => void): Column<Hunt>[] {
  const { t, language } = useTexts()
  const userName = useUserName()
  const may = useMay('analyst')
  return [
    {
      key: 'hunt',
      header: t('hunting.hunt'),
      narrow: 'line',
      cell: (hunt) => (
        <div className={classes.lines}>
          <Link to="/hunting" search={searchOf(hunt)} className={classes.title ?? ''}>
            {hunt.title}
          </Link>
          <code className={classes.query}>{hunt.query || t('hunting.everything')}</code>
          <span className={classes.quiet}>
            {userName(hunt.createdBy)}
            {hunt.techniques.map((technique) => (
              <span key={technique}>
                {' '}
                <Tag mono>{technique}</Tag>
              </span>
            ))}
          </span>
        </div>
      ),
    },
    {
      key: 'schedule',
      header: t('hunting.schedule'),
      width: '12rem',
      cell: ({ schedule }) =>
        schedule ? (
          <Status icon={Clock} tone="active">
            {t('hunting.every', { span: formatDuration(schedule.everyMinutes * 60, language) })}
          </Status>
        ) : (
          <span className={classes.quiet}>{t('hunting.byHand')}</span>
        ),
    },
    {
      key: 'last',
      header: t('hunting.lastRun'),
      width: '13rem',
      labelled: true,
      cell: ({ runs: [run] }) => (run ? <LastRun run={run} /> : <span className={classes.quiet}>{t('hunting.neverRan')}</span>),
    },
    {
      key: 'actions',
      header: t('hunting.actions'),
      quietHeader: true,
      width: '8rem',
      end: true,
      cell: (hunt) =>
        may && (
          <span className={classes.buttons}>
            <RunNow hunt={hunt} />
            <Tooltip label={t('hunting.changeHunt')}>
              <ActionIcon variant="subtle" color="gray" aria-label={`${t('hunting.changeHunt')}: ${hunt.title}`} onClick={() => edit(hunt)}>
                <Pencil size={15} aria-hidden />
              </ActionIcon>
            </Tooltip>
            <Tooltip label={t('hunting.remove')}>
              <ActionIcon variant="subtle" color="danger" aria-label={`${t('hunting.remove')}: ${hunt.title}`} onClick={() => remove(hunt)}>
                <Trash2 size={15} aria-hidden />
              </ActionIcon>
            </Tooltip>
          </span>
        ),
    },
  ]
}

function LastRun({ run }: { run: Hunt['runs'][number] }) {
  const { t, language } = useTexts()
  return (
    <div className={classes.lines}>
      <span>
        <Ago at={run.at} />
        {' · '}
        {t('hunting.found', { count: run.found, shown: formatNumber(run.found, language) })}
      </span>
      {run.error && (
        <Status icon={CircleAlert} tone="danger">
          {saidText(run.error, language)}
        </Status>
      )}
      {run.note && <span className={classes.quiet}>{saidText(run.note, language)}</span>}
      {run.alert && (
        <Link to="/alerts/$id" params={{ id: run.alert }} className={classes.alert ?? ''}>
          <BellRing size={13} aria-hidden /> {t('hunting.raised')}
        </Link>
      )}
    </div>
  )
}

/** Only what has a schedule says how far back to look. */
function RunNow({ hunt }: { hunt: Hunt }) {
  const { t, language } = useTexts()
  const run = useChange('runHunt')
  if (!hunt.schedule) return null
  return (
    <Tooltip label={t('hunting.runNow')}>
      <ActionIcon
        variant="subtle"
        loading={run.isPending}
        aria-label={`${t('hunting.runNow')}: ${hunt.title}`}
        onClick={() =>
          run.mutate(
            { params: { id: hunt.id } },
            {
              onSuccess: ({ found }) =>
                showDone(t('hunting.ranNow', { title: hunt.title, shown: formatNumber(found, language), count: found })),
            },
          )
        }
      >
        <Play size={15} aria-hidden />
      </ActionIcon>
    </Tooltip>
  )
}

function searchOf({ id, query, columns, schedule }: Hunt) {
  return readHuntSearch({ q: query, columns: columns.join(','), hunt: id, last: schedule && lastCovering(schedule.lookbackMinutes) })
}
