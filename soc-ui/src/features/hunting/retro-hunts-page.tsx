import { Button, Group } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import type { RetroHunt } from '@vonggac/contract'
import { History } from 'lucide-react'
import { useState } from 'react'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { MoreButton } from '../../components/more-button.tsx'
import { Page } from '../../components/page.tsx'
import { Answered, Empty } from '../../components/states.tsx'
import { Ago } from '../../components/when.tsx'
import { useTexts } from '../../lib/i18n/index.ts'
import { useUserName } from '../../lib/people.ts'
import { useMay } from '../../lib/session.ts'
import { formatDateTime, formatNumber } from '../../lib/time.ts'
import { HuntingTabs } from './hunting-tabs.tsx'
import { pagesOf } from './pages.ts'
import { RetroDialog } from './retro-dialog.tsx'
import { followMs, isUnfinished, RetroState } from './retro-state.tsx'
import { RetroSteering } from './retro-steering.tsx'
import classes from './lists.module.css'

export function RetroHuntsPage() {
  const { t } = useTexts()
  const may = useMay('analyst')
  const navigate = useNavigate()
  const [starting, setStarting] = useState(false)
  const query = useInfiniteQuery({
    ...pagesOf('listRetroHunts'),
    refetchInterval: ({ state }) => (state.data?.pages[0]?.items.some(isUnfinished) ? followMs : false),
  })
  const columns = useColumns()
  const retros = query.data?.pages.flatMap(({ items }) => items) ?? []
  return (
    <Page
      title={t('hunting.historyTitle')}
      lead={t('hunting.historyLead')}
      actions={
        may && (
          <Button leftSection={<History size={15} aria-hidden />} onClick={() => setStarting(true)} data-testid="new-retro">
            {t('hunting.startRetro')}
          </Button>
        )
      }
    >
      <HuntingTabs />
      <div className={classes.list}>
        <Answered query={query} rows={8}>
          {() =>
            retros.length === 0 ? (
              <Empty title={t('hunting.noRetros')} hint={t('hunting.noRetrosHint')} />
            ) : (
              <DataTable label={t('hunting.historyTitle')} columns={columns} rows={retros} rowKey={({ id }) => id} rowTestId="retro-row" />
            )
          }
        </Answered>
      </div>
      <MoreButton query={query} />
      <RetroDialog
        opened={starting}
        onClose={() => setStarting(false)}
        onStarted={({ id }) => void navigate({ to: '/hunting/history/$id', params: { id } })}
      />
    </Page>
  )
}

function useColumns(): Column<RetroHunt>[] {
  const { t, language } = useTexts()
  const userName = useUserName()
  const sum = ({ findings }: RetroHunt) => findings.reduce((all, { hits }) => all + hits, 0)
  return [
    {
      key: 'run',
      header: t('hunting.retro'),
      narrow: 'line',
      cell: (retro) => (
        <div className={classes.lines}>
          <Link to="/hunting/history/$id" params={{ id: retro.id }} className={classes.title ?? ''}>
            {t('hunting.retroTitle', { count: retro.rules.length, shown: formatNumber(retro.rules.length, language) })}
          </Link>
          <span className={classes.quiet}>
            {formatDateTime(retro.from, language)} – {formatDateTime(retro.to, language)}
          </span>
          <span className={classes.quiet}>
            {t(`hunting.mode.${retro.mode}`)} · {userName(retro.createdBy)} · <Ago at={retro.createdAt} />
          </span>
        </div>
      ),
    },
    { key: 'state', header: t('common.status'), width: '14rem', cell: (retro) => <RetroState retro={retro} /> },
    {
      key: 'found',
      header: t('hunting.hits'),
      width: '7rem',
      end: true,
      labelled: true,
      cell: (retro) => <span className="tabular">{formatNumber(sum(retro), language)}</span>,
    },
    {
      key: 'alerts',
      header: t('hunting.alerts'),
      width: '7rem',
      end: true,
      labelled: true,
      cell: (retro) => <span className="tabular">{retro.mode === 'alerts' ? formatNumber(retro.alerts, language) : '–'}</span>,
    },
    {
      key: 'steer',
      header: t('hunting.actions'),
      quietHeader: true,
      width: '15rem',
      end: true,
      cell: (retro) => (
        <Group gap={6} justify="flex-end">
          <RetroSteering retro={retro} />
        </Group>
      ),
    },
  ]
}
