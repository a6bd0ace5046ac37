import type { TextInputProps } from '@mantine/core'

/** For fields that stand beside each other: hints of different lengths stand below, so that the fields are on one line. */
export const below = {
  inputWrapperOrder: ['label', 'input', 'description', 'error'],
} satisfies Pick<TextInputProps, 'inputWrapperOrder'>
