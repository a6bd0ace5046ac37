import { VonggacError, type Case, type Scope } from '@vonggac/contract'
import type { AuditRecorder } from '../audit/recorder.ts'
import { caseKind } from '../cases/index.ts'
import type { Announcer } from '../platform/announcer.ts'
import type { Clock } from '../platform/clock.ts'
import type { Download, Handlers } from '../platform/handler.ts'
import { changeRecord, readRecord } from '../records/index.ts'
import type { DocumentStore } from '../storage/document-store.ts'
import { documentOf, type OfficialDocument } from './document.ts'
import { renderDocx } from './docx.ts'
import { factsOf, type FactsDeps } from './facts.ts'
import { fieldsOf, type Form } from './form.ts'
import { noticeOf } from './notice.ts'
import { renderPdf } from './pdf.ts'
import type { Language } from './values.ts'

export interface ReportsDeps extends FactsDeps {
  readonly documents: DocumentStore
  readonly audit: AuditRecorder
  readonly announcer: Announcer
  readonly clock: Clock
  /** The incident notice. */
  readonly form: Form
}

export function reportsHandlers(deps: ReportsDeps): Pick<Handlers, 'readNotice' | 'fillNotice' | 'noticeDocx' | 'noticePdf'> {
  const { documents, audit, announcer, clock, form } = deps

  async function facts(scope: Scope, id: string) {
    return factsOf(documents, deps, scope, await readRecord(documents, scope, caseKind, id))
  }

  /** A paper that leaves the house is in the audit chain, with what was still missing in it. */
  async function paper(
    scope: Scope,
    id: string,
    language: Language,
    format: string,
    render: (paper: OfficialDocument) => Promise<Uint8Array>,
  ): Promise<Download> {
    const known = await facts(scope, id)
    const { missing } = noticeOf(form, known, language)
    const bytes = await render(documentOf(form, known, language, clock.now()))
    const { agency, number } = known.incident
    await audit.record(scope, {
      agency,
      action: 'report.download',
      subject: `case/${id}`,
      detail: { form: form.id, format, language, missing },
    })
    return { fileName: `${form.id}-${number}-${language}.${format}`, bytes }
  }

  return {
    readNotice: async ({ params }, scope) => noticeOf(form, await facts(scope, params.id), 'vi'),

    async fillNotice({ params, body }, scope) {
      const known = new Set(fieldsOf(form).map(({ id }) => id))
      const strange = Object.keys(body.values).filter((id) => !known.has(id))
      if (strange.length > 0) {
        throw new VonggacError('invalid-request', `The form ${form.id} has no field ${strange.join(', ')}.`, {
          places: strange.map((id) => ({ path: `values.${id}`, message: 'no such field' })),
        })
      }
      const filled = (incident: Case): Case => ({
        ...incident,
        forms: { ...incident.forms, [form.id]: { ...incident.forms[form.id], ...body.values } },
        updatedAt: clock.now().toISOString(),
      })
      const detail = { form: form.id, fields: Object.keys(body.values) }
      const { after } = await changeRecord(deps, scope, caseKind, params.id, body.version, filled, ({ id, agency }) => ({
        agency,
        action: 'report.fill',
        subject: `case/${id}`,
        detail,
      }))
      announcer.announce({ type: 'case', case: after }, after.agency)
      return noticeOf(form, await factsOf(documents, deps, scope, after), 'vi')
    },

    noticeDocx: ({ params, query }, scope) => paper(scope, params.id, query.language, 'docx', renderDocx),
    noticePdf: ({ params, query }, scope) => paper(scope, params.id, query.language, 'pdf', renderPdf),
  }
}
