import { Button, Group, Select, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { severities, type Severity } from '@vonggac/contract'
import { Download } from 'lucide-react'
import { useState } from 'react'
import { CodeBlock } from '../../components/code-block.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { Failure } from '../../components/states.tsx'
import { useTexts } from '../../lib/i18n/index.ts'
import { useChange } from '../../lib/queries.ts'
import { saveFile } from '../../lib/save-file.ts'
import { compact } from '../../lib/search.ts'
import { slugOf } from '../../lib/slug.ts'

interface SigmaDialogProps {
  readonly opened: boolean
  readonly query: string
  readonly onClose: () => void
}

/** The search as a Sigma rule, to be put into a pack of rules. */
export function SigmaDialog({ opened, query, onClose }: SigmaDialogProps) {
  const { t } = useTexts()
  return (
    <Dialog opened={opened} onClose={onClose} title={t('hunting.makeRule')} size="xl">
      {opened && <SigmaForm query={query} onClose={onClose} />}
    </Dialog>
  )
}

interface Values {
  title: string
  severity: Severity
  category: string
  product: string
  service: string
}

function SigmaForm({ query, onClose }: Omit<SigmaDialogProps, 'opened'>) {
  const { t } = useTexts()
  const write = useChange('writeSigmaRule', { silent: true })
  const [made, setMade] = useState<{ readonly title: string; readonly yaml: string }>()
  const form = useForm<Values>({
    initialValues: { title: '', severity: 'medium', category: '', product: '', service: '' },
    validate: {
      title: (value) => (value.trim() === '' ? t('hunting.titleMissing') : null),
      product: (value, { category, service }) =>
        [value, category, service].every((part) => part.trim() === '') ? t('hunting.logSourceMissing') : null,
    },
  })
  const submit = form.onSubmit(({ title, severity, category, product, service }) => {
    const given = (text: string) => text.trim() || undefined
    const logsource = compact({ category: given(category), product: given(product), service: given(service) })
    write.mutate(
      { body: { query, title: title.trim(), severity, logsource } },
      { onSuccess: ({ yaml }) => setMade({ title: title.trim(), yaml }), onError: () => setMade(undefined) },
    )
  })
  return (
    <form onSubmit={submit} noValidate data-testid="sigma-form">
      <Stack gap="md">
        <Group grow align="flex-start" preventGrowOverflow={false}>
          <TextInput {...form.getInputProps('title')} label={t('hunting.ruleTitle')} maxLength={200} miw="14rem" data-autofocus />
          <Select
            {...form.getInputProps('severity')}
            label={t('common.severity')}
            data={severities.map((value) => ({ value, label: t(`severity.${value}`) }))}
            allowDeselect={false}
          />
        </Group>
        <Group grow align="flex-start" preventGrowOverflow={false}>
          <TextInput {...form.getInputProps('product')} label="product" placeholder="linux, windows, nginx…" miw="9rem" />
          <TextInput {...form.getInputProps('category')} label="category" placeholder="webserver, process_creation…" miw="9rem" />
          <TextInput {...form.getInputProps('service')} label="service" placeholder="sshd, security…" miw="9rem" />
        </Group>
        {write.error && <Failure error={write.error} />}
        {made && <CodeBlock title="YAML" text={made.yaml} testId="sigma-yaml" />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common.close')}
          </Button>
          {made && (
            <Button
              variant="default"
              leftSection={<Download size={14} aria-hidden />}
              onClick={() =>
                saveFile({
                  blob: new Blob([made.yaml], { type: 'application/yaml' }),
                  fileName: `${slugOf(made.title, '_') || 'rule'}.yml`,
                })
              }
            >
              {t('hunting.downloadRule')}
            </Button>
          )}
          <Button type="submit" loading={write.isPending} data-testid="write-rule">
            {t('hunting.writeRule')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
