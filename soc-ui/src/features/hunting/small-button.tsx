import { ActionIcon, type ActionIconProps } from '@mantine/core'
import { Columns3, type LucideIcon } from 'lucide-react'
import { useTexts } from '../../lib/i18n/index.ts'

interface SmallButtonProps {
  readonly icon: LucideIcon
  /** What it does: said to who listens, shown to who points at it. */
  readonly label: string
  /** Of a button that switches something. */
  readonly pressed?: boolean
  readonly size?: NonNullable<ActionIconProps['size']>
  readonly onClick: () => void
  readonly testId?: string
}

/** A button of a row of fields or values: an icon alone, so that many fit. */
export function SmallButton({ icon: Icon, label, pressed, size = 'xs', onClick, testId }: SmallButtonProps) {
  return (
    <ActionIcon
      size={size}
      variant={pressed ? 'light' : 'subtle'}
      color={pressed ? 'watch' : 'gray'}
      aria-pressed={pressed}
      aria-label={label}
      title={label}
      onClick={onClick}
      data-testid={testId}
    >
      <Icon size={13} aria-hidden />
    </ActionIcon>
  )
}

interface ColumnButtonProps extends Pick<SmallButtonProps, 'size'> {
  readonly field: string
  readonly shown: boolean
  readonly onColumn: (field: string) => void
}

/** Shows or hides a field as a column of the table of events. */
export function ColumnButton({ field, shown, onColumn, ...rest }: ColumnButtonProps) {
  const { t } = useTexts()
  const label = t(shown ? 'hunting.hideColumn' : 'hunting.showColumn', { field })
  return <SmallButton icon={Columns3} label={label} pressed={shown} onClick={() => onColumn(field)} {...rest} />
}
