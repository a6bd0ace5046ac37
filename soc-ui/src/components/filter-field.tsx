import { TextInput } from '@mantine/core'
import { Search } from 'lucide-react'
import type { ComponentProps } from 'react'

interface FilterFieldProps extends Omit<ComponentProps<typeof TextInput>, 'label' | 'value' | 'onChange'> {
  /** Stands in the field while it is empty, and names it. */
  readonly label: string
  readonly value: string
  readonly onChange: (text: string) => void
}

/** A field whose text narrows the list under it. */
export function FilterField({ label, onChange, ...field }: FilterFieldProps) {
  return (
    <TextInput
      size="xs"
      aria-label={label}
      placeholder={label}
      leftSection={<Search size={13} aria-hidden />}
      onChange={(event) => onChange(event.currentTarget.value)}
      {...field}
    />
  )
}
