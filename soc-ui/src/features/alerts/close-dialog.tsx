import { Button, Group, Radio, Stack, Textarea } from '@mantine/core'
import { Dialog } from '../../components/dialog.tsx'
import { useForm } from '@mantine/form'
import { alertResolutionSchema, type Alert, type AlertResolution } from '@vonggac/contract'
import { useTexts } from '../../lib/i18n/index.ts'
import { useChange } from '../../lib/queries.ts'

/** Asks for the resolution that a closed alert needs. */
export function CloseDialog({ alert, onClose }: { alert: Alert | undefined; onClose: () => void }) {
  const { t } = useTexts()
  return (
    <Dialog opened={alert !== undefined} onClose={onClose} title={t('alerts.closeAlert')}>
      {alert && <CloseForm alert={alert} onDone={onClose} />}
    </Dialog>
  )
}

function CloseForm({ alert, onDone }: { alert: Alert; onDone: () => void }) {
  const { t } = useTexts()
  const change = useChange('changeAlert')
  const form = useForm<{ resolution: AlertResolution; note: string }>({ initialValues: { resolution: 'true-positive', note: '' } })
  const submit = form.onSubmit(({ resolution, note }) =>
    change.mutate(
      {
        params: { id: alert.id },
        body: { status: 'closed', resolution, version: alert.version, ...(note.trim() === '' ? {} : { note: note.trim() }) },
      },
      { onSuccess: onDone },
    ),
  )
  return (
    <form onSubmit={submit} data-testid="close-form">
      <Stack gap="md">
        <Radio.Group {...form.getInputProps('resolution')} label={t('alerts.resolution')} description={t('alerts.closeLead')}>
          <Stack gap="xs" mt="sm">
            {alertResolutionSchema.options.map((resolution, index) => (
              <Radio
                key={resolution}
                value={resolution}
                label={t(`resolution.${resolution}`)}
                description={t(`resolution.hint.${resolution}`)}
                data-autofocus={index === 0 || undefined}
              />
            ))}
          </Stack>
        </Radio.Group>
        <Textarea
          {...form.getInputProps('note')}
          label={`${t('alerts.closeNote')} (${t('common.optional')})`}
          autosize
          minRows={2}
          maxRows={8}
          maxLength={5_000}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={change.isPending}>
            {t('alerts.closeAlert')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
