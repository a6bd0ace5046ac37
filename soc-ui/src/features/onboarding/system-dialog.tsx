import { Button, Group, SegmentedControl, Select, Stack, Textarea, TextInput } from '@mantine/core'
import { useForm, type UseFormReturnType } from '@mantine/form'
import { everyAgency, type MonitoredSystem, type SystemDraft } from '@vonggac/contract'
import { useId } from 'react'
import { Dialog } from '../../components/dialog.tsx'
import { useTexts } from '../../lib/i18n/index.ts'
import { showDone } from '../../lib/notify.ts'
import { useAgencies } from '../../lib/people.ts'
import { useChange } from '../../lib/queries.ts'
import { useSession } from '../../lib/session.ts'
import { LegalNote } from './legal-note.tsx'
import { valuesIn } from './lists.ts'
import classes from './forms.module.css'

interface SystemDialogProps {
  readonly system: MonitoredSystem | 'new' | undefined
  readonly onClose: () => void
  readonly onSaved?: (system: MonitoredSystem) => void
}

export function SystemDialog({ system, onClose, onSaved }: SystemDialogProps) {
  const { t } = useTexts()
  const known = system === 'new' ? undefined : system
  return (
    <Dialog
      opened={system !== undefined}
      onClose={onClose}
      title={known ? t('systems.edit', { system: known.name }) : t('systems.add')}
      size="lg"
    >
      {system !== undefined && (
        <SystemForm
          system={known}
          onCancel={onClose}
          onSaved={(saved) => {
            showDone(t('systems.saved'))
            onClose()
            onSaved?.(saved)
          }}
        />
      )}
    </Dialog>
  )
}

type Values = Omit<SystemDraft, 'networks'> & { networks: string }
const nobody = { name: '', phone: '', email: '' }
const levels = [1, 2, 3, 4, 5] as const

function SystemForm({
  system,
  onCancel,
  onSaved,
}: {
  system: MonitoredSystem | undefined
  onCancel: () => void
  onSaved: (system: MonitoredSystem) => void
}) {
  const { t } = useTexts()
  const { user } = useSession()
  const agencies = useAgencies()
  const own = user.agency === everyAgency ? undefined : user.agency
  const create = useChange('createSystem')
  const change = useChange('changeSystem')
  const form = useForm<Values>({
    initialValues: {
      name: system?.name ?? '',
      agency: system?.agency ?? own ?? '',
      level: system?.level ?? 3,
      owner: { ...nobody, ...system?.owner },
      operator: { ...nobody, ...system?.operator },
      description: system?.description ?? '',
      networks: system?.networks.join('\n') ?? '',
    },
    validate: {
      name: (value) => (value.trim() === '' ? t('systems.nameMissing') : null),
      agency: (value) => (value === '' ? t('systems.agencyMissing') : null),
      owner: { name: (value) => (value.trim() === '' ? t('systems.personMissing') : null) },
      operator: { name: (value) => (value.trim() === '' ? t('systems.personMissing') : null) },
    },
  })
  const submit = form.onSubmit((values) => {
    const draft: SystemDraft = { ...values, networks: valuesIn(values.networks) }
    if (system) change.mutate({ params: { id: system.id }, body: { ...draft, version: system.version } }, { onSuccess: onSaved })
    else create.mutate({ body: draft }, { onSuccess: onSaved })
  })
  return (
    <form onSubmit={submit} noValidate data-testid="system-form">
      <Stack gap="md">
        <TextInput
          {...form.getInputProps('name')}
          label={t('systems.name')}
          description={t('systems.nameHint')}
          maxLength={200}
          data-autofocus
        />
        <Select
          {...form.getInputProps('agency')}
          label={t('common.agency')}
          data={own ? agencies.filter(({ value }) => value === own) : agencies}
          allowDeselect={false}
          searchable
          disabled={system !== undefined && system.sources > 0}
        />
        <LevelField level={form.values.level} onChange={(level) => form.setFieldValue('level', level)} />
        <PersonFields form={form} who="owner" />
        <PersonFields form={form} who="operator" />
        <Textarea
          {...form.getInputProps('networks')}
          classNames={{ input: classes.mono ?? '' }}
          label={`${t('systems.networks')} (${t('common.optional')})`}
          description={t('systems.networksHint')}
          autosize
          minRows={2}
          maxRows={8}
        />
        <Textarea
          {...form.getInputProps('description')}
          label={`${t('systems.description')} (${t('common.optional')})`}
          autosize
          minRows={2}
          maxRows={8}
          maxLength={4_000}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={create.isPending || change.isPending} data-testid="confirm-system">
            {t('common.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function LevelField({ level, onChange }: { level: number; onChange: (level: number) => void }) {
  const { t } = useTexts()
  const id = useId()
  const chosen = levels.find((one) => one === level) ?? 3
  return (
    <fieldset className={classes.group} aria-describedby={id}>
      <legend>{t('systems.level')}</legend>
      <p className={classes.hint} id={id}>
        {t('systems.levelHint')}
      </p>
      <SegmentedControl
        aria-label={t('systems.level')}
        value={String(level)}
        onChange={(value) => onChange(Number(value))}
        data={levels.map((one) => ({ value: String(one), label: String(one) }))}
      />
      <div>
        <p className={classes.meaning} aria-live="polite">
          <strong>{t('systems.levelOf', { level })}:</strong> {t(`systems.levelMeaning.l${chosen}`)}
        </p>
        <LegalNote basis={t('systems.levelBasis')} />
      </div>
    </fieldset>
  )
}

function PersonFields({ form, who }: { form: UseFormReturnType<Values>; who: 'owner' | 'operator' }) {
  const { t } = useTexts()
  const optional = ` (${t('common.optional')})`
  return (
    <fieldset className={classes.group} data-testid={who}>
      <legend>{t(`systems.${who}`)}</legend>
      <p className={classes.hint}>{t(`systems.${who}Hint`)}</p>
      <TextInput {...form.getInputProps(`${who}.name`)} label={t('systems.person')} maxLength={200} autoComplete="off" />
      <div className={classes.pair}>
        <TextInput
          {...form.getInputProps(`${who}.phone`)}
          type="tel"
          label={t('systems.phone') + optional}
          maxLength={50}
          autoComplete="off"
        />
        <TextInput
          {...form.getInputProps(`${who}.email`)}
          type="email"
          label={t('systems.email') + optional}
          maxLength={200}
          autoComplete="off"
        />
      </div>
    </fieldset>
  )
}
