import { Button, Group, Stack, Textarea } from '@mantine/core'
import { useForm, type GetInputPropsReturnType } from '@mantine/form'
import type { ReactNode } from 'react'
import { useTexts } from '../lib/i18n/index.ts'

interface ReasonFormProps {
  /** What follows when it is done. */
  readonly children: ReactNode
  /** What the button does, as its label. */
  readonly action: string
  readonly danger?: boolean
  readonly busy: boolean
  readonly onCancel: () => void
  readonly onReason: (reason: string) => void
  /** The form is `<name>-form`, its button `confirm-<name>`. */
  readonly name: string
}

/** In a dialog: asks for the reason of what the audit log will tell of. */
export function ReasonForm({ children, action, danger = false, busy, onCancel, onReason, name }: ReasonFormProps) {
  const { t } = useTexts()
  const form = useForm({
    initialValues: { reason: '' },
    validate: { reason: (value) => (value.trim() === '' ? t('common.reasonMissing') : null) },
  })
  return (
    <form onSubmit={form.onSubmit(({ reason }) => onReason(reason.trim()))} noValidate data-testid={`${name}-form`}>
      <Stack gap="md">
        {children}
        <ReasonField {...form.getInputProps('reason')} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" {...(danger && { color: 'danger' })} loading={busy} data-testid={`confirm-${name}`}>
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

/** The field for it, in forms that ask for more. */
export function ReasonField(input: GetInputPropsReturnType) {
  const { t } = useTexts()
  return <Textarea {...input} label={t('common.reason')} autosize minRows={2} maxRows={6} maxLength={1_000} required data-autofocus />
}
