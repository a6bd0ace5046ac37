import { Button, Group, SegmentedControl, Select, Stack, Text, TextInput } from '@mantine/core'
import { Dialog } from '../../components/dialog.tsx'
import { useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { Alert } from '@vonggac/contract'
import { ruleTitle } from '../../lib/rule-text.ts'
import { useTexts } from '../../lib/i18n/index.ts'
import { usePlaybooks } from '../../lib/people.ts'
import { ask, useChange } from '../../lib/queries.ts'

/** Makes a case of an alert, or adds it to one that is open. */
export function EscalateDialog({ alert, onClose }: { alert: Alert | undefined; onClose: () => void }) {
  const { t } = useTexts()
  return (
    <Dialog opened={alert !== undefined} onClose={onClose} title={t('alerts.createCase')}>
      {alert && <EscalateForm alert={alert} onClose={onClose} />}
    </Dialog>
  )
}

type Way = 'new' | 'existing'

function EscalateForm({ alert, onClose }: { alert: Alert; onClose: () => void }) {
  const { t, language } = useTexts()
  const navigate = useNavigate()
  const playbooks = usePlaybooks()
  const openCases = useQuery(ask('listCases', { query: { status: ['open', 'contained'], agency: alert.agency, limit: 100 } }))
  const escalate = useChange('escalateAlert')
  const form = useForm<{ way: Way; title: string; playbook: string | null; case: string | null }>({
    initialValues: { way: 'new', title: titleOf(alert, ruleTitle(alert.rule, language)), playbook: null, case: null },
    validate: {
      title: (title, { way }) => (way === 'new' && title.trim() === '' ? t('cases.titleMissing') : null),
      case: (id, { way }) => (way === 'existing' && !id ? t('alerts.chooseCase') : null),
    },
  })
  const submit = form.onSubmit(({ way, title, playbook, case: id }) =>
    escalate.mutate(
      {
        params: { id: alert.id },
        body: way === 'existing' && id ? { case: id } : { title: title.trim(), ...(playbook ? { playbook } : {}) },
      },
      {
        onSuccess: (made) => {
          onClose()
          void navigate({ to: '/cases/$id', params: { id: made.id } })
        },
      },
    ),
  )
  const choices = (openCases.data?.items ?? []).map((one) => ({ value: one.id, label: `${one.number} · ${one.title}` }))
  return (
    <form onSubmit={submit} noValidate data-testid="escalate-form">
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {t('alerts.escalateLead')}
        </Text>
        <SegmentedControl
          {...form.getInputProps('way')}
          aria-label={t('alerts.createCase')}
          data={[
            { value: 'new', label: t('alerts.newCase') },
            { value: 'existing', label: t('alerts.existingCase') },
          ]}
        />
        {form.values.way === 'new' ? (
          <>
            <TextInput {...form.getInputProps('title')} label={t('alerts.caseTitle')} maxLength={300} data-autofocus />
            <Select
              {...form.getInputProps('playbook')}
              label={t('alerts.playbook')}
              placeholder={t('alerts.playbookDefault')}
              data={playbooks}
              clearable
            />
          </>
        ) : (
          <Select
            {...form.getInputProps('case')}
            label={t('alerts.chooseCase')}
            data={choices}
            searchable
            nothingFoundMessage={t('alerts.noOpenCase')}
          />
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={escalate.isPending} data-testid="confirm-case">
            {form.values.way === 'new' ? t('alerts.createCase') : t('alerts.addToCase')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

/** What happened and to whom: «Tấn công SQL injection – portal-web-01». */
function titleOf(alert: Alert, rule: string): string {
  const target = alert.entities.host[0] ?? alert.entities.user[0] ?? alert.entities.source[0]
  return (target ? `${rule} – ${target}` : rule).slice(0, 300)
}
