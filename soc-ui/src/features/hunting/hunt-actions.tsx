import { Button, Menu } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import type { Hunt } from '@vonggac/contract'
import { BookmarkPlus, Download, ScrollText } from 'lucide-react'
import { useState } from 'react'
import { api } from '../../lib/api.ts'
import { useTexts } from '../../lib/i18n/index.ts'
import { showDone, showError } from '../../lib/notify.ts'
import { saveFile } from '../../lib/save-file.ts'
import { useMay } from '../../lib/session.ts'
import { HuntDialog } from './hunt-dialog.tsx'
import { readHuntSearch, usualColumns, type HuntSearch } from './search.ts'
import { SigmaDialog } from './sigma-dialog.tsx'
import { askedOf, type Run } from './use-search.ts'

interface HuntActionsProps {
  readonly search: HuntSearch
  readonly run: Run
  readonly columns: readonly string[]
  /** The saved hunt that is open. */
  readonly hunt: Hunt | undefined
}

/** What becomes of a search: a file, a saved hunt, a rule. */
export function HuntActions({ search, run, columns, hunt }: HuntActionsProps) {
  const { t } = useTexts()
  const may = useMay('analyst')
  const navigate = useNavigate()
  const [dialog, setDialog] = useState<'hunt' | 'rule'>()
  const [exporting, setExporting] = useState(false)
  if (!may) return null
  const download = (format: 'ndjson' | 'csv') => {
    setExporting(true)
    api
      .download('exportEvents', {
        query: { ...askedOf(run), format, ...(format === 'csv' && { fields: ['@timestamp', ...columns].join(',') }) },
      })
      .then(saveFile, showError)
      .finally(() => setExporting(false))
  }
  const chosen = columns.join(',') === usualColumns.join(',') ? [] : [...columns]
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <Button variant="default" leftSection={<Download size={14} aria-hidden />} loading={exporting} data-testid="export">
            {t('hunting.export')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => download('csv')} data-testid="export-csv">
            {t('hunting.exportCsv')}
          </Menu.Item>
          <Menu.Item onClick={() => download('ndjson')} data-testid="export-ndjson">
            {t('hunting.exportNdjson')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Button
        variant="default"
        leftSection={<ScrollText size={14} aria-hidden />}
        onClick={() => setDialog('rule')}
        data-testid="make-rule"
      >
        {t('hunting.makeRule')}
      </Button>
      <Button
        variant="default"
        leftSection={<BookmarkPlus size={14} aria-hidden />}
        onClick={() => setDialog('hunt')}
        data-testid="save-hunt"
      >
        {t(hunt ? 'hunting.changeHunt' : 'hunting.saveHunt')}
      </Button>
      <HuntDialog
        opened={dialog === 'hunt'}
        hunt={hunt}
        query={run.query}
        columns={chosen}
        onClose={() => setDialog(undefined)}
        onSaved={({ id }) => {
          showDone(t('hunting.huntSaved'))
          void navigate({ to: '/hunting', search: readHuntSearch({ ...search, hunt: id }), replace: true })
        }}
      />
      <SigmaDialog opened={dialog === 'rule'} query={run.query} onClose={() => setDialog(undefined)} />
    </>
  )
}
