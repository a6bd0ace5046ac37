import { alertSchema, type Alert } from '@vonggac/contract'
import { z } from 'zod'
import type { Kind } from '../storage/document-store.ts'

/** Rule, agency and hour of event time. */
export function bucketOf(rule: string, agency: string, at: number): string {
  return `${rule} ${agency} ${Math.floor(at / 3_600_000)}`
}

export const alertKind: Kind<Alert> = {
  name: 'alert',
  schema: alertSchema,
  agency: (alert) => alert.agency,
  tlp: (alert) => alert.tlp,
  index: {
    tlp: (alert) => alert.tlp,
    status: (alert) => alert.status,
    severity: (alert) => alert.severity,
    risk: (alert) => alert.risk,
    rule: (alert) => alert.rule.id,
    agency: (alert) => alert.agency,
    assignee: (alert) => alert.assignee,
    case: (alert) => alert.case,
    source: (alert) => alert.sources,
    entity: ({ entities }) => [...entities.source, ...entities.user, ...entities.host],
    createdAt: (alert) => alert.createdAt,
    /** Start of the minute, ms: what charts count by. */
    createdMinute: (alert) => Math.floor(Date.parse(alert.createdAt) / 60_000) * 60_000,
    lastAt: (alert) => alert.hits.lastAt,
    /** Alerts that count together against the bound of overflow.ts. */
    bucket: (alert) => bucketOf(alert.rule.id, alert.agency, Date.parse(alert.hits.firstAt)),
  },
}

/** What people wrote about an alert, apart from it: hits rewrite the alert often, notes stay. */
export const alertNoteKind: Kind<AlertNote> = {
  name: 'alert-note',
  schema: z.object({ alert: z.string(), agency: z.string(), at: z.iso.datetime(), by: z.string(), text: z.string() }),
  agency: (note) => note.agency,
  index: { alert: (note) => note.alert, at: (note) => note.at },
}
export interface AlertNote {
  readonly alert: string
  readonly agency: string
  readonly at: string
  readonly by: string
  readonly text: string
}
