import { say, scopeCovers, systemScope, VonggacError, type AgencyId } from '@vonggac/contract'
import type { DocumentStore } from '../storage/index.ts'
import { scopeOf, userKind } from './user-store.ts'

/** Throws `invalid-request` unless work of the agency can be given to this person: a user who is not disabled and sees what the agency owns. */
export type AssigneeCheck = (assignee: string | null | undefined, agency: AgencyId) => Promise<void>

const scope = systemScope('identity')

/** `undefined` and `null` (nobody) are always right. */
export function createAssigneeCheck(documents: DocumentStore): AssigneeCheck {
  return async (assignee, agency) => {
    if (assignee === undefined || assignee === null) return
    const user = await documents.read(scope, userKind, assignee)
    if (user && !user.value.disabled && scopeCovers(scopeOf(user.value), agency)) return
    const message = 'is nobody who can work on this: choose an active user of the agency'
    throw new VonggacError('invalid-request', say('assignee-wrong'), { places: [{ path: 'body.assignee', message }] })
  }
}
