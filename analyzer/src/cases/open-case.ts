import {
  type Alert,
  type Case,
  type Config,
  mostRestricted,
  say,
  type Scope,
  scopeCovers,
  type Severity,
  VonggacError,
} from '@vonggac/contract'
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
  const { playbooks, announcer, clock, config } = deps
  const { title, summary, severity, agency, alerts, playbook } = asked
  if (agency !== config.operator && !config.agencies.some(({ id }) => id === agency)) {
    throw new VonggacError('invalid-request', say('agency-unknown', { agency }))
  }
  if (!scopeCovers(scope, agency)) {
    throw new VonggacError('forbidden', say('case-agency-foreign', { own: scope.agency, other: agency }))
  }
  const tasks = playbook === undefined ? [] : tasksOf(playbooks.find(playbook))
  const now = clock.now()
  const at = now.toISOString()
  const make = (number: string): Case => ({
    id: number,
    number,
    agency,
    tlp: mostRestricted(['TLP:AMBER', ...alerts.map(({ tlp }) => tlp)]),
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
  })
  const incident = await writeNumbered(deps, scope, now, make, ({ id, alerts: contained }) => {
    const detail = { title, severity, alerts: contained, ...(playbook === undefined ? {} : { playbook }) }
    return { agency, action: 'case.create', subject: `case/${id}`, detail }
  })
  announcer.announce({ type: 'case', case: incident }, agency)
  for (const { id } of alerts) await putUnderCase(deps, scope, id, incident.id)
  return incident
}

export async function putUnderCase(deps: OpenCaseDeps, scope: Scope, alert: string, incident: string): Promise<void> {
  const { announcer, clock } = deps
  const escalated = ({ resolution: _resolution, ...rest }: Alert): Alert => ({
    ...rest,
    status: 'escalated',
    case: incident,
    updatedAt: clock.now().toISOString(),
  })
  const { after } = await changeRecord(deps, scope, alertKind, alert, undefined, escalated, ({ agency }, before) => {
    const was = { status: before.status, ...(before.case ? { case: before.case } : {}) }
    return { agency, action: 'alert.escalate', subject: `alert/${alert}`, detail: { case: incident, was } }
  })
  announcer.announce({ type: 'alert', alert: after }, after.agency)
}
