import { Button, Chip, Group, Select } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { severities } from '@vonggac/contract'
import { FilterX, X } from 'lucide-react'
import { useEffect, useState, type Ref } from 'react'
import { FilterField } from '../../components/filter-field.tsx'
import { SeverityGlyph } from '../../components/severity.tsx'
import { ViewTabs } from '../../components/view-tabs.tsx'
import { useTexts } from '../../lib/i18n/index.ts'
import { useAgencies, useAssignees } from '../../lib/people.ts'
import { useSession } from '../../lib/session.ts'
import { formatNumber } from '../../lib/time.ts'
import { countOf, isFiltered, readAlertSearch, severitiesOf, views, type AlertSearch } from './search.ts'
import classes from './alert-filters.module.css'

interface AlertFiltersProps {
  readonly search: AlertSearch
  readonly counts: { readonly status: Record<string, number>; readonly severity: Record<string, number> } | undefined
  readonly entityRef: Ref<HTMLInputElement>
  readonly ruleName: string | undefined
}

/** The filters; they live in the address alone, so that a view can be shared, bookmarked and gone back to. */
export function AlertFilters({ search, counts, entityRef, ruleName }: AlertFiltersProps) {
  const { t, language } = useTexts()
  const navigate = useNavigate()
  const { user } = useSession()
  const agencies = useAgencies()
  const assignees = useAssignees()
  const change = (part: Record<string, string | null | undefined>) =>
    void navigate({ to: '/alerts', search: readAlertSearch({ ...search, ...part }), replace: true })
  const chosen = severitiesOf(search)
  return (
    <search className={classes.filters} aria-label={t('alerts.filters')}>
      <ViewTabs
        label={t('common.status')}
        value={search.status ?? 'open'}
        onChange={(status) => change({ status })}
        views={views.map((value) => ({
          value,
          label: value === 'open' ? t('alerts.open') : value === 'all' ? t('common.all') : t(`alertStatus.${value}`),
          count: counts && formatNumber(countOf(value, counts.status), language),
        }))}
      />
      <div className={classes.row}>
        <Chip.Group multiple value={chosen} onChange={(values) => change({ severity: values.join(',') })}>
          <Group gap={6} role="group" aria-label={t('common.severity')}>
            {severities.toReversed().map((severity) => (
              <Chip key={severity} value={severity} size="xs" variant="outline" radius="sm" icon={<X size={10} aria-hidden />}>
                <span className={classes.chip}>
                  <SeverityGlyph severity={severity} />
                  {t(`severity.${severity}`)}
                  {counts && <span className={classes.count}>{formatNumber(counts.severity[severity] ?? 0, language)}</span>}
                </span>
              </Chip>
            ))}
          </Group>
        </Chip.Group>
        <EntityField key={search.entity ?? ''} value={search.entity ?? ''} onChange={(entity) => change({ entity })} inputRef={entityRef} />
        {agencies.length > 1 && (
          <Select
            className={classes.select ?? ''}
            size="xs"
            aria-label={t('common.agency')}
            placeholder={t('common.allAgencies')}
            data={agencies}
            value={search.agency ?? null}
            onChange={(agency) => change({ agency })}
            clearable
            searchable
          />
        )}
        <Select
          className={classes.select ?? ''}
          size="xs"
          aria-label={t('common.assignee')}
          placeholder={t('common.assignee')}
          data={assignees.map((one) => (one.value === user.id ? { ...one, label: `${one.label} (${t('users.you')})` } : one))}
          value={search.assignee ?? null}
          onChange={(assignee) => change({ assignee })}
          clearable
          searchable
        />
        {search.rule && (
          <Button size="xs" variant="light" rightSection={<X size={12} aria-hidden />} onClick={() => change({ rule: null })}>
            {t('alerts.byRule', { rule: ruleName ?? search.rule })}
          </Button>
        )}
        {isFiltered(search) && (
          <Button
            size="xs"
            variant="subtle"
            leftSection={<FilterX size={13} aria-hidden />}
            onClick={() => void navigate({ to: '/alerts', search: search.status ? { status: search.status } : {} })}
          >
            {t('common.clear')}
          </Button>
        )}
      </div>
    </search>
  )
}

/** Goes into the address a moment after the last key, or at once with Enter. */
function EntityField({ value, onChange, inputRef }: { value: string; onChange: (value: string) => void; inputRef: Ref<HTMLInputElement> }) {
  const { t } = useTexts()
  const [text, setText] = useState(value)
  useEffect(() => {
    if (text.trim() === value) return
    const timer = setTimeout(() => onChange(text.trim()), 600)
    return () => clearTimeout(timer)
  })
  return (
    <FilterField
      ref={inputRef}
      className={classes.entity ?? ''}
      label={t('alerts.entity')}
      title={t('alerts.entityHint')}
      value={text}
      onChange={setText}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onChange(text.trim())
        if (event.key === 'Escape') event.currentTarget.blur()
      }}
      spellCheck={false}
      data-testid="filter-entity"
    />
  )
}
