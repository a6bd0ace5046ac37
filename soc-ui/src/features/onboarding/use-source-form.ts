import { useForm, type UseFormReturnType } from '@mantine/form'
import { sourceIdSchema } from '@vonggac/contract'
import { useTexts } from '../../lib/i18n/index.ts'
import type { SourceValues } from './source-values.ts'

export type SourceForm = UseFormReturnType<SourceValues>

/** The form of a source, new or known, with what must be right before it is sent. */
export function useSourceForm(initialValues: SourceValues): SourceForm {
  const { t } = useTexts()
  return useForm<SourceValues>({
    initialValues,
    validate: {
      parsers: (value) => (value.length === 0 ? t('newSource.parserMissing') : null),
      system: (value) => (value === '' ? t('newSource.systemMissing') : null),
      name: (value) => (value.trim() === '' ? t('newSource.nameMissing') : null),
      id: (value) => (sourceIdSchema.safeParse(value.trim()).success ? null : t('newSource.idWrong')),
      timeZone: (value) => (isTimeZone(value) ? null : t('newSource.timeZoneWrong')),
      days: (value, { calendar }) => (calendar === 'hours' && value.length === 0 ? t('newSource.dayMissing') : null),
      opens: (value, { calendar }) => (calendar === 'hours' && !isClock(value) ? t('newSource.clockWrong') : null),
      closes: (value, { calendar, opens }) => {
        if (calendar !== 'hours') return null
        return !isClock(value) ? t('newSource.clockWrong') : value === opens ? t('newSource.hoursWrong') : null
      },
      silenceMinutes: (value) => (isWhole(value, 0, 10_080) ? null : t('newSource.silenceWrong')),
      eventsPerDay: (value) => (value === '' || isWhole(value, 1, Number.MAX_SAFE_INTEGER) ? null : t('newSource.volumeWrong')),
      retentionDays: (value) => (value === '' || isWhole(value, 1, 3_650) ? null : t('newSource.retentionWrong')),
    },
  })
}

export function isClock(text: string): boolean {
  return /^([01]\d|2[0-3]):[0-5]\d$/.test(text)
}

function isWhole(value: number | string, least: number, most: number): boolean {
  const number = Number(value)
  return value !== '' && Number.isInteger(number) && number >= least && number <= most
}

function isTimeZone(name: string): boolean {
  if (name === '') return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
