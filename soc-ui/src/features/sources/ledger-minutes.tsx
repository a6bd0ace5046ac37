import { useQuery } from '@tanstack/react-query'
import { ledgerStages, type LedgerMinute } from '@vonggac/contract'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { Panel } from '../../components/panel.tsx'
import { Answered, Empty } from '../../components/states.tsx'
import { useTexts } from '../../lib/i18n/index.ts'
import { useNow } from '../../lib/now.ts'
import { ask } from '../../lib/queries.ts'
import { formatNumber, formatTime } from '../../lib/time.ts'
import { balanceOf } from './balance.ts'
import { BalanceLabel } from './ledger-flow.tsx'

const minuteMs = 60_000

export function LedgerMinutes({ source }: { source: string }) {
  const { t } = useTexts()
  const to = (Math.floor(useNow(15_000) / minuteMs) + 1) * minuteMs
  const period = { from: new Date(to - 60 * minuteMs).toISOString(), to: new Date(to).toISOString() }
  const query = useQuery({ ...ask('readLedger', { params: { id: source }, query: period }), placeholderData: (old) => old })
  const columns = useColumns()
  return (
    <Panel title={t('sources.minutes')} lead={t('sources.lastHour')} flush>
      <Answered query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t('sources.noMinutes')} />
          ) : (
            <DataTable
              label={t('sources.minutes')}
              columns={columns}
              rows={items.toSorted((a, b) => b.minute.localeCompare(a.minute))}
              rowKey={(row) => row.minute}
            />
          )
        }
      </Answered>
    </Panel>
  )
}

function useColumns(): Column<LedgerMinute>[] {
  const { t, language } = useTexts()
  return [
    { key: 'minute', header: t('sources.minute'), cell: (row) => <span className="tabular">{formatTime(row.minute, language)}</span> },
    ...ledgerStages.map((stage) => ({
      key: stage,
      header: t(`sources.stage.${stage}`),
      end: true,
      labelled: true,
      cell: (row: LedgerMinute) => <span className="tabular">{formatNumber(row.counts[stage], language)}</span>,
    })),
    {
      key: 'rejected',
      header: t('sources.stage.rejected'),
      end: true,
      labelled: true,
      cell: (row) => <span className="tabular">{formatNumber(balanceOf(row.counts).rejected, language)}</span>,
    },
    { key: 'balance', header: t('sources.ledger'), cell: (row) => <BalanceLabel counts={row.counts} /> },
  ]
}
