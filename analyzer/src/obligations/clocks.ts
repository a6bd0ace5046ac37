import type { Case, Obligation } from '@vonggac/contract'
import type { Duty, LegalProfile } from './profile.ts'

export type ClockedCase = Pick<Case, 'serious' | 'detectedAt' | 'closedAt' | 'fulfilled'>

const hourMs = 3_600_000

/** The duties that a profile lays on a case, the next one due first, those without a time last. */
export function obligationsOf(profile: LegalProfile, incident: ClockedCase, now: Date): Obligation[] {
  return profile.obligations
    .filter((duty) => duty.enabled && appliesTo(duty, incident))
    .map((duty) => clockOf(duty, incident, now))
    .toSorted((a, b) => ((a.due ?? '9') < (b.due ?? '9') ? -1 : a.due === b.due ? 0 : 1))
}

/** The law that counts is the one in force when the incident was detected. */
function appliesTo(duty: Duty, { serious, detectedAt }: ClockedCase): boolean {
  const day = detectedAt.slice(0, 10)
  const begun = duty.effective_from === null || day >= duty.effective_from
  const ended = duty.status === 'superseded' || (duty.effective_to !== null && day >= duty.effective_to)
  return begun && !ended && (duty.when !== 'serious' || serious)
}

function clockOf(duty: Duty, incident: ClockedCase, now: Date): Obligation {
  const { id, title, recipient, form, source, confidence, status, deadline } = duty
  const due = dueAt(duty, incident)
  const state = incident.fulfilled[id] ? 'done' : due !== null && Date.parse(due) <= now.getTime() ? 'overdue' : 'pending'
  return { id, title, recipient, due, hours: deadline?.hours ?? null, state, ...(form ? { form } : {}), source, confidence, status }
}

/** A duty under a condition that a person must judge has no clock of its own: it would be overdue on every case that it does not concern. */
function dueAt({ when, deadline }: Duty, { detectedAt, closedAt }: ClockedCase): string | null {
  if (!deadline || when === 'judged') return null
  const from = deadline.from === 'closing' ? closedAt : detectedAt
  return from === undefined ? null : new Date(Date.parse(from) + deadline.hours * hourMs).toISOString()
}
