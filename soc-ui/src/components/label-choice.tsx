import { Select } from '@mantine/core'
import { mayRead, tlpLabels, type Tlp } from '@vonggac/contract'
import { Check } from 'lucide-react'
import { useTexts } from '../lib/i18n/index.ts'
import { useSession } from '../lib/session.ts'
import classes from './label-choice.module.css'

const meanings = {
  'TLP:CLEAR': 'clear',
  'TLP:GREEN': 'green',
  'TLP:AMBER': 'amber',
  'TLP:AMBER+STRICT': 'amberStrict',
  'TLP:RED': 'red',
} as const satisfies Record<Tlp, string>

/** Chooses a sharing label, of those that the session is cleared for, and says what the chosen one means. */
export function LabelChoice(props: {
  readonly label: string
  /** Hidden where the place says it already. */
  readonly quiet?: boolean
  /** Said instead of what the label means. */
  readonly description?: string
  readonly value: Tlp
  readonly disabled: boolean
  readonly onChange: (label: Tlp) => void
}) {
  const { t } = useTexts()
  const { clearance } = useSession().user
  const { label, quiet = false, description = t(`tlp.${meanings[props.value]}`), value, disabled, onChange } = props
  const open = tlpLabels.filter((each) => mayRead({ tlp: clearance }, each))
  return (
    <Select
      {...(quiet ? { 'aria-label': label, size: 'xs', inputWrapperOrder: ['input', 'description'] } : { label })}
      description={description}
      data={open.includes(value) ? open : [...open, value]}
      value={value}
      disabled={disabled}
      allowDeselect={false}
      maxDropdownHeight={300}
      renderOption={({ option, checked }) => (
        <>
          <span className={classes.option}>
            <span className="mono">{option.value}</span>
            <small>{t(`tlp.${meanings[option.value as Tlp]}`)}</small>
          </span>
          {checked && <Check size={14} aria-hidden className={classes.chosen} />}
        </>
      )}
      onChange={(chosen) => chosen !== null && chosen !== value && onChange(chosen as Tlp)}
    />
  )
}
