import { UnstyledButton } from '@mantine/core'
import { fields, type FlatEvent, type QueryClock, type Scalar } from '@vonggac/contract'
import { ArrowDown, ArrowUp, ChevronsUpDown } from 'lucide-react'
import { useCallback, useRef } from 'react'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { fieldText, fieldTexts } from '../../lib/event-text.ts'
import { fieldLabel } from '../../lib/i18n/fields.ts'
import { useTexts } from '../../lib/i18n/index.ts'
import { formatDateTime, formatTime } from '../../lib/time.ts'
import { CellTools } from './cell-tools.tsx'
import { withoutHeader } from './line-text.ts'
import { nextOrder } from './search.ts'
import type { Narrow } from './value-buttons.tsx'
import classes from './events-table.module.css'

interface EventsTableProps {
  readonly events: readonly FlatEvent[]
  readonly columns: readonly string[]
  readonly clock: QueryClock
  /** The events are of one day: the hour tells them apart. */
  readonly withinDay: boolean
  readonly order: string | undefined
  readonly opened: string | undefined
  readonly onOpen: (id: string) => void
  readonly onOrder: (order: string | undefined) => void
  readonly onNarrow: Narrow
}

/** More than these are wider than the page. */
const manyColumns = 6

export function idOf(event: FlatEvent): string {
  return fieldText(event[fields.id])
}

/** What was found, a row an event. A row opens by its time; over a value stand the buttons that narrow to it. */
export function EventsTable({ events, columns, clock, withinDay, order, opened, onOpen, onOrder, onNarrow }: EventsTableProps) {
  const { t } = useTexts()
  const frame = useRef<HTMLDivElement>(null)
  const shown = useColumns({ columns, clock, withinDay, order, onOpen, onOrder })
  const valueOf = useCallback(
    (id: string, field: string): Scalar | undefined => {
      const value = events.find((event) => idOf(event) === id)?.[field]
      return typeof value === 'object' ? undefined : value
    },
    [events],
  )
  return (
    <div ref={frame} className={classes.frame} data-many={columns.length > manyColumns || undefined}>
      <DataTable
        label={t('hunting.events')}
        columns={shown}
        rows={events}
        rowKey={idOf}
        rowState={(event) => ({ selected: idOf(event) === opened })}
        onRowOpen={(event) => onOpen(idOf(event))}
        rowTestId="event-row"
      />
      <CellTools frame={frame} valueOf={valueOf} onNarrow={onNarrow} />
    </div>
  )
}

type Columns = Pick<EventsTableProps, 'columns' | 'clock' | 'withinDay' | 'order' | 'onOpen' | 'onOrder'>

function useColumns({ columns, clock, withinDay, order, onOpen, onOrder }: Columns): Column<FlatEvent>[] {
  const { t, language } = useTexts()
  const timeField = clock === 'received' ? fields.received : fields.timestamp
  const timeOrder = order === undefined ? 'descending' : order === 'oldest' ? 'ascending' : undefined
  return [
    {
      key: '(time)',
      header: t(`hunting.${clock}`),
      width: withinDay ? '6.5rem' : '10.5rem',
      narrow: 'line',
      headerCell: (
        <SortHead
          name={t(`hunting.${clock}`)}
          direction={timeOrder}
          onClick={() => onOrder(timeOrder === 'descending' ? 'oldest' : undefined)}
        />
      ),
      ...(timeOrder && { sorted: timeOrder }),
      cell: (event) => (
        <UnstyledButton
          className={classes.time}
          onClick={() => onOpen(idOf(event))}
          title={formatDateTime(timeOf(event, timeField), language)}
          aria-label={t('hunting.openEvent', { at: formatDateTime(timeOf(event, timeField), language) })}
          data-row-link
        >
          {(withinDay ? formatTime : formatDateTime)(timeOf(event, timeField), language)}
        </UnstyledButton>
      ),
    },
    ...columns.map((field): Column<FlatEvent> => {
      const direction = order === `${field}:ascending` ? 'ascending' : order === `${field}:descending` ? 'descending' : undefined
      return {
        key: field,
        header: field,
        labelled: true,
        ...(field === fields.original && { narrow: 'line' as const }),
        ...(direction && { sorted: direction }),
        headerCell: (
          <SortHead
            name={field}
            title={fieldLabel(field, language)}
            direction={direction}
            onClick={() => onOrder(nextOrder(order, field))}
          />
        ),
        cell: (event) => <Cell field={field} event={event} />,
      }
    }),
  ]
}

/** The chosen clock's time; events of collectors that did not note the other have one of them. */
function timeOf(event: FlatEvent, field: string): string {
  return fieldText(event[field]) || fieldText(event[fields.timestamp])
}

interface SortHeadProps {
  readonly name: string
  readonly title?: string | undefined
  readonly direction: 'ascending' | 'descending' | undefined
  readonly onClick: () => void
}

function SortHead({ name, title, direction, onClick }: SortHeadProps) {
  const { t } = useTexts()
  const Icon = direction === 'ascending' ? ArrowUp : direction === 'descending' ? ArrowDown : ChevronsUpDown
  return (
    <UnstyledButton
      className={classes.sort}
      onClick={onClick}
      title={title ?? t('hunting.sortBy', { field: name })}
      data-sorted={direction}
    >
      {name}
      <Icon size={12} aria-hidden />
    </UnstyledButton>
  )
}

/** An address or a name is not broken; a line of a log gets room. */
const shortText = 24
const longText = 60

function Cell({ field, event }: { field: string; event: FlatEvent }) {
  const value = event[field]
  if (value === undefined || value === null) return <span className={classes.none}>–</span>
  const texts = field === fields.original ? fieldTexts(value).map(withoutHeader) : fieldTexts(value)
  const shown = texts.length > 3 ? `${texts.slice(0, 3).join(', ')} +${texts.length - 3}` : texts.join(', ')
  return (
    <span
      className={classes.cell}
      data-short={shown.length <= shortText || undefined}
      data-long={shown.length > longText || undefined}
      data-field={field}
      data-row-id={idOf(event)}
    >
      {shown}
    </span>
  )
}
