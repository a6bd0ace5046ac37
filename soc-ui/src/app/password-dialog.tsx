import { Button, Group, PasswordInput, Stack } from '@mantine/core'
import { Dialog } from '../components/dialog.tsx'
import { useForm } from '@mantine/form'
import { passwordSchema } from '@vonggac/contract'
import { useTexts } from '../lib/i18n/index.ts'
import { showDone } from '../lib/notify.ts'
import { useChange } from '../lib/queries.ts'

export function PasswordDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTexts()
  return (
    <Dialog opened={opened} onClose={onClose} title={t('account.changePassword')}>
      <PasswordForm onDone={onClose} />
    </Dialog>
  )
}

function PasswordForm({ onDone }: { onDone: () => void }) {
  const { t } = useTexts()
  const change = useChange('changePassword')
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { current: '', next: '', again: '' },
    validate: {
      next: (value) => (passwordSchema.safeParse(value).success ? null : t('session.passwordShort')),
      again: (value, values) => (value === values.next ? null : t('session.passwordDiffers')),
    },
  })
  const submit = form.onSubmit(({ current, next }) =>
    change.mutate(
      { body: { current, next } },
      {
        onSuccess: () => {
          showDone(t('account.passwordChanged'))
          onDone()
        },
      },
    ),
  )
  return (
    <form onSubmit={submit} noValidate data-testid="password-form">
      <Stack gap="md">
        <PasswordInput
          key={form.key('current')}
          {...form.getInputProps('current')}
          label={t('account.currentPassword')}
          autoComplete="current-password"
          data-autofocus
        />
        <PasswordInput
          key={form.key('next')}
          {...form.getInputProps('next')}
          label={t('users.newPassword')}
          description={t('session.passwordHint')}
          autoComplete="new-password"
        />
        <PasswordInput
          key={form.key('again')}
          {...form.getInputProps('again')}
          label={t('session.passwordAgain')}
          autoComplete="new-password"
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={change.isPending}>
            {t('account.changePassword')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
