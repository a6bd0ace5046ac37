import { randomUUID } from 'node:crypto'
import type { Alert, RouteRequest, Routes } from '@vonggac/contract'
import type { AuditRecorder } from '../audit/recorder.ts'
import type { Announcer, Clock, Handlers } from '../platform/index.ts'
import type { AssigneeCheck } from '../identity/index.ts'
import { changeRecord, readRecord } from '../records/index.ts'
import type { DocumentStore } from '../storage/document-store.ts'
import type { EventStore } from '../storage/event-store.ts'
import { readEvents } from './events.ts'
import { aboutRule, explained, type Rules } from './explain.ts'
import { alertKind, alertNoteKind } from './kind.ts'
import { alertFilter } from './query.ts'

export interface AlertsDeps {
  readonly documents: DocumentStore
  readonly events: EventStore
  readonly rules: Rules
  readonly audit: AuditRecorder
  readonly announcer: Announcer
  readonly clock: Clock
  readonly checkAssignee: AssigneeCheck
}

/** Notes shown with an alert, newest first beyond that. */
const maxNotes = 500

export function alertsHandlers(deps: AlertsDeps): Pick<Handlers, 'listAlerts' | 'readAlert' | 'changeAlert'> {
  const { documents, events, rules, announcer, clock, checkAssignee } = deps
  return {
    async listAlerts({ query }, scope) {
      const { limit, after } = query
      const order = { orderBy: 'createdAt', direction: 'descending', limit, ...(after === undefined ? {} : { after }) } as const
      const [page, status, severity] = await Promise.all([
        documents.find(scope, alertKind, alertFilter(query), order),
        documents.tally(scope, alertKind, alertFilter(query, 'status'), 'status'),
        documents.tally(scope, alertKind, alertFilter(query, 'severity'), 'severity'),
      ])
      return {
        items: page.items.map(({ value }) => value),
        next: page.next,
        counts: { status: textKeys(status), severity: textKeys(severity) },
      }
    },

    async readAlert({ params }, scope) {
      const alert = await readRecord(documents, scope, alertKind, params.id)
      const rule = rules.find(alert.rule.id)
      const [found, notes] = await Promise.all([
        readEvents(events, scope, alert.hits.events),
        documents.find(
          scope,
          alertNoteKind,
          { field: 'alert', test: { kind: 'equals', value: alert.id, cased: true } },
          { orderBy: 'at', direction: 'descending', limit: maxNotes },
        ),
      ])
      return {
        alert,
        rule: aboutRule(rules, rule),
        events: found.map((event) => explained(rules, rule, event)),
        notes: notes.items.map(({ value: { at, by, text } }) => ({ at, by, text })).toReversed(),
      }
    },

    async changeAlert({ params, body }, scope) {
      const now = clock.now().toISOString()
      const { version, ...asked } = body
      if (body.assignee) {
        const alert = await readRecord(documents, scope, alertKind, params.id)
        await checkAssignee(body.assignee, { ...alert, tlp: body.tlp ?? alert.tlp })
      }
      const how = (alert: Alert) => changed(alert, body, now)
      const { after } = await changeRecord(deps, scope, alertKind, params.id, version, how, ({ id, agency }, before) => {
        const was = {
          status: before.status,
          ...(before.assignee ? { assignee: before.assignee } : {}),
          ...(body.tlp ? { tlp: before.tlp } : {}),
        }
        return { agency, action: 'alert.change', subject: `alert/${id}`, detail: { ...asked, was } }
      })
      if (body.note !== undefined) {
        const note = { alert: after.id, agency: after.agency, at: now, by: scope.actor, text: body.note }
        await documents.write(scope, alertNoteKind, randomUUID(), note, 'new')
      }
      announcer.announce({ type: 'alert', alert: after }, after.agency)
      return after
    },
  }
}

function changed(alert: Alert, change: RouteRequest<Routes['changeAlert']>['body'], now: string): Alert {
  const { resolution: _resolution, assignee: _assignee, ...rest } = alert
  const status = change.status ?? alert.status
  const resolution = status === 'closed' ? (change.resolution ?? alert.resolution) : undefined
  const assignee = change.assignee === undefined ? alert.assignee : (change.assignee ?? undefined)
  return {
    ...rest,
    ...(change.tlp ? { tlp: change.tlp } : {}),
    status,
    ...(resolution ? { resolution } : {}),
    ...(assignee ? { assignee } : {}),
    updatedAt: now,
  }
}

function textKeys(counts: ReadonlyMap<unknown, number>): Record<string, number> {
  return Object.fromEntries([...counts].map(([key, count]) => [String(key), count]))
}
