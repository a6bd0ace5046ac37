import type { CaseStatus } from '@vonggac/contract'
import { CircleCheck, CircleDashed, Shield, Wrench, type LucideIcon } from 'lucide-react'
import { useTexts } from '../lib/i18n/index.ts'
import { Status, type Tone } from './status.tsx'

const looks: Readonly<Record<CaseStatus, readonly [LucideIcon, Tone]>> = {
  open: [CircleDashed, 'danger'],
  contained: [Shield, 'warning'],
  resolved: [Wrench, 'active'],
  closed: [CircleCheck, 'neutral'],
}

export function CaseStatusLabel({ status }: { status: CaseStatus }) {
  const { t } = useTexts()
  const [icon, tone] = looks[status]
  return (
    <Status icon={icon} tone={tone}>
      {t(`caseStatus.${status}`)}
    </Status>
  )
}
