import { VonggacError, type Alert, type Case, type Config, type Scope, type Severity } from '@vonggac/contract'
import { alertKind } from '../alerts/index.ts'
import type { AuditRecorder } from '../audit/recorder.ts'
import type { Announcer } from '../platform/announcer.ts'
import type { Clock } from '../platform/clock.ts'
import { tasksOf, type PlaybookLibrary } from '../playbooks/index.ts'
import { changeRecord } from '../records/index.ts'
import type { DocumentStore } from '../storage/document-store.ts'
import { writeNumbered } from './numbering.ts'

export interface OpenCaseDeps {
  readonly documents: DocumentStore
  readonly playbooks: PlaybookLibrary
  readonly audit: AuditRecorder
  readonly announcer: Announcer
  readonly clock: Clock
  readonly config: Pick<Config, 'operator' | 'agencies'>
}

export interface NewCase {
  readonly title: string
  readonly summary: string
  readonly severity: Severity
  readonly agency: string
  readonly alerts: readonly Alert[]
  readonly playbook: string | undefined
}

/** Opens a case, with the playbook's tasks, and puts its alerts under it. */
export async function openCase(deps: OpenCaseDeps, scope: Scope, asked: NewCase): Promise<Case> {
  const { documents, playbooks, audit, announcer, clock, config } = deps
  const { title, summary, severity, agency, alerts, playbook } = asked
  if (agency !== config.operator && !config.agencies.some(({ id }) => id === agency)) {
    throw new VonggacError('invalid-request', `There is no agency "${agency}".`)
  }
  const tasks = playbook === undefined ? [] : tasksOf(playbooks.find(playbook))
  const now = clock.now()
  const at = now.toISOString()
  const incident = await writeNumbered(documents, scope, now, (number) => ({
    id: number,
    number,
    agency,
    tlp: 'TLP:AMBER',
    title,
    summary,
    severity,
    status: 'open',
    serious: false,
    // The incident is detected when the first alert of it is raised: from then the legal clocks run.
    detectedAt: alerts.map(({ createdAt }) => createdAt).toSorted()[0] ?? at,
    alerts: alerts.map(({ id }) => id),
    tasks,
    notes: [],
    ...(playbook === undefined ? {} : { playbook }),
    forms: {},
    fulfilled: {},
    createdAt: at,
    createdBy: scope.actor,
    updatedAt: at,
    version: 1,
  }))
  const detail = { title, severity, alerts: incident.alerts, ...(playbook === undefined ? {} : { playbook }) }
  await audit.record(scope, { agency, action: 'case.create', subject: `case/${incident.id}`, detail })
  announcer.announce({ type: 'case', case: incident }, agency)
  for (const { id } of alerts) await putUnderCase(deps, scope, id, incident.id)
  return incident
}

export async function putUnderCase(
  { documents, audit, announcer, clock }: OpenCaseDeps,
  scope: Scope,
  alert: string,
  incident: string,
): Promise<void> {
  const { before, after } = await changeRecord(documents, scope, alertKind, alert, undefined, ({ resolution: _resolution, ...rest }) => ({
    ...rest,
    status: 'escalated' as const,
    case: incident,
    updatedAt: clock.now().toISOString(),
  }))
  const detail = { case: incident, was: { status: before.status, ...(before.case ? { case: before.case } : {}) } }
  await audit.record(scope, { agency: after.agency, action: 'alert.escalate', subject: `alert/${alert}`, detail })
  announcer.announce({ type: 'alert', alert: after }, after.agency)
}
