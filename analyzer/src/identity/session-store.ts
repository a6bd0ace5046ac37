import { systemScope, type Session } from '@vonggac/contract'
import { z } from 'zod'
import { csrfTokenOf, type ActiveSession, type Clock, type Sessions } from '../platform/index.ts'
import type { DocumentStore, Kind, Versioned } from '../storage/index.ts'
import { digest, type RandomText } from './random.ts'
import { scopeOf, toUser, type UserRecord, type UserStore } from './user-store.ts'

/** Kept under the digest of the session's id, so that who reads the store can sign in as nobody. */
const sessionRecordSchema = z.object({
  user: z.string(),
  agency: z.string(),
  sessionGeneration: z.int(),
  createdAt: z.iso.datetime(),
  /** Milliseconds since 1970, to be compared. */
  expiresMs: z.int(),
  remoteAddress: z.string(),
  userAgent: z.string(),
})
type SessionRecord = z.infer<typeof sessionRecordSchema>

export const sessionKind: Kind<SessionRecord> = {
  name: 'session',
  schema: sessionRecordSchema,
  agency: (session) => session.agency,
  index: { user: (session) => session.user, expires: (session) => session.expiresMs },
}

const scope = systemScope('identity')
const idBytes = 32
const maxSessionsPerUser = 20

interface Found {
  readonly session: Versioned<SessionRecord>
  readonly user: Versioned<UserRecord>
}

export interface SessionStoreDependencies {
  readonly documents: DocumentStore
  readonly users: UserStore
  readonly clock: Clock
  readonly random: RandomText
  readonly sessionHours: number
}

/** Sessions live on the server: they end at a fixed time, at sign-out, when their user is disabled, and when the password changes. */
export class SessionStore implements Sessions {
  readonly #dependencies: SessionStoreDependencies

  constructor(dependencies: SessionStoreDependencies) {
    this.#dependencies = dependencies
  }

  async find(sessionId: string): Promise<ActiveSession | undefined> {
    const found = await this.#read(sessionId)
    return found && { scope: scopeOf(found.user.value) }
  }

  /** What the session's holder is told about it. */
  async describe(sessionId: string): Promise<Session | undefined> {
    const found = await this.#read(sessionId)
    return found && describe(sessionId, found.user, new Date(found.session.value.expiresMs))
  }

  async begin(
    user: Versioned<UserRecord>,
    from: { remoteAddress: string; userAgent: string },
  ): Promise<{ id: string; expiresAt: Date; session: Session }> {
    const { documents, clock, random, sessionHours } = this.#dependencies
    await this.#makeRoom(user.id)
    const now = clock.now()
    const expiresAt = new Date(now.getTime() + sessionHours * 3_600_000)
    const id = random(idBytes)
    const record: SessionRecord = {
      user: user.id,
      agency: user.value.agency,
      sessionGeneration: user.value.sessionGeneration,
      createdAt: now.toISOString(),
      expiresMs: expiresAt.getTime(),
      remoteAddress: from.remoteAddress,
      userAgent: from.userAgent,
    }
    await documents.write(scope, sessionKind, digest(id), record, 'new')
    return { id, expiresAt, session: describe(id, user, expiresAt) }
  }

  async end(sessionId: string): Promise<void> {
    const session = await this.#dependencies.documents.read(scope, sessionKind, digest(sessionId))
    if (session) await this.#remove(session)
  }

  /** Lets one session live on after its own user has changed the password; all others of the user are over by that change. */
  async keep(sessionId: string, sessionGeneration: number): Promise<void> {
    const { documents } = this.#dependencies
    const session = await documents.read(scope, sessionKind, digest(sessionId))
    if (session) await documents.write(scope, sessionKind, session.id, { ...session.value, sessionGeneration }, session.version)
  }

  async #read(sessionId: string): Promise<Found | undefined> {
    const { documents, users, clock } = this.#dependencies
    const session = await documents.read(scope, sessionKind, digest(sessionId))
    if (!session) return undefined
    const user = await users.find(scope, session.value.user)
    const valid =
      user !== undefined &&
      !user.value.disabled &&
      session.value.expiresMs > clock.now().getTime() &&
      session.value.sessionGeneration === user.value.sessionGeneration
    if (valid) return { session, user }
    await this.#remove(session)
    return undefined
  }

  /** Clears away sessions that have expired and, of one user's, the oldest beyond the bound. */
  async #makeRoom(user: string): Promise<void> {
    const { documents, clock } = this.#dependencies
    const oldestFirst = { orderBy: 'expires', direction: 'ascending', limit: 200 } as const
    const expired = await documents.find(
      scope,
      sessionKind,
      { field: 'expires', test: { kind: 'compare', operator: 'lte', value: clock.now().getTime() } },
      oldestFirst,
    )
    for (const session of expired.items) await this.#remove(session)
    const own = await documents.find(scope, sessionKind, { field: 'user', test: { kind: 'equals', value: user } }, oldestFirst)
    const surplus = own.items.length - (maxSessionsPerUser - 1)
    for (const session of own.items.slice(0, Math.max(0, surplus))) await this.#remove(session)
  }

  /** Two requests may find the same session over at once; for the slower one it is gone already. */
  async #remove(session: Versioned<SessionRecord>): Promise<void> {
    await this.#dependencies.documents.remove(scope, sessionKind, session.id, session.version).catch(ignoreGone)
  }
}

function ignoreGone(error: unknown): void {
  const code = (error as { code?: unknown }).code
  if (code !== 'conflict' && code !== 'not-found') throw error
}

function describe(sessionId: string, user: Versioned<UserRecord>, expiresAt: Date): Session {
  return { user: toUser(user), csrfToken: csrfTokenOf(sessionId), expiresAt: expiresAt.toISOString() }
}
