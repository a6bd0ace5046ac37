import type { CaseStatus } from '@vonggac/contract'
import { compact, oneOf, textIn } from '../../lib/search.ts'

export const views = ['open', 'contained', 'resolved', 'closed', 'all'] as const
export type View = (typeof views)[number]

/** `open` (the default) holds whatever is not finished. */
export const statusesOf: Readonly<Record<View, readonly CaseStatus[]>> = {
  open: ['open', 'contained'],
  contained: ['contained'],
  resolved: ['resolved'],
  closed: ['closed'],
  all: [],
}

export interface CaseListSearch {
  readonly status?: View
  readonly agency?: string
}

export function readCaseListSearch(search: Record<string, unknown>): CaseListSearch {
  const status = oneOf(search['status'], views)
  return compact({ status: status === 'open' ? undefined : status, agency: textIn(search['agency'], 63) })
}

export const tabs = ['tasks', 'alerts', 'notes', 'notice'] as const
export type Tab = (typeof tabs)[number]

export function readCaseSearch(search: Record<string, unknown>): { readonly tab?: Tab } {
  const tab = oneOf(search['tab'], tabs)
  return compact({ tab: tab === 'tasks' ? undefined : tab })
}
