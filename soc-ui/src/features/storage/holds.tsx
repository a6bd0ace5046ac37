import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { Hold } from '@vonggac/contract'
import { Lock, LockOpen } from 'lucide-react'
import { useState } from 'react'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { Panel } from '../../components/panel.tsx'
import { When } from '../../components/when.tsx'
import { useTexts } from '../../lib/i18n/index.ts'
import { useAgencyName, useUserName } from '../../lib/people.ts'
import { formatDateTime } from '../../lib/time.ts'
import { HoldDialog } from './hold-dialog.tsx'
import { LiftDialog } from './lift-dialog.tsx'
import classes from './holds.module.css'

/** What must not be deleted, why, and who said so. */
export function Holds({ holds }: { holds: readonly Hold[] }) {
  const { t } = useTexts()
  const [placing, setPlacing] = useState(false)
  const [lifting, setLifting] = useState<Hold>()
  const columns = useColumns(setLifting)
  return (
    <Panel
      title={t('storage.holds')}
      lead={t('storage.holdsLead')}
      flush
      testId="holds"
      actions={
        <Button size="xs" leftSection={<Lock size={14} aria-hidden />} onClick={() => setPlacing(true)} data-testid="place-hold">
          {t('storage.place')}
        </Button>
      }
    >
      {holds.length === 0 ? (
        <p className={classes.none}>{t('storage.noHolds')}</p>
      ) : (
        <DataTable label={t('storage.holds')} columns={columns} rows={holds} rowKey={({ id }) => id} rowTestId="hold-row" />
      )}
      <HoldDialog opened={placing} onClose={() => setPlacing(false)} />
      <LiftDialog hold={lifting} onClose={() => setLifting(undefined)} />
    </Panel>
  )
}

function useColumns(lift: (hold: Hold) => void): Column<Hold>[] {
  const { t, language } = useTexts()
  const agencyName = useAgencyName()
  const userName = useUserName()
  return [
    {
      key: 'scope',
      header: t('storage.scope'),
      width: '17rem',
      narrow: 'line',
      cell: ({ agency, dataset, from, to }) => (
        <div className={classes.lines}>
          <span>
            {agency ? agencyName(agency) : t('common.allAgencies')} · {dataset ? <code>{dataset}</code> : t('storage.anyDataset')}
          </span>
          <span className={classes.quiet}>
            {formatDateTime(from, language)} – {formatDateTime(to, language)}
          </span>
        </div>
      ),
    },
    {
      key: 'reason',
      header: t('common.reason'),
      narrow: 'line',
      cell: ({ reason, case: number }) => (
        <div className={classes.lines}>
          <span className={classes.reason}>{reason}</span>
          {number && (
            <Link to="/cases" className={classes.case ?? ''}>
              {number}
            </Link>
          )}
        </div>
      ),
    },
    {
      key: 'by',
      header: t('storage.placedBy'),
      width: '11rem',
      cell: ({ placedBy, placedAt }) => (
        <div className={classes.lines}>
          <span>{userName(placedBy)}</span>
          <span className={classes.quiet}>
            <When at={placedAt} />
          </span>
        </div>
      ),
    },
    {
      key: 'lift',
      header: t('storage.lift'),
      quietHeader: true,
      width: '6rem',
      end: true,
      cell: (hold) => (
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<LockOpen size={12} aria-hidden />}
          onClick={() => lift(hold)}
          aria-label={`${t('storage.lift')}: ${hold.reason}`}
          data-testid="lift-hold"
        >
          {t('storage.lift')}
        </Button>
      ),
    },
  ]
}
