import { Button } from '@mantine/core'
import type { RetroHunt } from '@vonggac/contract'
import { Pause, Play, Square } from 'lucide-react'
import { useTexts } from '../../lib/i18n/index.ts'
import { useChange } from '../../lib/queries.ts'
import { useMay } from '../../lib/session.ts'

const actions = { running: ['pause', 'cancel'], paused: ['resume', 'cancel'], done: [], cancelled: [], failed: [] } as const
const icons = { pause: Pause, resume: Play, cancel: Square }

/** The buttons of a run that is not at its end. */
export function RetroSteering({ retro }: { retro: RetroHunt }) {
  const { t } = useTexts()
  const may = useMay('analyst')
  const steer = useChange('steerRetroHunt')
  if (!may) return null
  return actions[retro.state].map((action) => {
    const Icon = icons[action]
    return (
      <Button
        key={action}
        size="xs"
        variant="default"
        leftSection={<Icon size={13} aria-hidden />}
        disabled={steer.isPending}
        onClick={() => steer.mutate({ params: { id: retro.id }, body: { action } })}
        data-testid={`retro-${action}`}
      >
        {t(`hunting.steer.${action}`)}
      </Button>
    )
  })
}
