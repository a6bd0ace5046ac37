import { Button, Group, Select, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { Dialog } from '../../components/dialog.tsx'
import { useForm } from '@mantine/form'
import { useNavigate } from '@tanstack/react-router'
import { severities, type Severity } from '@vonggac/contract'
import { useTexts } from '../../lib/i18n/index.ts'
import { useAgencies, usePlaybooks } from '../../lib/people.ts'
import { useChange } from '../../lib/queries.ts'

export function NewCaseDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTexts()
  return (
    <Dialog opened={opened} onClose={onClose} title={t('cases.create')}>
      <NewCaseForm onClose={onClose} />
    </Dialog>
  )
}

function NewCaseForm({ onClose }: { onClose: () => void }) {
  const { t } = useTexts()
  const navigate = useNavigate()
  const agencies = useAgencies()
  const playbooks = usePlaybooks()
  const create = useChange('createCase')
  const form = useForm<{ title: string; summary: string; severity: Severity; agency: string | null; playbook: string | null }>({
    initialValues: { title: '', summary: '', severity: 'medium', agency: null, playbook: null },
    validate: { title: (title) => (title.trim() === '' ? t('cases.titleMissing') : null) },
  })
  const submit = form.onSubmit(({ agency, playbook, ...body }) =>
    create.mutate(
      { body: { ...body, ...(agency ? { agency } : {}), ...(playbook ? { playbook } : {}) } },
      {
        onSuccess: (made) => {
          onClose()
          void navigate({ to: '/cases/$id', params: { id: made.id } })
        },
      },
    ),
  )
  return (
    <form onSubmit={submit} noValidate data-testid="new-case-form">
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {t('cases.createLead')}
        </Text>
        <TextInput {...form.getInputProps('title')} label={t('alerts.caseTitle')} maxLength={300} data-autofocus />
        <Textarea {...form.getInputProps('summary')} label={t('cases.summary')} autosize minRows={3} maxRows={10} maxLength={20_000} />
        <Select
          {...form.getInputProps('severity')}
          label={t('common.severity')}
          data={severities.map((value) => ({ value, label: t(`severity.${value}`) }))}
          allowDeselect={false}
        />
        {agencies.length > 1 && (
          <Select {...form.getInputProps('agency')} label={t('common.agency')} data={agencies} clearable searchable />
        )}
        <Select
          {...form.getInputProps('playbook')}
          label={t('alerts.playbook')}
          placeholder={t('cases.withoutPlaybook')}
          data={playbooks}
          clearable
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={create.isPending} data-testid="confirm-new-case">
            {t('cases.create')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
