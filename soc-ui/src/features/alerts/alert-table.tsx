import { Checkbox } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { Alert } from '@vonggac/contract'
import { AlertStatusLabel } from '../../components/alert-status.tsx'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { Entities } from '../../components/entities.tsx'
import { SeverityLabel } from '../../components/severity.tsx'
import { Ago } from '../../components/when.tsx'
import { ruleTitle } from '../../lib/rule-text.ts'
import { useTexts } from '../../lib/i18n/index.ts'
import { useAgencyName, useUserName } from '../../lib/people.ts'
import { formatNumber } from '../../lib/time.ts'
import type { AlertSearch } from './search.ts'
import classes from './alert-table.module.css'

interface AlertTableProps {
  readonly alerts: readonly Alert[]
  readonly search: AlertSearch
  readonly fresh: ReadonlySet<string>
  readonly selected: ReadonlySet<string>
  readonly onSelect: (ids: ReadonlySet<string>) => void
  readonly onFocus: (alert: Alert) => void
}

export function AlertTable({ alerts, search, fresh, selected, onSelect, onFocus }: AlertTableProps) {
  const { t } = useTexts()
  const columns = useColumns({ alerts, search, selected, onSelect })
  return (
    <DataTable
      label={t('alerts.list')}
      columns={columns}
      rows={alerts}
      rowKey={(alert) => alert.id}
      rowState={(alert) => ({ selected: selected.has(alert.id), fresh: fresh.has(alert.id) })}
      onRowFocus={onFocus}
      rowTestId="alert-row"
    />
  )
}

function useColumns({ alerts, search, selected, onSelect }: Omit<AlertTableProps, 'fresh' | 'onFocus'>): Column<Alert>[] {
  const { t, language } = useTexts()
  const agencyName = useAgencyName()
  const userName = useUserName()
  const toggle = (id: string) => {
    const next = new Set(selected)
    if (!next.delete(id)) next.add(id)
    onSelect(next)
  }
  const all = alerts.length > 0 && alerts.every((alert) => selected.has(alert.id))
  return [
    {
      key: 'select',
      header: t('alerts.selectAll'),
      width: '2.6rem',
      headerCell: (
        <Checkbox
          size="xs"
          checked={all}
          indeterminate={!all && selected.size > 0}
          onChange={() => onSelect(new Set(all ? [] : alerts.map((alert) => alert.id)))}
          aria-label={t('alerts.selectAll')}
        />
      ),
      cell: (alert) => (
        <Checkbox
          size="xs"
          checked={selected.has(alert.id)}
          onChange={() => toggle(alert.id)}
          aria-label={t('alerts.select', { title: ruleTitle(alert.rule, language) })}
        />
      ),
    },
    { key: 'severity', header: t('common.severity'), width: '8.2rem', cell: (alert) => <SeverityLabel severity={alert.severity} /> },
    {
      key: 'alert',
      header: t('alerts.alert'),
      narrow: 'line',
      cell: (alert) => (
        <div className={classes.alert}>
          <Link to="/alerts/$id" params={{ id: alert.id }} search={search} className={classes.title ?? ''} data-row-link>
            {ruleTitle(alert.rule, language)}
          </Link>
          <span className={classes.under}>
            {agencyName(alert.agency)}
            {alert.entities.host.length > 0 && (
              <span className={classes.host}>
                {' '}
                · <Entities values={alert.entities.host} />
              </span>
            )}
            {alert.assignee && ` · ${userName(alert.assignee)}`}
          </span>
        </div>
      ),
    },
    {
      key: 'actor',
      header: t('alerts.actor'),
      width: '9.25rem',
      labelled: true,
      cell: (alert) => (
        <div className={classes.stack}>
          <Entities values={alert.entities.source} />
          {alert.entities.user.length > 0 && <Entities values={alert.entities.user} />}
        </div>
      ),
    },
    {
      key: 'target',
      header: t('alerts.target'),
      width: '8.25rem',
      wideOnly: true,
      narrow: 'hide',
      cell: (alert) => <Entities values={alert.entities.host} />,
    },
    {
      key: 'hits',
      header: t('alerts.hits'),
      width: '4.5rem',
      end: true,
      labelled: true,
      cell: (alert) => <span className="tabular">{formatNumber(alert.hits.count, language)}</span>,
    },
    {
      key: 'last',
      header: t('alerts.lastHit'),
      width: '7.25rem',
      cell: (alert) => (
        <span className={classes.quiet}>
          <Ago at={alert.hits.lastAt} />
        </span>
      ),
    },
    { key: 'status', header: t('common.status'), width: '9rem', cell: (alert) => <AlertStatusLabel status={alert.status} /> },
  ]
}
