import { Button, Group, Select, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useNavigate } from '@tanstack/react-router'
import { everyAgency, parserNameSchema } from '@vonggac/contract'
import { Copy, Save, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { ConfirmDialog } from '../../components/confirm-dialog.tsx'
import type { Reply } from '../../lib/api.ts'
import { useTexts } from '../../lib/i18n/index.ts'
import { showDone } from '../../lib/notify.ts'
import { useAgencies } from '../../lib/people.ts'
import { useChange } from '../../lib/queries.ts'
import { useMay, useSession } from '../../lib/session.ts'
import { below } from './below.ts'
import classes from './trial.module.css'

type Parser = Reply<'readParser'>

interface ParserKeepingProps {
  readonly known: Parser | undefined
  readonly yaml: string
  readonly changed: boolean
}

/** Saving: an agency's own parser as it is, a new one or a copy of the product's under a name of its own. */
export function ParserKeeping({ known, yaml, changed }: ParserKeepingProps) {
  const { t } = useTexts()
  const may = useMay('manager')
  const [copying, setCopying] = useState(false)
  if (!may) return null
  if (known?.origin === 'agency') return <Own parser={known} yaml={yaml} changed={changed} />
  if (known === undefined || copying) return <AsNew yaml={yaml} name={known ? `${known.name}-2` : ''} />
  return (
    <Button mt="sm" leftSection={<Copy size={15} aria-hidden />} onClick={() => setCopying(true)} data-testid="copy-parser">
      {t('parsers.copy')}
    </Button>
  )
}

function AsNew({ yaml, name }: { yaml: string; name: string }) {
  const { t } = useTexts()
  const navigate = useNavigate()
  const { user } = useSession()
  const agencies = useAgencies()
  const own = user.agency === everyAgency ? undefined : user.agency
  const save = useChange('saveParser')
  const form = useForm({
    initialValues: { name, agency: own ?? '' },
    validate: {
      name: (value) => (parserNameSchema.safeParse(value.trim()).success ? null : t('parsers.idWrong')),
      agency: (value) => (value === '' ? t('parsers.agencyMissing') : null),
    },
  })
  const submit = form.onSubmit(({ name: wanted, agency }) =>
    save.mutate(
      { params: { id: wanted.trim() }, body: { agency, yaml, version: null } },
      {
        onSuccess: ({ name: id }) => {
          showDone(t('parsers.saved'))
          void navigate({ to: '/parsers/$id', params: { id }, replace: true, ignoreBlocker: true })
        },
      },
    ),
  )
  return (
    <form onSubmit={submit} noValidate data-testid="parser-form">
      <Stack gap="md" mt="md">
        <Group grow align="flex-start" preventGrowOverflow={false}>
          <TextInput
            {...form.getInputProps('name')}
            {...below}
            miw="12rem"
            label={t('parsers.idLabel')}
            description={t('parsers.idHint')}
            autoCapitalize="none"
            spellCheck={false}
          />
          <Select
            {...form.getInputProps('agency')}
            miw="12rem"
            label={t('common.agency')}
            data={own ? agencies.filter(({ value }) => value === own) : agencies}
            allowDeselect={false}
            searchable
          />
        </Group>
        <Group justify="flex-end">
          <Button type="submit" leftSection={<Save size={15} aria-hidden />} loading={save.isPending} data-testid="save-parser">
            {t('parsers.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function Own({ parser, yaml, changed }: { parser: Parser; yaml: string; changed: boolean }) {
  const { t } = useTexts()
  const navigate = useNavigate()
  const save = useChange('saveParser')
  const remove = useChange('removeParser')
  const [removing, setRemoving] = useState(false)
  const { name, agency = '', version = 1 } = parser
  return (
    <Group justify="space-between" mt="sm">
      <Button
        variant="subtle"
        color="danger"
        leftSection={<Trash2 size={15} aria-hidden />}
        onClick={() => setRemoving(true)}
        data-testid="remove-parser"
      >
        {t('parsers.remove')}
      </Button>
      <Group gap="sm">
        {changed && <span className={classes.quiet}>{t('parsers.unsaved')}</span>}
        <Button
          leftSection={<Save size={15} aria-hidden />}
          disabled={!changed}
          loading={save.isPending}
          onClick={() =>
            save.mutate({ params: { id: name }, body: { agency, yaml, version } }, { onSuccess: () => showDone(t('parsers.saved')) })
          }
          data-testid="save-parser"
        >
          {t('parsers.save')}
        </Button>
      </Group>
      <ConfirmDialog
        opened={removing}
        title={t('parsers.removeTitle')}
        action={t('parsers.remove')}
        busy={remove.isPending}
        onClose={() => setRemoving(false)}
        onConfirm={() =>
          remove.mutate(
            { params: { id: name }, query: { version } },
            {
              onSuccess: () => {
                showDone(t('parsers.removed'))
                void navigate({ to: '/parsers', replace: true, ignoreBlocker: true })
              },
            },
          )
        }
      >
        {t('parsers.removeLead', { parser: name })}
      </ConfirmDialog>
    </Group>
  )
}
