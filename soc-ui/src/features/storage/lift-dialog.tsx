import { Button, Group, Stack, Textarea } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { Hold } from '@vonggac/contract'
import { Dialog } from '../../components/dialog.tsx'
import { useTexts } from '../../lib/i18n/index.ts'
import { showDone } from '../../lib/notify.ts'
import { useChange } from '../../lib/queries.ts'
import classes from './lift-dialog.module.css'

/** Lifting lets data go for good: it asks for the reason, and says what follows. */
export function LiftDialog({ hold, onClose }: { hold: Hold | undefined; onClose: () => void }) {
  const { t } = useTexts()
  return (
    <Dialog opened={hold !== undefined} onClose={onClose} title={t('storage.liftHold')}>
      {hold && <LiftForm hold={hold} onDone={onClose} />}
    </Dialog>
  )
}

function LiftForm({ hold, onDone }: { hold: Hold; onDone: () => void }) {
  const { t } = useTexts()
  const lift = useChange('liftHold')
  const form = useForm({
    initialValues: { reason: '' },
    validate: { reason: (value) => (value.trim() === '' ? t('storage.reasonMissing') : null) },
  })
  const submit = form.onSubmit(({ reason }) =>
    lift.mutate(
      { params: { id: hold.id }, query: { reason: reason.trim() } },
      {
        onSuccess: () => {
          showDone(t('storage.lifted'))
          onDone()
        },
      },
    ),
  )
  return (
    <form onSubmit={submit} noValidate data-testid="lift-form">
      <Stack gap="md">
        <blockquote className={classes.hold}>{hold.reason}</blockquote>
        <p className={classes.lead}>{t('storage.liftLead')}</p>
        <Textarea
          {...form.getInputProps('reason')}
          label={t('storage.reason')}
          autosize
          minRows={2}
          maxRows={6}
          maxLength={1_000}
          required
          data-autofocus
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" color="danger" loading={lift.isPending} data-testid="confirm-lift">
            {t('storage.lift')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
