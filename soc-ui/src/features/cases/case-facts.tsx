import { Button, Group, Select, Stack, Textarea, TextInput } from '@mantine/core'
import { Dialog } from '../../components/dialog.tsx'
import { useForm } from '@mantine/form'
import { severities, type CaseDetail, type Severity } from '@vonggac/contract'
import { Pencil } from 'lucide-react'
import { useState } from 'react'
import { Facts } from '../../components/facts.tsx'
import { LabelChoice } from '../../components/label-choice.tsx'
import { Panel } from '../../components/panel.tsx'
import { When } from '../../components/when.tsx'
import { useTexts } from '../../lib/i18n/index.ts'
import { useAgencyName, useAssignees, useUserName } from '../../lib/people.ts'
import { useChange } from '../../lib/queries.ts'
import { useMay } from '../../lib/session.ts'
import { fromLocalInput, toLocalInput } from '../../lib/local-input.ts'
import classes from './case-facts.module.css'

export function CaseFacts({ detail: { case: one } }: { detail: CaseDetail }) {
  const { t } = useTexts()
  const may = useMay('analyst')
  const agencyName = useAgencyName()
  const userName = useUserName()
  const assignees = useAssignees(one.agency)
  const change = useChange('changeCase')
  const [editing, setEditing] = useState(false)
  const send = (part: Omit<Parameters<typeof change.mutate>[0]['body'], 'version'>) =>
    change.mutate({ params: { id: one.id }, body: { ...part, version: one.version } })
  return (
    <Panel
      title={t('alerts.facts')}
      actions={
        may && (
          <Button size="compact-xs" variant="subtle" leftSection={<Pencil size={13} aria-hidden />} onClick={() => setEditing(true)}>
            {t('cases.edit')}
          </Button>
        )
      }
    >
      <p className={one.summary ? classes.summary : classes.quiet}>{one.summary || t('cases.noSummary')}</p>
      <Facts
        facts={[
          [
            t('common.assignee'),
            <Select
              key="assignee"
              size="xs"
              aria-label={t('common.assignee')}
              placeholder={t('common.nobody')}
              data={assignees}
              value={one.assignee ?? null}
              disabled={!may}
              clearable
              searchable
              onChange={(assignee) => send({ assignee })}
            />,
          ],
          [t('cases.detectedAt'), <When key="detected" at={one.detectedAt} />],
          [t('common.agency'), agencyName(one.agency)],
          [
            t('alerts.tlp'),
            <LabelChoice key="tlp" quiet label={t('alerts.tlp')} value={one.tlp} disabled={!may} onChange={(tlp) => send({ tlp })} />,
          ],
          [t('cases.createdBy'), userName(one.createdBy)],
          [t('common.created'), <When key="created" at={one.createdAt} />],
          [t('common.updated'), <When key="updated" at={one.updatedAt} />],
        ]}
      />
      <Dialog opened={editing} onClose={() => setEditing(false)} title={t('cases.edit')} size="lg">
        <EditForm detail={one} onClose={() => setEditing(false)} />
      </Dialog>
    </Panel>
  )
}

function EditForm({ detail: one, onClose }: { detail: CaseDetail['case']; onClose: () => void }) {
  const { t } = useTexts()
  const change = useChange('changeCase')
  const form = useForm<{ title: string; summary: string; severity: Severity; detectedAt: string }>({
    initialValues: { title: one.title, summary: one.summary, severity: one.severity, detectedAt: toLocalInput(one.detectedAt) },
    validate: { title: (title) => (title.trim() === '' ? t('cases.titleMissing') : null) },
  })
  const submit = form.onSubmit(({ detectedAt, ...values }) => {
    const at = fromLocalInput(detectedAt)
    // A minute is all that the field can say: an untouched one must not move the clocks by its lost seconds.
    const moved = at !== undefined && detectedAt !== toLocalInput(one.detectedAt)
    change.mutate(
      { params: { id: one.id }, body: { ...values, ...(moved ? { detectedAt: at } : {}), version: one.version } },
      { onSuccess: onClose },
    )
  })
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <TextInput {...form.getInputProps('title')} label={t('alerts.caseTitle')} maxLength={300} data-autofocus />
        <Textarea {...form.getInputProps('summary')} label={t('cases.summary')} autosize minRows={4} maxRows={14} maxLength={20_000} />
        <Group grow align="flex-start">
          <Select
            {...form.getInputProps('severity')}
            label={t('common.severity')}
            data={severities.map((value) => ({ value, label: t(`severity.${value}`) }))}
            allowDeselect={false}
          />
          <TextInput
            {...form.getInputProps('detectedAt')}
            type="datetime-local"
            label={t('cases.detectedAt')}
            description={`${t('cases.detectedHint')}. ${t('common.timezone')}`}
          />
        </Group>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={change.isPending}>
            {t('common.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
