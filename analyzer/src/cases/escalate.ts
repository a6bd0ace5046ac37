import { say, VonggacError, type Alert, type Case, type Scope } from '@vonggac/contract'
import { alertKind } from '../alerts/index.ts'
import type { LoadedRule } from '../detection/index.ts'
import { changeRecord, readRecord } from '../records/index.ts'
import { caseKind } from './kind.ts'
import { openCase, putUnderCase, type OpenCaseDeps } from './open-case.ts'
import { summaryOf, titleOf } from './wording.ts'

export interface EscalateDeps extends OpenCaseDeps {
  readonly rules: { find(id: string): LoadedRule | undefined }
}

/** Where neither the person nor the rule names a playbook. */
const generalPlaybook = 'incident-response'
const maxAlerts = 1_000

export interface Escalation {
  readonly case?: string | undefined
  readonly title?: string | undefined
  readonly playbook?: string | undefined
}

/** Makes a case of an alert, or adds it to one. Repeated after it was cut short, it takes up the case that it had opened and opens no second one. */
export async function escalate(deps: EscalateDeps, scope: Scope, alertId: string, asked: Escalation): Promise<Case> {
  const alert = await readRecord(deps.documents, scope, alertKind, alertId)
  const into = asked.case ?? alert.case ?? (await caseOf(deps, scope, alertId))
  if (into !== undefined) return addToCase(deps, scope, alert, into)
  return openCase(deps, scope, {
    title: asked.title ?? titleOf(alert),
    summary: summaryOf(alert),
    severity: alert.severity,
    agency: alert.agency,
    alerts: [alert],
    playbook: asked.playbook ?? playbookFor(deps, alert),
  })
}

async function addToCase(deps: EscalateDeps, scope: Scope, alert: Alert, into: string): Promise<Case> {
  const { documents, announcer, clock } = deps
  const known = await readRecord(documents, scope, caseKind, into)
  if (known.agency !== alert.agency) {
    throw new VonggacError('invalid-request', say('case-alert-foreign', { own: alert.agency, number: known.number, other: known.agency }))
  }
  if (known.alerts.includes(alert.id)) {
    if (alert.case !== known.id) await putUnderCase(deps, scope, alert.id, known.id)
    return known
  }
  const withAlert = (incident: Case): Case => {
    if (incident.status === 'closed') throw new VonggacError('invalid-request', say('case-closed', { number: incident.number }))
    if (incident.alerts.length >= maxAlerts)
      throw new VonggacError('too-large', say('case-alerts-many', { number: incident.number, most: maxAlerts }))
    return { ...incident, alerts: [...new Set([...incident.alerts, alert.id])], updatedAt: clock.now().toISOString() }
  }
  const { after } = await changeRecord(deps, scope, caseKind, into, undefined, withAlert, ({ id, agency }) => ({
    agency,
    action: 'case.add-alert',
    subject: `case/${id}`,
    detail: { alert: alert.id },
  }))
  announcer.announce({ type: 'case', case: after }, after.agency)
  await putUnderCase(deps, scope, alert.id, after.id)
  return after
}

async function caseOf({ documents }: EscalateDeps, scope: Scope, alert: string): Promise<string | undefined> {
  const where = { field: 'alert', test: { kind: 'equals', value: alert, cased: true } } as const
  const page = await documents.find(scope, caseKind, where, { orderBy: 'createdAt', direction: 'ascending', limit: 1 })
  return page.items[0]?.id
}

function playbookFor({ rules, playbooks }: EscalateDeps, alert: Alert): string | undefined {
  return [rules.find(alert.rule.id)?.playbook, generalPlaybook].find((name) => name !== undefined && playbooks.has(name))
}
