import { caseSchema, type Case } from '@vonggac/contract'
import type { Kind } from '../storage/document-store.ts'
import { parseNumber } from './number.ts'

export const caseKind: Kind<Case> = {
  name: 'case',
  schema: caseSchema,
  agency: (incident) => incident.agency,
  tlp: (incident) => incident.tlp,
  index: {
    tlp: (incident) => incident.tlp,
    status: (incident) => incident.status,
    severity: (incident) => incident.severity,
    agency: (incident) => incident.agency,
    assignee: (incident) => incident.assignee,
    alert: (incident) => incident.alerts,
    createdAt: (incident) => incident.createdAt,
    year: (incident) => parseNumber(incident.number)?.year,
    sequence: (incident) => parseNumber(incident.number)?.sequence,
  },
}
