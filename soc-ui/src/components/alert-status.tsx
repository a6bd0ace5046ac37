import type { AlertStatus } from '@vonggac/contract'
import { BellDot, CircleCheck, Eye, FolderKanban, type LucideIcon } from 'lucide-react'
import { useTexts } from '../lib/i18n/index.ts'
import { Status, type Tone } from './status.tsx'

const looks: Readonly<Record<AlertStatus, readonly [LucideIcon, Tone]>> = {
  new: [BellDot, 'danger'],
  acknowledged: [Eye, 'active'],
  escalated: [FolderKanban, 'warning'],
  closed: [CircleCheck, 'neutral'],
}

export function AlertStatusLabel({ status }: { status: AlertStatus }) {
  const { t } = useTexts()
  const [icon, tone] = looks[status]
  return (
    <Status icon={icon} tone={tone}>
      {t(`alertStatus.${status}`)}
    </Status>
  )
}
