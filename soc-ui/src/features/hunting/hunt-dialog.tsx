import { Button, Group, NumberInput, Select, Stack, Switch, TagsInput, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { huntDraftSchema, severities, type Hunt, type HuntDraft, type Severity } from '@vonggac/contract'
import { CodeBlock } from '../../components/code-block.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { useTexts } from '../../lib/i18n/index.ts'
import { useChange } from '../../lib/queries.ts'

interface HuntDialogProps {
  readonly opened: boolean
  /** The saved hunt that is changed; undefined for a new one. */
  readonly hunt: Hunt | undefined
  readonly query: string
  readonly columns: readonly string[]
  readonly onClose: () => void
  readonly onSaved: (hunt: Hunt) => void
}

/** Keeps a search under a name; with a schedule it runs by itself and raises alerts. */
export function HuntDialog({ opened, onClose, ...form }: HuntDialogProps) {
  const { t } = useTexts()
  return (
    <Dialog opened={opened} onClose={onClose} title={t(form.hunt ? 'hunting.changeHunt' : 'hunting.saveHunt')} size="lg">
      {opened && <HuntForm {...form} onClose={onClose} />}
    </Dialog>
  )
}

interface Values {
  title: string
  description: string
  techniques: string[]
  scheduled: boolean
  everyMinutes: number | string
  lookbackMinutes: number | string
  threshold: number | string
  severity: Severity
}

function HuntForm({ hunt, query, columns, onClose, onSaved }: Omit<HuntDialogProps, 'opened'>) {
  const { t } = useTexts()
  const create = useChange('createHunt')
  const change = useChange('changeHunt')
  const schedule = hunt?.schedule ?? { everyMinutes: 60, lookbackMinutes: 70, threshold: 1, severity: 'medium' as const }
  const counted = (value: number | string, { scheduled }: Values) =>
    scheduled && !(Number(value) >= 1) ? t('hunting.numberMissing') : null
  const form = useForm<Values>({
    initialValues: {
      title: hunt?.title ?? '',
      description: hunt?.description ?? '',
      techniques: hunt?.techniques ?? [],
      scheduled: hunt !== undefined && hunt.schedule !== null,
      ...schedule,
    },
    validate: {
      title: (value) => (value.trim() === '' ? t('hunting.titleMissing') : null),
      techniques: (value) => (huntDraftSchema.shape.techniques.safeParse(value).success ? null : t('hunting.techniqueWrong')),
      everyMinutes: counted,
      threshold: counted,
      lookbackMinutes: (value, { scheduled, everyMinutes }) =>
        scheduled && Number(value) < Number(everyMinutes) ? t('hunting.lookbackShort') : null,
    },
  })
  const submitAs = (changed: Hunt | undefined) =>
    form.onSubmit(({ scheduled, title, description, techniques, everyMinutes, lookbackMinutes, threshold, severity }) => {
      const draft: HuntDraft = {
        title: title.trim(),
        description: description.trim(),
        query,
        columns: [...columns],
        techniques,
        schedule: scheduled
          ? { everyMinutes: Number(everyMinutes), lookbackMinutes: Number(lookbackMinutes), threshold: Number(threshold), severity }
          : null,
      }
      const done = {
        onSuccess: (saved: Hunt) => {
          onClose()
          onSaved(saved)
        },
      }
      if (changed) change.mutate({ params: { id: changed.id }, body: { ...draft, version: changed.version } }, done)
      else create.mutate({ body: draft }, done)
    })
  const busy = create.isPending || change.isPending
  const minutes = { min: 1, allowDecimal: false, clampBehavior: 'strict' } as const
  return (
    <form onSubmit={submitAs(hunt)} noValidate data-testid="hunt-form">
      <Stack gap="md">
        <TextInput {...form.getInputProps('title')} label={t('hunting.huntTitle')} maxLength={200} data-autofocus />
        <CodeBlock title={t('hunting.query')} text={query === '' ? t('hunting.everything') : query} />
        <Textarea
          {...form.getInputProps('description')}
          label={`${t('hunting.description')} (${t('common.optional')})`}
          autosize
          minRows={2}
          maxRows={6}
          maxLength={4_000}
        />
        <TagsInput
          {...form.getInputProps('techniques')}
          label={`${t('hunting.techniques')} (${t('common.optional')})`}
          placeholder="T1110.001"
          maxTags={20}
          splitChars={[',', ' ']}
        />
        <Switch
          {...form.getInputProps('scheduled', { type: 'checkbox' })}
          label={t('hunting.scheduled')}
          description={t('hunting.scheduledHint')}
        />
        {form.values.scheduled && (
          <Group grow align="flex-start" preventGrowOverflow={false}>
            <NumberInput {...form.getInputProps('everyMinutes')} {...minutes} max={10_080} label={t('hunting.everyMinutes')} miw="9rem" />
            <NumberInput
              {...form.getInputProps('lookbackMinutes')}
              {...minutes}
              max={43_200}
              label={t('hunting.lookbackMinutes')}
              miw="9rem"
            />
            <NumberInput {...form.getInputProps('threshold')} {...minutes} label={t('hunting.threshold')} miw="9rem" />
            <Select
              {...form.getInputProps('severity')}
              label={t('common.severity')}
              data={severities.map((value) => ({ value, label: t(`severity.${value}`) }))}
              allowDeselect={false}
              miw="9rem"
            />
          </Group>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          {hunt && (
            <Button variant="default" disabled={busy} onClick={() => submitAs(undefined)()}>
              {t('hunting.saveAsNew')}
            </Button>
          )}
          <Button type="submit" loading={busy} data-testid="confirm-hunt">
            {t('common.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
