import type { Agency } from '@vonggac/contract'
import type { AuditRecorder } from '../audit/index.ts'
import type { Clock, Handlers, Sessions } from '../platform/index.ts'
import type { DocumentStore } from '../storage/index.ts'
import { agencyHandlers } from './agencies.ts'
import { BackOff } from './back-off.ts'
import { randomText, type RandomText } from './random.ts'
import { sessionHandlers } from './session-handlers.ts'
import { SessionStore } from './session-store.ts'
import { inviteFirstAdministrator, setupHandlers } from './setup.ts'
import { userHandlers } from './user-handlers.ts'
import { UserStore } from './user-store.ts'

export interface IdentityDependencies {
  readonly documents: DocumentStore
  readonly audit: AuditRecorder
  readonly clock: Clock
  /** The operator first. */
  readonly agencies: readonly Agency[]
  readonly version: string
  readonly sessionHours: number
  readonly random?: RandomText
}

type IdentityRoute =
  | 'setupState'
  | 'setup'
  | 'signIn'
  | 'session'
  | 'signOut'
  | 'changePassword'
  | 'listUsers'
  | 'createUser'
  | 'changeUser'
  | 'listAgencies'
  | 'about'

export interface Identity {
  readonly sessions: Sessions
  readonly handlers: Pick<Handlers, IdentityRoute>
  /** The token of the one-time set-up link; undefined when there is an administrator. */
  invite(): Promise<string | undefined>
}

/** Users, their sessions and the first administrator. */
export function createIdentity({
  documents,
  audit,
  clock,
  agencies,
  version,
  sessionHours,
  random = randomText,
}: IdentityDependencies): Identity {
  const operator = agencies[0]!.id
  const users = new UserStore(documents, audit)
  const sessions = new SessionStore({ documents, users, clock, random, sessionHours })
  const shared = { documents, users, sessions, audit, clock, random, operator }
  return {
    sessions,
    handlers: {
      ...setupHandlers(shared),
      ...sessionHandlers({ ...shared, backOff: new BackOff(clock) }),
      ...userHandlers({ ...shared, agencies: agencies.map(({ id }) => id) }),
      ...agencyHandlers({ agencies, version }),
    },
    invite: () => inviteFirstAdministrator(shared),
  }
}
