import { severities, type Alert, type Severity } from '@vonggac/contract'
import type { Input } from '../../lib/api.ts'
import { compact, countIn, listIn, oneOf, textIn } from '../../lib/search.ts'

/** `open`: what waits for somebody, and the page's default. */
export const views = ['open', 'new', 'acknowledged', 'escalated', 'closed', 'all'] as const
export type View = (typeof views)[number]

/** The filters as they stand in the address; both the list and an alert's page carry them, so that "next" means next in that list. */
export interface AlertSearch {
  readonly status?: View
  readonly severity?: string
  readonly agency?: string
  readonly assignee?: string
  readonly entity?: string
  readonly rule?: string
}

export function readAlertSearch(search: Record<string, unknown>): AlertSearch {
  const status = oneOf(search['status'], views)
  const severity = listIn(search['severity'], severities).join(',')
  return compact({
    status: status === 'open' ? undefined : status,
    severity: severity || undefined,
    agency: textIn(search['agency'], 63),
    assignee: textIn(search['assignee'], 100),
    entity: textIn(search['entity']),
    rule: textIn(search['rule'], 200),
  })
}

export function severitiesOf(search: AlertSearch): Severity[] {
  return listIn(search.severity, severities)
}

const statuses: Readonly<Record<View, Alert['status'][]>> = {
  open: ['new', 'acknowledged'],
  new: ['new'],
  acknowledged: ['acknowledged'],
  escalated: ['escalated'],
  closed: ['closed'],
  all: [],
}

/** The same filters as the API takes them. */
export function alertQuery(search: AlertSearch): NonNullable<Input<'listAlerts'>['query']> {
  const { status, severity: _, ...plain } = search
  return { ...plain, status: statuses[status ?? 'open'], severity: severitiesOf(search), limit: 50 }
}

/** How many alerts a view holds, from the API's counts by status. */
export function countOf(view: View, counts: Readonly<Record<string, number>>): number {
  return countIn(statuses[view], counts)
}

/** Whether anything but the view is narrowed. */
export function isFiltered(search: AlertSearch): boolean {
  const { status: _, ...rest } = search
  return Object.keys(rest).length > 0
}
