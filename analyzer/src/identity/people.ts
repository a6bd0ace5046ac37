import { mayRead, say, scopeCovers, systemScope, VonggacError, type AgencyId, type Tlp } from '@vonggac/contract'
import type { DocumentStore } from '../storage/index.ts'
import { scopeOf, userKind } from './user-store.ts'

/** Throws `invalid-request` unless work on the record can be given to this person: a user who is not disabled and sees it. */
export type AssigneeCheck = (assignee: string | null | undefined, record: { readonly agency: AgencyId; readonly tlp: Tlp }) => Promise<void>

const scope = systemScope('identity')

/** `undefined` and `null` (nobody) are always right. */
export function createAssigneeCheck(documents: DocumentStore): AssigneeCheck {
  return async (assignee, { agency, tlp }) => {
    if (assignee === undefined || assignee === null) return
    const user = await documents.read(scope, userKind, assignee)
    const sees = user && scopeOf(user.value)
    if (sees && !user.value.disabled && scopeCovers(sees, agency) && mayRead(sees, tlp)) return
    const message = 'is nobody who can work on this: choose an active user of the agency'
    throw new VonggacError('invalid-request', say('assignee-wrong'), { places: [{ path: 'body.assignee', message }] })
  }
}
