/* oxlint-disable jsx-a11y/no-redundant-roles, jsx-a11y/no-interactive-element-to-noninteractive-role -- the narrow layout changes `display`, and with it browsers drop a table's own roles */
import type { ReactNode } from 'react'
import classes from './data-table.module.css'

export interface Column<Row> {
  readonly key: string
  readonly header: string
  readonly cell: (row: Row) => ReactNode
  readonly width?: string
  readonly end?: boolean
  /** How the cell stands in the narrow layout, where a row is a small card. `line`: the whole width; `hide`: not at all. */
  readonly narrow?: 'line' | 'hide'
  /** Left out where the table is between narrow and wide. */
  readonly wideOnly?: boolean
  /** The narrow layout shows the header beside the value. */
  readonly labelled?: boolean
  /** The header is for screen readers only. */
  readonly quietHeader?: boolean
  readonly headerCell?: ReactNode
  /** The rows stand in the order of this column. */
  readonly sorted?: 'ascending' | 'descending'
}

interface DataTableProps<Row> {
  readonly label: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly rowKey: (row: Row) => string
  readonly rowState?: (row: Row) => { readonly selected?: boolean; readonly fresh?: boolean }
  readonly onRowFocus?: (row: Row) => void
  /** A click beside the row's own links and buttons; the keyboard needs one of them that does the same. */
  readonly onRowOpen?: (row: Row) => void
  readonly rowTestId?: string
}

/** A table that becomes a list of cards where its container is narrow; the roles keep it a table for screen readers there too. */
export function DataTable<Row>({ label, columns, rows, rowKey, rowState, onRowFocus, onRowOpen, rowTestId }: DataTableProps<Row>) {
  return (
    <div className={classes.container}>
      <table className={classes.table} role="table" aria-label={label}>
        <thead role="rowgroup" className={classes.head}>
          <tr role="row">
            {columns.map((column) => (
              <th
                key={column.key}
                role="columnheader"
                scope="col"
                aria-sort={column.sorted}
                style={{ width: column.width }}
                className={headerClass(column)}
              >
                {column.headerCell ?? <span className={column.quietHeader ? 'hidden-visually' : undefined}>{column.header}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => {
            const { selected = false, fresh = false } = rowState?.(row) ?? {}
            return (
              <tr
                key={rowKey(row)}
                role="row"
                className={classes.row}
                data-selected={selected || undefined}
                data-fresh={fresh || undefined}
                data-row={rowKey(row)}
                data-testid={rowTestId}
                onFocus={onRowFocus && (() => onRowFocus(row))}
                onClick={onRowOpen && ((event) => isOnRowItself(event.target) && onRowOpen(row))}
              >
                {columns.map((column) => (
                  <td key={column.key} role="cell" className={cellClass(column)} data-narrow={column.narrow}>
                    {column.labelled && <span className={classes.label}>{column.header}</span>}
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

function headerClass(column: Column<never>): string {
  return [column.end && classes.end, column.wideOnly && classes.wideOnly].filter(Boolean).join(' ')
}

function cellClass(column: Column<never>): string {
  return [column.end && classes.end, column.wideOnly && classes.wideOnly, column.labelled && classes.labelled].filter(Boolean).join(' ')
}

/** Neither on something that has a meaning of its own, nor the end of marking a text. */
function isOnRowItself(target: EventTarget): boolean {
  return (target as Element).closest('a, button, input, label, summary') === null && (getSelection()?.isCollapsed ?? true)
}
