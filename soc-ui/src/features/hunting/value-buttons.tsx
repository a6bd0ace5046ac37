import type { Scalar } from '@vonggac/contract'
import { CircleMinus, CirclePlus } from 'lucide-react'
import { useTexts } from '../../lib/i18n/index.ts'
import { SmallButton } from './small-button.tsx'
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
        return (
          <SmallButton
            key={String(wanted)}
            icon={wanted ? CirclePlus : CircleMinus}
            label={label}
            onClick={() => onNarrow(field, value, wanted)}
            testId={wanted ? 'only-value' : 'without-value'}
          />
        )
      })}
    </span>
  )
}
