import { randomUUID } from 'node:crypto'
import { everyAgency, say, VonggacError, type Case, type CaseDetail, type Scope, type Tlp } from '@vonggac/contract'
import type { Expression } from '@vonggac/sigma'
import { alertKind } from '../alerts/index.ts'
import type { AssigneeCheck } from '../identity/index.ts'
import { obligationsOf, type LegalProfile } from '../obligations/index.ts'
import type { Handlers } from '../platform/handler.ts'
import { changeRecord, readRecord } from '../records/index.ts'
import { withChange, withFulfilment, withNote, withTask, withTaskChange } from './changes.ts'
import { escalate, type EscalateDeps } from './escalate.ts'
import { caseKind } from './kind.ts'
import { openCase } from './open-case.ts'

export interface CasesDeps extends EscalateDeps {
  readonly profile: LegalProfile
  readonly checkAssignee: AssigneeCheck
}

type CasesHandlers = Pick<
  Handlers,
  | 'listCases'
  | 'createCase'
  | 'readCase'
  | 'changeCase'
  | 'addCaseNote'
  | 'addCaseTask'
  | 'changeCaseTask'
  | 'fulfilObligation'
  | 'escalateAlert'
>

export function casesHandlers(deps: CasesDeps): CasesHandlers {
  const { documents, announcer, clock, config, profile, checkAssignee } = deps

  /** Every change of a case goes this way: versioned, in the audit chain, told to open consoles. */
  async function change(
    scope: Scope,
    id: string,
    version: number | undefined,
    action: string,
    detail: (before: Case) => Readonly<Record<string, unknown>>,
    how: (incident: Case, now: string) => Case,
  ): Promise<Case> {
    const now = clock.now().toISOString()
    const { after } = await changeRecord(
      deps,
      scope,
      caseKind,
      id,
      version,
      (incident) => how(incident, now),
      ({ agency }, before) => ({ agency, action, subject: `case/${id}`, detail: detail(before) }),
    )
    announcer.announce({ type: 'case', case: after }, after.agency)
    return after
  }

  /** Whoever gets work on the case must be cleared for what the same change marks it with. */
  async function checkWhoGetsIt(
    scope: Scope,
    id: string,
    { assignee, tlp }: { readonly assignee?: string | null | undefined; readonly tlp?: Tlp | undefined },
  ): Promise<void> {
    if (!assignee) return
    const incident = await readRecord(documents, scope, caseKind, id)
    await checkAssignee(assignee, { ...incident, tlp: tlp ?? incident.tlp })
  }

  function detailOf(incident: Case): CaseDetail {
    return { case: incident, obligations: obligationsOf(profile, incident, clock.now()) }
  }

  return {
    async listCases({ query }, scope) {
      const { limit, after, status, severity, agency } = query
      const others = [...oneOf('severity', severity), ...oneOf('agency', agency === undefined ? [] : [agency])]
      const order = { orderBy: 'createdAt', direction: 'descending', limit, ...(after === undefined ? {} : { after }) } as const
      const [page, byStatus] = await Promise.all([
        documents.find(scope, caseKind, { all: [...oneOf('status', status), ...others] }, order),
        documents.tally(scope, caseKind, { all: others }, 'status'),
      ])
      const counts = { status: Object.fromEntries([...byStatus].map(([key, count]) => [String(key), count])) }
      return { items: page.items.map(({ value }) => value), next: page.next, counts }
    },

    async createCase({ body }, scope) {
      const { title, summary, severity, playbook } = body
      const alerts = await Promise.all([...new Set(body.alerts)].map((id) => readRecord(documents, scope, alertKind, id)))
      const agency = body.agency ?? alerts[0]?.agency ?? (scope.agency === everyAgency ? config.operator : scope.agency)
      const foreign = alerts.find((alert) => alert.agency !== agency)
      if (foreign) throw new VonggacError('invalid-request', say('alert-foreign', { alert: foreign.id }))
      return openCase(deps, scope, { title, summary, severity, agency, alerts, playbook })
    },

    readCase: async ({ params }, scope) => detailOf(await readRecord(documents, scope, caseKind, params.id)),

    async changeCase({ params, body }, scope) {
      const { version, ...asked } = body
      await checkWhoGetsIt(scope, params.id, body)
      return change(
        scope,
        params.id,
        version,
        'case.change',
        (before) => ({ ...asked, was: formerly(before, asked) }),
        (incident, now) => withChange(incident, body, now),
      )
    },

    async addCaseNote({ params, body }, scope) {
      const note = randomUUID()
      return change(
        scope,
        params.id,
        undefined,
        'case.add-note',
        () => ({ note }),
        (incident, now) => withNote(incident, note, scope.actor, body.text, now),
      )
    },

    async addCaseTask({ params, body }, scope) {
      const { title, version } = body
      const task = randomUUID()
      return change(
        scope,
        params.id,
        version,
        'case.add-task',
        () => ({ task, title }),
        (incident, now) => withTask(incident, task, title, now),
      )
    },

    async changeCaseTask({ params, body }, scope) {
      const { version, ...asked } = body
      await checkWhoGetsIt(scope, params.id, body)
      return change(
        scope,
        params.id,
        version,
        'case.change-task',
        () => ({ task: params.task, ...asked }),
        (incident, now) => withTaskChange(incident, params.task, body, scope.actor, now),
      )
    },

    async fulfilObligation({ params, body }, scope) {
      const { id, obligation } = params
      const changed = await change(
        scope,
        id,
        body.version,
        'case.fulfil-obligation',
        () => ({ obligation, done: body.done }),
        (incident, now) => {
          if (!obligationsOf(profile, incident, clock.now()).some((duty) => duty.id === obligation)) {
            throw new VonggacError('not-found', say('case-obligation-unknown', { number: incident.number, obligation }))
          }
          return withFulfilment(incident, obligation, body.done, scope.actor, now)
        },
      )
      return detailOf(changed)
    },

    escalateAlert: ({ params, body }, scope) => escalate(deps, scope, params.id, body),
  }
}

/** The values that a change replaces: the clocks of the law hang on some, and from where somebody moved one must be told. */
function formerly(before: Case, asked: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(before).filter(([field]) => field in asked))
}

function oneOf(field: string, values: readonly string[] | undefined): Expression[] {
  return values?.length ? [{ any: values.map((value) => ({ field, test: { kind: 'equals', value, cased: true } }) as const) }] : []
}
