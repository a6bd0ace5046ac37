import { ActionIcon } from '@mantine/core'
import type { Scalar } from '@vonggac/contract'
import { CircleMinus, CirclePlus } from 'lucide-react'
import { useTexts } from '../../lib/i18n/index.ts'
import classes from './value-buttons.module.css'

/** Narrows the search to a value of a field, or to everything but it. */
export type Narrow = (field: string, value: Scalar, wanted: boolean) => void

export function ValueButtons({ field, value, onNarrow }: { field: string; value: Scalar; onNarrow: Narrow }) {
  const { t } = useTexts()
  const shown = value === null ? t('hunting.noValue') : String(value).slice(0, 80)
  return (
    <span className={classes.buttons}>
      {([true, false] as const).map((wanted) => {
        const label = t(wanted ? 'hunting.only' : 'hunting.without', { field, value: shown })
        const Icon = wanted ? CirclePlus : CircleMinus
        return (
          <ActionIcon
            key={String(wanted)}
            size="xs"
            variant="subtle"
            color="gray"
            title={label}
            aria-label={label}
            onClick={() => onNarrow(field, value, wanted)}
            data-testid={wanted ? 'only-value' : 'without-value'}
          >
            <Icon size={13} aria-hidden />
          </ActionIcon>
        )
      })}
    </span>
  )
}
