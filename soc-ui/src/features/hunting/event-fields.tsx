import { fields, type FlatEvent } from '@vonggac/contract'
import { Copy } from 'lucide-react'
import { useState } from 'react'
import { FilterField } from '../../components/filter-field.tsx'
import { copyText } from '../../lib/clipboard.ts'
import { fold } from '../../lib/fold.ts'
import { fieldLabel } from '../../lib/i18n/fields.ts'
import { useTexts } from '../../lib/i18n/index.ts'
import { conditionOf } from '../../lib/kql-text.ts'
import { ColumnButton, SmallButton } from './small-button.tsx'
import { ValueButtons, type Narrow } from './value-buttons.tsx'
import classes from './event-fields.module.css'

interface EventFieldsProps {
  readonly event: FlatEvent
  readonly columns: readonly string[]
  readonly onColumn: (field: string) => void
  readonly onNarrow: Narrow
}

/** Every field of an event with its values: each can narrow the search, be copied, become a column. */
export function EventFields({ event, columns, onColumn, onNarrow }: EventFieldsProps) {
  const { t, language } = useTexts()
  const [filter, setFilter] = useState('')
  const wanted = fold(filter.trim())
  const rows = Object.entries(event)
    .filter(([field]) => field !== fields.original)
    .filter(([field, value]) => fold(`${field} ${fieldLabel(field, language) ?? ''} ${String(value)}`).includes(wanted))
    .toSorted(([a], [b]) => a.localeCompare(b))
  return (
    <>
      <FilterField mt="xs" label={t('alerts.fieldFilter')} value={filter} onChange={setFilter} />
      <table className={classes.fields}>
        <colgroup>
          <col className={classes.names} />
          <col />
        </colgroup>
        <thead className="hidden-visually">
          <tr>
            <th scope="col">{t('alerts.field')}</th>
            <th scope="col">{t('alerts.value')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([field, value]) => (
            <tr key={field} data-field={field}>
              <th scope="row" title={fieldLabel(field, language)}>
                {field}
              </th>
              <td>
                {(Array.isArray(value) ? value : [value]).map((one, index) => (
                  <span key={index} className={classes.value}>
                    <span className={classes.text}>{one === null ? '–' : String(one)}</span>
                    <ValueButtons field={field} value={one} onNarrow={onNarrow} />
                    <CopyButton text={conditionOf(field, one, true)} />
                    {index === 0 && <ColumnButton field={field} shown={columns.includes(field)} onColumn={onColumn} />}
                  </span>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}

function CopyButton({ text }: { text: string }) {
  const { t } = useTexts()
  const label = t('hunting.copyKql', { text: text.slice(0, 80) })
  return <SmallButton icon={Copy} label={label} onClick={() => void copyText(text, t('common.copied'))} testId="copy-kql" />
}
