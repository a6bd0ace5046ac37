import type { CaseDetail } from '@vonggac/contract'
import { Notes } from '../../components/notes.tsx'
import { useTexts } from '../../lib/i18n/index.ts'
import { useChange } from '../../lib/queries.ts'
import { useMay } from '../../lib/session.ts'

export function CaseNotes({ detail }: { detail: CaseDetail }) {
  const { t } = useTexts()
  const add = useChange('addCaseNote')
  return (
    <Notes
      notes={detail.case.notes}
      empty={t('cases.noNotes')}
      label={t('cases.addNote')}
      placeholder={t('cases.notePlaceholder')}
      mayWrite={useMay('analyst')}
      pending={add.isPending}
      maxLength={20_000}
      onAdd={(text) => add.mutateAsync({ params: { id: detail.case.id }, body: { text } })}
    />
  )
}
