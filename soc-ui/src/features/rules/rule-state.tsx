import { CircleCheck, CircleOff, CircleX, Unplug, type LucideIcon } from 'lucide-react'
import { Status, type Tone } from '../../components/status.tsx'
import { useTexts } from '../../lib/i18n/index.ts'
import type { RuleState } from './search.ts'

const looks: Readonly<Record<RuleState, readonly [LucideIcon, Tone]>> = {
  active: [CircleCheck, 'good'],
  disabled: [CircleOff, 'neutral'],
  refused: [CircleX, 'danger'],
  'no-source': [Unplug, 'warning'],
}

export function RuleStateLabel({ state }: { state: RuleState }) {
  const { t } = useTexts()
  const [icon, tone] = looks[state]
  return (
    <Status icon={icon} tone={tone}>
      {t(`ruleState.${state}`)}
    </Status>
  )
}
