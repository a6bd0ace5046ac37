import { Autocomplete, Button, Select, Stack, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useTexts } from '../../lib/i18n/index.ts'
import { useAgencyName } from '../../lib/people.ts'
import { ask } from '../../lib/queries.ts'
import { below } from './below.ts'
import { sourceIdOf } from './source-id.ts'
import { SystemDialog } from './system-dialog.tsx'
import type { SourceForm } from './use-source-form.ts'
import { usesCertificate } from './ways.ts'
import classes from './forms.module.css'

const timeZones = ['Asia/Ho_Chi_Minh', 'UTC', 'Asia/Bangkok', 'Asia/Singapore', 'Asia/Tokyo', 'Europe/London', 'America/New_York']

interface SenderFieldsProps {
  readonly form: SourceForm
  /** Its id stands. */
  readonly registered?: boolean
  /** Whether its way of sending is one that the form knows. */
  readonly recognised?: boolean
}

/** Whose it is, and by what its lines are known. */
export function SenderFields({ form, registered = false, recognised = true }: SenderFieldsProps) {
  const { t } = useTexts()
  const { way, name, id } = form.values
  const optional = ` (${t('common.optional')})`
  const rename = (next: string) => {
    // The id follows the name until it is written by hand.
    if (!registered && id === sourceIdOf(name)) form.setFieldValue('id', sourceIdOf(next))
    form.setFieldValue('name', next)
  }
  return (
    <Stack gap="md">
      <SystemField form={form} />
      <TextInput
        {...form.getInputProps('name')}
        label={t('newSource.name')}
        description={t('newSource.nameHint')}
        maxLength={200}
        onChange={(event) => rename(event.currentTarget.value)}
        data-testid="source-name"
      />
      <div className={classes.pair}>
        <TextInput
          {...form.getInputProps('id')}
          {...below}
          label={t('newSource.id')}
          description={t('newSource.idHint')}
          classNames={{ input: classes.mono ?? '' }}
          autoCapitalize="none"
          spellCheck={false}
          readOnly={registered}
          variant={registered ? 'filled' : 'default'}
        />
        <TextInput
          {...form.getInputProps('nameEn')}
          {...below}
          label={t('newSource.nameEn') + optional}
          description={t('newSource.nameEnHint')}
          maxLength={200}
        />
      </div>
      {recognised && (way === 'http' ? <p className={classes.hint}>{t('newSource.byToken')}</p> : <Recognition form={form} />)}
      <Autocomplete
        {...form.getInputProps('timeZone')}
        label={t('newSource.timeZone')}
        description={t('newSource.timeZoneHint')}
        data={timeZones}
      />
    </Stack>
  )
}

function SystemField({ form }: { form: SourceForm }) {
  const { t } = useTexts()
  const agencyName = useAgencyName()
  const [adding, setAdding] = useState(false)
  const { data } = useQuery(ask('listSystems', {}))
  const systems = data?.items ?? []
  const groups = [...new Set(systems.map(({ agency }) => agency))].map((agency) => ({
    group: agencyName(agency),
    items: systems.filter((system) => system.agency === agency).map(({ id, name }) => ({ value: id, label: name })),
  }))
  return (
    <div>
      <Select
        {...form.getInputProps('system')}
        label={t('newSource.system')}
        description={data && systems.length === 0 ? t('newSource.noSystems') : undefined}
        data={groups}
        searchable
        allowDeselect={false}
        data-testid="source-system"
      />
      <Button
        mt={6}
        size="compact-xs"
        variant="subtle"
        leftSection={<Plus size={13} aria-hidden />}
        onClick={() => setAdding(true)}
        data-testid="add-system"
      >
        {t('systems.add')}
      </Button>
      <SystemDialog
        system={adding ? 'new' : undefined}
        onClose={() => setAdding(false)}
        onSaved={({ id }) => form.setFieldValue('system', id)}
      />
    </div>
  )
}

function Recognition({ form }: { form: SourceForm }) {
  const { t } = useTexts()
  const { way, from, hosts, programs } = form.values
  const area = { autosize: true, minRows: 2, maxRows: 8, spellCheck: false, classNames: { input: classes.mono ?? '' } } as const
  const open = way === 'syslog' && [from, hosts, programs].every((text) => text.trim() === '')
  return (
    <>
      <Textarea {...form.getInputProps('from')} {...area} label={t('newSource.from')} description={t('newSource.fromHint')} />
      {way === 'syslog' && (
        <div className={classes.pair}>
          <Textarea
            {...form.getInputProps('hosts')}
            {...area}
            {...below}
            label={`${t('newSource.hosts')} (${t('common.optional')})`}
            description={t('newSource.hostsHint')}
          />
          <Textarea
            {...form.getInputProps('programs')}
            {...area}
            {...below}
            label={`${t('newSource.programs')} (${t('common.optional')})`}
            description={t('newSource.programsHint')}
          />
        </div>
      )}
      {usesCertificate(way) && <p className={classes.hint}>{t('newSource.byCertificate')}</p>}
      {open && <p className={classes.warning}>{t('newSource.anybody')}</p>}
    </>
  )
}
