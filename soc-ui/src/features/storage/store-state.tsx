import type { Storage } from '@vonggac/contract'
import { CircleCheck, CircleX, TriangleAlert } from 'lucide-react'
import { Status } from '../../components/status.tsx'
import { useTexts } from '../../lib/i18n/index.ts'

const looks = {
  ready: { icon: CircleCheck, tone: 'good' },
  degraded: { icon: TriangleAlert, tone: 'warning' },
  failed: { icon: CircleX, tone: 'danger' },
} as const

export function StoreState({ state }: { state: Storage['state'] }) {
  const { t } = useTexts()
  return <Status {...looks[state]}>{t(`storage.state.${state}`)}</Status>
}
