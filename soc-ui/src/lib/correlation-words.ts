import type { AlertDetail } from '@vonggac/contract'
import type { TFunction } from 'i18next'
import { ruleTitle } from './rule-text.ts'
import { fieldLabel } from './i18n/fields.ts'
import type { Language } from './i18n/language.ts'
import { formatDuration, formatNumber } from './time.ts'

export type Correlation = NonNullable<AlertDetail['rule']['correlation']>

const types = [
  'event_count',
  'value_count',
  'temporal',
  'temporal_ordered',
  'value_sum',
  'value_avg',
  'value_percentile',
  'value_median',
] as const

/** What a correlation waits for: «Báo khi số sự kiện khớp «…» từ 10 trở lên trong vòng 5 phút, tính riêng theo địa chỉ nguồn.» */
export function correlationSentence(correlation: Correlation, t: TFunction, language: Language): string {
  const { comparisons, fields, timespanSeconds, groupBy } = correlation
  const type = types.find((known) => known === correlation.type)
  const titles = correlation.rules.map((rule) => t('reason.quoted', { value: ruleTitle(rule, language) }))
  const texts = {
    rules: titles.join(type === 'temporal_ordered' ? ' → ' : ', '),
    fields: fields.map((field) => nameOf(field, language)).join(', '),
    amount: comparisons
      .map(({ operator, value }) => t(`correlation.${operator}`, { value: formatNumber(value, language) }))
      .join(` ${t('correlation.and')} `),
    span: formatDuration(timespanSeconds, language),
  }
  const what = t(`correlation.${type === 'temporal' && !needsAll(correlation) ? 'temporal_some' : (type ?? 'other')}`, texts)
  const by = groupBy.length > 0 ? t('correlation.by', { fields: groupBy.map((field) => nameOf(field, language)).join(', ') }) : ''
  return `${what}${by}.`
}

/** Whether all of the rules have to be met: a temporal correlation may ask for some of them. */
function needsAll({ comparisons, rules }: Correlation): boolean {
  return comparisons.every(({ operator, value }) => operator === 'gte' && value === rules.length)
}

function nameOf(field: string, language: Language): string {
  const label = fieldLabel(field, language)
  return label === undefined ? field : label.charAt(0).toLocaleLowerCase('vi') + label.slice(1)
}
