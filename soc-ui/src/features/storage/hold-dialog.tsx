import { Button, Group, Select, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { Dialog } from '../../components/dialog.tsx'
import { ReasonField } from '../../components/reason-form.tsx'
import { useTexts } from '../../lib/i18n/index.ts'
import { fromLocalInput, toLocalInput } from '../../lib/local-input.ts'
import { showDone } from '../../lib/notify.ts'
import { useAgencies } from '../../lib/people.ts'
import { useChange } from '../../lib/queries.ts'
import { compact } from '../../lib/search.ts'

/** Asks what to keep and why. */
export function HoldDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTexts()
  return (
    <Dialog opened={opened} onClose={onClose} title={t('storage.place')}>
      {opened && <HoldForm onDone={onClose} />}
    </Dialog>
  )
}

const weekMs = 7 * 86_400_000

function HoldForm({ onDone }: { onDone: () => void }) {
  const { t } = useTexts()
  const agencies = useAgencies()
  const place = useChange('placeHold')
  // The fields have no seconds: the next minute holds what came just now.
  const [now] = useState(() => Date.now())
  const form = useForm({
    initialValues: {
      agency: null as string | null,
      dataset: '',
      from: toLocalInput(new Date(now - weekMs).toISOString()),
      to: toLocalInput(new Date(now + 60_000).toISOString()),
      reason: '',
      case: '',
    },
    validate: {
      reason: (value) => (value.trim() === '' ? t('common.reasonMissing') : null),
      to: (value, { from }) => ((fromLocalInput(from) ?? '~') < (fromLocalInput(value) ?? '') ? null : t('storage.periodWrong')),
    },
  })
  const submit = form.onSubmit(({ agency, dataset, from, to, reason, case: number }) => {
    const optional = compact({ agency: agency ?? undefined, dataset: dataset.trim() || undefined, case: number.trim() || undefined })
    place.mutate(
      { body: { ...optional, from: fromLocalInput(from) ?? '', to: fromLocalInput(to) ?? '', reason: reason.trim() } },
      {
        onSuccess: () => {
          showDone(t('storage.placed'))
          onDone()
        },
      },
    )
  })
  return (
    <form onSubmit={submit} noValidate data-testid="hold-form">
      <Stack gap="md">
        <ReasonField {...form.getInputProps('reason')} />
        <Group grow align="flex-start" preventGrowOverflow={false}>
          <TextInput {...form.getInputProps('from')} type="datetime-local" miw="12.5rem" label={t('storage.from')} required />
          <TextInput {...form.getInputProps('to')} type="datetime-local" miw="12.5rem" label={t('storage.to')} required />
        </Group>
        <Select
          {...form.getInputProps('agency')}
          label={`${t('common.agency')} (${t('common.optional')})`}
          placeholder={t('common.allAgencies')}
          data={agencies}
          clearable
          searchable
        />
        <TextInput
          {...form.getInputProps('dataset')}
          label={`${t('storage.dataset')} (${t('common.optional')})`}
          description={t('storage.datasetHint')}
          placeholder="nginx.access"
          maxLength={100}
        />
        <TextInput
          {...form.getInputProps('case')}
          label={`${t('storage.case')} (${t('common.optional')})`}
          placeholder="VG-2026-0001"
          maxLength={50}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={place.isPending} data-testid="confirm-hold">
            {t('storage.place')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
