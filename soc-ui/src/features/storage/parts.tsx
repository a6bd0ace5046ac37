import { Button } from '@mantine/core'
import type { Storage } from '@vonggac/contract'
import { useState } from 'react'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { Panel } from '../../components/panel.tsx'
import { Empty } from '../../components/states.tsx'
import { formatBytes } from '../../lib/bytes.ts'
import { useTexts } from '../../lib/i18n/index.ts'
import { saidText } from '../../lib/said.ts'
import { formatNumber } from '../../lib/time.ts'
import { StoreState } from './store-state.tsx'
import classes from './parts.module.css'

type Part = Storage['parts'][number]

const shownAtFirst = 15

/** Segments by day, or indices: what is wrong stands first. */
export function Parts({ parts }: { parts: readonly Part[] }) {
  const { t, language } = useTexts()
  const [all, setAll] = useState(false)
  const sorted = parts.toSorted((a, b) => Number(a.state === 'ready') - Number(b.state === 'ready') || b.name.localeCompare(a.name))
  const shown = all ? sorted : sorted.slice(0, shownAtFirst)
  const columns = useColumns()
  return (
    <Panel title={t('storage.parts')} flush testId="parts">
      {parts.length === 0 ? (
        <Empty title={t('storage.noParts')} />
      ) : (
        <DataTable label={t('storage.parts')} columns={columns} rows={shown} rowKey={({ name }) => name} />
      )}
      {sorted.length > shown.length && (
        <Button variant="subtle" size="xs" m="xs" onClick={() => setAll(true)}>
          {t('storage.allParts', { count: sorted.length, shown: formatNumber(sorted.length, language) })}
        </Button>
      )}
    </Panel>
  )
}

function useColumns(): Column<Part>[] {
  const { t, language } = useTexts()
  return [
    {
      key: 'name',
      header: t('storage.part'),
      narrow: 'line',
      cell: ({ name, detail }) => (
        <div className={classes.name}>
          <span className="mono">{name}</span>
          {detail && <span className={classes.quiet}>{saidText(detail, language)}</span>}
        </div>
      ),
    },
    { key: 'state', header: t('common.status'), width: '10rem', cell: ({ state }) => <StoreState state={state} /> },
    {
      key: 'events',
      header: t('storage.partEvents'),
      width: '8rem',
      end: true,
      labelled: true,
      cell: ({ events }) => <span className="tabular">{formatNumber(events, language)}</span>,
    },
    {
      key: 'size',
      header: t('storage.size'),
      width: '7rem',
      end: true,
      labelled: true,
      cell: ({ bytes }) => <span className="tabular">{formatBytes(bytes, language)}</span>,
    },
  ]
}
