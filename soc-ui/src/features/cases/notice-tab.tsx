import { Alert, Button, Group, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { CaseDetail, FormField, Notice } from '@vonggac/contract'
import { BadgeCheck, CircleHelp, Save, TriangleAlert } from 'lucide-react'
import { useState, type FormEvent } from 'react'
import { Answered } from '../../components/states.tsx'
import { Status } from '../../components/status.tsx'
import { localized, useTexts } from '../../lib/i18n/index.ts'
import { showDone } from '../../lib/notify.ts'
import { ask, useChange } from '../../lib/queries.ts'
import { useMay } from '../../lib/session.ts'
import { NoticeDownloads } from './notice-downloads.tsx'
import classes from './notice-tab.module.css'

export function NoticeTab({ detail }: { detail: CaseDetail }) {
  const query = useQuery(ask('readNotice', { params: { id: detail.case.id } }))
  return <Answered query={query}>{(notice) => <NoticeForm caseId={detail.case.id} notice={notice} />}</Answered>
}

/** The values typed since the last save, by field; a field that is not here shows what the server has. */
type Edits = Readonly<Record<string, string>>

function NoticeForm({ caseId, notice }: { caseId: string; notice: Notice }) {
  const { t, language } = useTexts()
  const may = useMay('analyst')
  const [edits, setEdits] = useState<Edits>({})
  const save = useChange('fillNotice')
  const changed = Object.fromEntries(
    notice.fields.filter(({ id, value }) => edits[id] !== undefined && edits[id] !== value).map(({ id }) => [id, edits[id] ?? '']),
  )
  const unsaved = Object.keys(changed).length
  const missing = notice.fields.filter((field) => field.required && (edits[field.id] ?? field.value).trim() === '')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate(
      { params: { id: caseId }, body: { values: changed, version: notice.version } },
      {
        onSuccess: () => {
          setEdits({})
          showDone(t('notice.saved'))
        },
      },
    )
  }
  return (
    <form onSubmit={submit} noValidate data-testid="notice-form">
      <div className={classes.head}>
        <h2 className={classes.title}>{localized(notice.title, language)}</h2>
        <div className={classes.labels}>
          <Status icon={notice.official ? BadgeCheck : CircleHelp} tone={notice.official ? 'good' : 'warning'}>
            {t(notice.official ? 'notice.official' : 'notice.notOfficial')}
          </Status>
          <Status
            icon={notice.confidence === 'confirmed' ? BadgeCheck : CircleHelp}
            tone={notice.confidence === 'confirmed' ? 'good' : 'warning'}
          >
            {t(`confidence.${notice.confidence}`)}
          </Status>
        </div>
        <p className={classes.source}>{t('notice.source', { source: notice.source })}</p>
      </div>
      {missing.length > 0 ? (
        <Alert
          color="amber"
          icon={<TriangleAlert size={18} aria-hidden />}
          title={t('notice.missing', { count: missing.length })}
          data-testid="notice-missing"
          role="status"
        >
          {t('notice.missingList', { fields: missing.map((field) => localized(field.label, language)).join('; ') })}.{' '}
          {t('notice.draftWarning')}
        </Alert>
      ) : (
        <Alert
          color="watch"
          icon={<BadgeCheck size={18} aria-hidden />}
          title={t('notice.complete')}
          data-testid="notice-complete"
          role="status"
        />
      )}
      <NoticeDownloads caseId={caseId} unsaved={unsaved > 0} />
      <div className={classes.fields}>
        {notice.fields.map((field) => (
          <Field
            key={field.id}
            field={field}
            value={edits[field.id] ?? field.value}
            readOnly={!may}
            onChange={(value) => setEdits((old) => ({ ...old, [field.id]: value }))}
          />
        ))}
      </div>
      {may && (
        <Group className={classes.save ?? ''} justify="flex-end">
          {unsaved > 0 && (
            <Button variant="subtle" onClick={() => setEdits({})}>
              {t('notice.discard')}
            </Button>
          )}
          <Button
            type="submit"
            leftSection={<Save size={15} aria-hidden />}
            disabled={unsaved === 0}
            loading={save.isPending}
            data-testid="save-notice"
          >
            {t('notice.save')}
          </Button>
        </Group>
      )}
    </form>
  )
}

interface FieldProps {
  readonly field: FormField
  readonly value: string
  readonly readOnly: boolean
  readonly onChange: (value: string) => void
}

function Field({ field, value, readOnly, onChange }: FieldProps) {
  const { t, language } = useTexts()
  const missing = field.required && value.trim() === ''
  const origin = missing
    ? t('notice.missingField')
    : field.origin === 'case'
      ? t('notice.fromCase')
      : field.origin === 'person'
        ? t('notice.fromPerson')
        : undefined
  const common = {
    label: localized(field.label, language),
    description: origin && (
      <span className={missing ? classes.missing : undefined}>
        {missing && <TriangleAlert size={12} aria-hidden />} {origin}
      </span>
    ),
    value,
    readOnly,
    required: field.required,
    maxLength: 5_000,
    onChange: (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value),
    'data-missing': missing || undefined,
    'data-testid': `notice-field-${field.id}`,
  }
  return field.multiline ? <Textarea {...common} autosize minRows={3} maxRows={16} /> : <TextInput {...common} />
}
