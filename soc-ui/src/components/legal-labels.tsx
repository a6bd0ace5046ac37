import type { Obligation } from '@vonggac/contract'
import { BadgeCheck, CircleHelp } from 'lucide-react'
import { useTexts } from '../lib/i18n/index.ts'
import { Status } from './status.tsx'

/** How sure we are of a statement about the law, and whether it is in force. */
export function LegalLabels({ confidence, status }: Pick<Obligation, 'confidence' | 'status'>) {
  const { t } = useTexts()
  return (
    <>
      <Status icon={confidence === 'confirmed' ? BadgeCheck : CircleHelp} tone={confidence === 'confirmed' ? 'good' : 'warning'}>
        {t(`confidence.${confidence}`)}
      </Status>
      <Status icon={status === 'in_force' ? BadgeCheck : CircleHelp} tone={status === 'in_force' ? 'good' : 'warning'}>
        {t(`legalStatus.${status}`)}
      </Status>
    </>
  )
}
