import { SegmentedControl } from '@mantine/core'
import { CircleMinus, CirclePlus } from 'lucide-react'
import { useState } from 'react'
import { Answered } from '../../components/states.tsx'
import type { Reply } from '../../lib/api.ts'
import { useTexts } from '../../lib/i18n/index.ts'
import { formatNumber } from '../../lib/time.ts'
import { SmallButton } from './small-button.tsx'
import { askedOf, useAnswer, type Run } from './use-search.ts'
import { ValueButtons, type Narrow } from './value-buttons.tsx'
import classes from './field-values.module.css'

type Values = Reply<'fieldValues'>
type First = 'most' | 'rarest'

/** The most frequent or rarest values of a field among all that was found, with how many, and what its numbers measure. */
export function FieldValues({ field, run, onNarrow }: { field: string; run: Run; onNarrow: Narrow }) {
  const { t } = useTexts()
  const [first, setFirst] = useState<First>('most')
  // Not kept: the values of another order would stand there in the meantime.
  const query = useAnswer('fieldValues', { body: { ...askedOf(run), field, first, size: 10 } }, run, { keep: false })
  return (
    <div className={classes.values} data-testid="field-values">
      <SegmentedControl
        size="xs"
        fullWidth
        aria-label={t('hunting.valueOrder')}
        value={first}
        onChange={(value) => setFirst(value as First)}
        data={[
          { value: 'most', label: t('hunting.most') },
          { value: 'rarest', label: t('hunting.rarest') },
        ]}
      />
      <Answered query={query} rows={4}>
        {(data) => <ValueBars field={field} data={data} onNarrow={onNarrow} />}
      </Answered>
    </div>
  )
}

function ValueBars({ field, data, onNarrow }: { field: string; data: Values; onNarrow: Narrow }) {
  const { t, language } = useTexts()
  const { items, measure } = data
  const number = (value: number) => formatNumber(value, language)
  const largest = Math.max(1, ...items.map(({ count }) => count))
  return (
    <>
      <ul className={classes.list}>
        {items.map(({ value, count }) => (
          <li key={`${typeof value} ${value}`}>
            <div className={classes.line}>
              <span className={classes.value}>{value === null ? t('hunting.noValue') : value === '' ? '""' : String(value)}</span>
              <span className={classes.count}>{number(count)}</span>
              <ValueButtons field={field} value={value} onNarrow={onNarrow} />
            </div>
            <div className={classes.track} aria-hidden>
              <div className={classes.fill} style={{ width: `${(count / largest) * 100}%` }} />
            </div>
          </li>
        ))}
      </ul>
      <p className={classes.measure}>
        <Presence field={field} onNarrow={onNarrow} />
        {t(measure.exact ? 'hunting.distinct' : 'hunting.distinctAbout', { count: measure.distinct, shown: number(measure.distinct) })}
        {' · '}
        {t('hunting.inEvents', { count: measure.events, shown: number(measure.events) })}
      </p>
      {measure.numbers && (
        <dl className={classes.numbers}>
          {(['minimum', 'mean', 'maximum', 'sum'] as const).map((name) => (
            <div key={name}>
              <dt>{t(`hunting.measure.${name}`)}</dt>
              <dd>{number(Math.round((measure.numbers?.[name] ?? 0) * 100) / 100)}</dd>
            </div>
          ))}
        </dl>
      )}
    </>
  )
}

/** Narrows to the events that have the field, or to those without it. */
function Presence({ field, onNarrow }: { field: string; onNarrow: Narrow }) {
  const { t } = useTexts()
  return (
    <span className={classes.presence}>
      <SmallButton
        icon={CirclePlus}
        label={t('hunting.withField', { field })}
        onClick={() => onNarrow(field, null, false)}
        testId="with-field"
      />
      <SmallButton
        icon={CircleMinus}
        label={t('hunting.withoutField', { field })}
        onClick={() => onNarrow(field, null, true)}
        testId="without-field"
      />
    </span>
  )
}
