import { Checkbox, Group, NumberInput, Radio, Stack, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Calendar } from '@vonggac/contract'
import { useTexts } from '../../lib/i18n/index.ts'
import { ask } from '../../lib/queries.ts'
import { LegalNote } from './legal-note.tsx'
import { leastRetention } from './legal.ts'
import { isClock, type SourceForm } from './use-source-form.ts'
import { VolumeProposal } from './volume-proposal.tsx'
import { below } from './below.ts'
import classes from './forms.module.css'

const days = [1, 2, 3, 4, 5, 6, 7] as const
const whole = { allowDecimal: false, allowNegative: false } as const
/** Of thousands first, as the language writes numbers. */
const separators = {
  vi: { thousandSeparator: '.', decimalSeparator: ',' },
  en: { thousandSeparator: ',', decimalSeparator: '.' },
} as const
/** Not of type `time`: browsers show that with AM and PM when they are English. */
const clock = { w: '9rem', maxLength: 5, inputMode: 'numeric', autoComplete: 'off' } as const

/** When it sends, how much, and how long its events are kept; of a source that is registered already (`source`, its id), what it has sent so far is proposed. */
export function ExpectationFields({ form, source }: { form: SourceForm; source?: string }) {
  const { t, language } = useTexts()
  const { calendar } = form.values
  return (
    <Stack gap="md">
      <Radio.Group
        label={t('newSource.calendar')}
        value={calendar}
        onChange={(value) => form.setFieldValue('calendar', value as Calendar['kind'])}
      >
        <Stack gap="xs" mt="xs">
          {(['always', 'hours'] as const).map((kind) => (
            <Radio key={kind} value={kind} label={t(`newSource.${kind}`)} description={t(`newSource.${kind}Hint`)} />
          ))}
        </Stack>
      </Radio.Group>
      {calendar === 'hours' && <Hours form={form} />}
      <div className={classes.pair}>
        <NumberInput
          {...form.getInputProps('silenceMinutes')}
          {...whole}
          {...separators[language]}
          {...below}
          max={10_080}
          label={t('newSource.silence')}
          description={t('newSource.silenceHint')}
        />
        <NumberInput
          {...form.getInputProps('eventsPerDay')}
          {...whole}
          {...separators[language]}
          {...below}
          label={`${t('newSource.volume')} (${t('common.optional')})`}
          description={t('newSource.volumeHint')}
        />
      </div>
      {source !== undefined && <VolumeProposal form={form} source={source} />}
      <Retention form={form} />
    </Stack>
  )
}

function Hours({ form }: { form: SourceForm }) {
  const { t } = useTexts()
  const { opens, closes, days: chosen } = form.values
  return (
    <Stack gap="md" data-testid="hours">
      <Checkbox.Group
        label={t('newSource.days')}
        value={chosen.map(String)}
        onChange={(value) => form.setFieldValue('days', value.map(Number))}
        error={form.errors['days']}
      >
        <Group gap="md" mt="xs">
          {days.map((day) => (
            <Checkbox key={day} value={String(day)} label={t(`newSource.day.d${day}`)} />
          ))}
        </Group>
      </Checkbox.Group>
      <Group align="flex-start">
        <TextInput {...form.getInputProps('opens')} {...clock} label={t('newSource.opens')} placeholder="07:30" />
        <TextInput {...form.getInputProps('closes')} {...clock} label={t('newSource.closes')} placeholder="17:00" />
      </Group>
      {isClock(closes) && isClock(opens) && closes < opens && <p className={classes.hint}>{t('newSource.overnight')}</p>}
      <Checkbox
        {...form.getInputProps('restsOnHolidays', { type: 'checkbox' })}
        label={t('newSource.holidays')}
        description={t('newSource.holidaysHint')}
      />
    </Stack>
  )
}

function Retention({ form }: { form: SourceForm }) {
  const { t, language } = useTexts()
  const { data } = useQuery(ask('listSystems', {}))
  const { system: id, retentionDays } = form.values
  const system = data?.items.find((one) => one.id === id)
  const least = system && leastRetention(system)
  const short = least !== undefined && retentionDays !== '' && Number(retentionDays) < least.days
  return (
    <div>
      <NumberInput
        {...form.getInputProps('retentionDays')}
        {...whole}
        {...separators[language]}
        max={3_650}
        maw="20rem"
        label={`${t('newSource.retention')} (${t('common.optional')})`}
        description={t('newSource.retentionHint')}
      />
      {system && least && (
        <>
          <p className={short ? classes.warning : classes.hint} data-testid="least-retention">
            {t('newSource.retentionLeast', { level: system.level, count: least.months })}. {short && t('newSource.retentionShort')}
          </p>
          <LegalNote basis={t('newSource.retentionBasis')} />
        </>
      )}
    </div>
  )
}
