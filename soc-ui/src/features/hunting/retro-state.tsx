import { Progress } from '@mantine/core'
import type { RetroHunt } from '@vonggac/contract'
import { CircleCheck, CircleSlash, CircleX, LoaderCircle, Pause, type LucideIcon } from 'lucide-react'
import { Status, type Tone } from '../../components/status.tsx'
import { useTexts } from '../../lib/i18n/index.ts'
import { formatNumber } from '../../lib/time.ts'
import classes from './retro-state.module.css'

const looks: Readonly<Record<RetroHunt['state'], { readonly icon: LucideIcon; readonly tone: Tone }>> = {
  running: { icon: LoaderCircle, tone: 'active' },
  paused: { icon: Pause, tone: 'warning' },
  done: { icon: CircleCheck, tone: 'good' },
  cancelled: { icon: CircleSlash, tone: 'neutral' },
  failed: { icon: CircleX, tone: 'danger' },
}

export function RetroState({ retro }: { retro: RetroHunt }) {
  const { t, language } = useTexts()
  const { icon, tone } = looks[retro.state]
  const unfinished = retro.state === 'running' || retro.state === 'paused'
  return (
    <div className={classes.state}>
      <Status icon={icon} tone={tone}>
        {t(`hunting.retroState.${retro.state}`)}
        {unfinished && ` · ${Math.floor(retro.progress * 100)}%`}
      </Status>
      {unfinished && (
        <Progress
          value={retro.progress * 100}
          size="sm"
          color={retro.state === 'paused' ? 'amber' : 'watch'}
          aria-label={t('hunting.progress')}
        />
      )}
      <span className={classes.quiet}>
        {t('hunting.scannedEvents', { count: retro.scanned, shown: formatNumber(retro.scanned, language) })}
      </span>
    </div>
  )
}

export function isUnfinished({ state }: RetroHunt): boolean {
  return state === 'running' || state === 'paused'
}

/** How often an unfinished run is looked at again. */
export const followMs = 1_500
