import { UnstyledButton } from '@mantine/core'
import { Binary, CalendarClock, ChevronDown, ChevronRight, Hash, Network, Type, type LucideIcon } from 'lucide-react'
import { useState } from 'react'
import { FilterField } from '../../components/filter-field.tsx'
import type { Reply } from '../../lib/api.ts'
import { fold } from '../../lib/fold.ts'
import { fieldLabel } from '../../lib/i18n/fields.ts'
import { useTexts } from '../../lib/i18n/index.ts'
import { formatNumber } from '../../lib/time.ts'
import { FieldValues } from './field-values.tsx'
import { ColumnButton } from './small-button.tsx'
import type { Run } from './use-search.ts'
import type { Narrow } from './value-buttons.tsx'
import classes from './field-list.module.css'

type Fields = Reply<'listFields'>
type Field = Fields['items'][number]

interface FieldListProps {
  readonly fields: Fields
  readonly run: Run
  readonly columns: readonly string[]
  readonly onColumn: (field: string) => void
  readonly onNarrow: Narrow
}

const icons: Readonly<Record<Field['type'], LucideIcon>> = {
  text: Type,
  number: Hash,
  boolean: Binary,
  address: Network,
  time: CalendarClock,
}

/** The fields of what was found; a field opens to its values. Columns of the table stand first. */
export function FieldList({ fields, run, columns, onColumn, onNarrow }: FieldListProps) {
  const { t, language } = useTexts()
  const [filter, setFilter] = useState('')
  const [opened, setOpened] = useState<string>()
  const wanted = fold(filter.trim())
  const shown = fields.items.filter(({ name }) => fold(`${name} ${fieldLabel(name, language) ?? ''}`).includes(wanted))
  const isColumn = ({ name }: Field) => columns.includes(name)
  const groups = [
    { title: t('hunting.shownFields'), items: shown.filter(isColumn) },
    { title: t('hunting.otherFields'), items: shown.filter((field) => !isColumn(field)) },
  ].filter(({ items }) => items.length > 0)
  return (
    <div className={classes.fields}>
      <FilterField
        label={t('hunting.fieldFilter')}
        value={filter}
        onChange={setFilter}
        onKeyDown={(event) => {
          if (event.key === 'Escape') setFilter('')
        }}
        data-testid="field-filter"
      />
      <p className={classes.sampled}>{t('hunting.sampled', { count: fields.sampled, shown: formatNumber(fields.sampled, language) })}</p>
      {groups.length === 0 && <p className={classes.sampled}>{t('hunting.noFields')}</p>}
      <div className={classes.scroll} tabIndex={0} role="region" aria-label={t('hunting.fields')}>
        {groups.map(({ title, items }) => (
          <section key={title} aria-label={title}>
            <h3 className={classes.group}>{title}</h3>
            <ul className={classes.list}>
              {items.map((field) => (
                <FieldItem
                  key={field.name}
                  field={field}
                  sampled={fields.sampled}
                  run={run}
                  isColumn={isColumn(field)}
                  opened={opened === field.name}
                  onToggle={() => setOpened(opened === field.name ? undefined : field.name)}
                  onColumn={onColumn}
                  onNarrow={onNarrow}
                />
              ))}
            </ul>
          </section>
        ))}
      </div>
    </div>
  )
}

interface FieldItemProps {
  readonly field: Field
  readonly sampled: number
  readonly run: Run
  readonly isColumn: boolean
  readonly opened: boolean
  readonly onToggle: () => void
  readonly onColumn: (field: string) => void
  readonly onNarrow: Narrow
}

function FieldItem({ field, sampled, run, isColumn, opened, onToggle, onColumn, onNarrow }: FieldItemProps) {
  const { t, language } = useTexts()
  const Icon = icons[field.type]
  const Chevron = opened ? ChevronDown : ChevronRight
  const coverage = sampled > 0 ? Math.min(1, field.events / sampled) : 0
  return (
    <li data-testid="field" data-field={field.name}>
      <div className={classes.head}>
        <UnstyledButton
          className={classes.name}
          onClick={onToggle}
          aria-expanded={opened}
          title={[fieldLabel(field.name, language), t(`hunting.type.${field.type}`)].filter(Boolean).join(' · ')}
        >
          <Chevron size={12} aria-hidden className={classes.icon} />
          <Icon size={12} aria-hidden className={classes.icon} />
          <span className={classes.text}>{field.name}</span>
          <span className={classes.coverage} title={t('hunting.coverage')}>
            {Math.round(coverage * 100)}%
          </span>
        </UnstyledButton>
        <ColumnButton size="sm" field={field.name} shown={isColumn} onColumn={onColumn} />
      </div>
      <div className={classes.track} aria-hidden>
        <div className={classes.fill} style={{ width: `${coverage * 100}%` }} />
      </div>
      {opened && <FieldValues field={field.name} run={run} onNarrow={onNarrow} />}
    </li>
  )
}
