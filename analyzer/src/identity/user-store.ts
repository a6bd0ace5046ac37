import { everyAgency, isVonggacError, say, userSchema, VonggacError, type AgencyId, type Scope, type User } from '@vonggac/contract'
import type { Expression } from '@vonggac/sigma'
import { z } from 'zod'
import type { AuditAction, AuditRecorder } from '../audit/index.ts'
import { toWrite, type DocumentStore, type Kind, type Version, type Versioned } from '../storage/index.ts'

/** A user as it is kept. The id is the user name: it is unique, never changes, and reads well in the audit chain. */
export const userRecordSchema = userSchema.omit({ version: true }).extend({
  passwordHash: z.string(),
  /** Grows with each new password and each disabling: a session begun under an older one is over. */
  sessionGeneration: z.int().nonnegative(),
})
export type UserRecord = z.infer<typeof userRecordSchema>

/** A user of every agency belongs to `*`, which only the scope of every agency covers. */
export const userKind: Kind<UserRecord> = {
  name: 'user',
  schema: userRecordSchema,
  agency: (user) => user.agency,
  index: { role: (user) => user.role, agency: (user) => user.agency, disabled: (user) => user.disabled },
}

/** The agency in whose audit chain a user's doings stand. */
export function auditAgency(user: Pick<UserRecord, 'agency'>, operator: AgencyId): AgencyId {
  return user.agency === everyAgency ? operator : user.agency
}

export function toUser({ value, version }: Versioned<UserRecord>): User {
  const { id, userName, displayName, role, agency, clearance, disabled, createdAt } = value
  return { id, userName, displayName, role, agency, clearance, disabled, createdAt, version }
}

export function scopeOf(user: UserRecord): Scope {
  return { agency: user.agency, role: user.role, tlp: user.clearance, actor: user.id }
}

/** Ends every session that was begun under the password before. */
export function withPassword(user: UserRecord, passwordHash: string): UserRecord {
  return { ...user, passwordHash, sessionGeneration: user.sessionGeneration + 1 }
}

/** Ends every session: enabled again, the user signs in anew. */
export function disabledUser(user: UserRecord): UserRecord {
  return { ...user, disabled: true, sessionGeneration: user.sessionGeneration + 1 }
}

const installationAdministrators: Expression = {
  all: [
    { field: 'role', test: { kind: 'equals', value: 'administrator' } },
    { field: 'agency', test: { kind: 'equals', value: everyAgency } },
    { field: 'disabled', test: { kind: 'equals', value: false } },
  ],
}

/** Someone who can administer the whole installation: never may the last one go. */
export function isInstallationAdministrator(user: Pick<UserRecord, 'role' | 'agency' | 'disabled'>): boolean {
  return user.role === 'administrator' && user.agency === everyAgency && !user.disabled
}

export class UserStore {
  readonly #documents: DocumentStore
  readonly #audit: AuditRecorder
  #last: Promise<unknown> = Promise.resolve()

  constructor(documents: DocumentStore, audit: AuditRecorder) {
    this.#documents = documents
    this.#audit = audit
  }

  find(scope: Scope, id: string): Promise<Versioned<UserRecord> | undefined> {
    return this.#documents.read(scope, userKind, id)
  }

  /** Throws `already-exists` for a user name that is taken. */
  async create(scope: Scope, user: UserRecord, action: AuditAction): Promise<User> {
    // Another agency's user is out of scope for the caller: that the name is taken is all there is to say.
    const [result] = await this.#audit.change(scope, [toWrite(userKind, user.id, user, 'new')], action).catch((error: unknown) => {
      if (isVonggacError(error, 'forbidden')) return [{ conflict: true } as const]
      throw error
    })
    if (result && 'version' in result) return toUser({ id: user.id, value: user, version: result.version })
    throw new VonggacError('already-exists', say('user-name-taken', { user: user.userName }), {
      places: [{ path: 'body.userName', message: 'is taken' }],
    })
  }

  async replace(scope: Scope, user: UserRecord, expected: Version, action: AuditAction): Promise<User> {
    const [result] = await this.#audit.change(scope, [toWrite(userKind, user.id, user, expected)], action)
    if (result && 'version' in result) return toUser({ id: user.id, value: user, version: result.version })
    throw new VonggacError('conflict', say('user-changed', { user: user.id }))
  }

  /** By user name. */
  async list(scope: Scope): Promise<User[]> {
    const users: User[] = []
    let after: string | undefined
    do {
      const page = await this.#documents.find(
        scope,
        userKind,
        { all: [] },
        { orderBy: 'id', direction: 'ascending', limit: 1_000, ...(after === undefined ? {} : { after }) },
      )
      users.push(...page.items.map(toUser))
      after = page.next ?? undefined
    } while (after !== undefined)
    return users
  }

  countInstallationAdministrators(scope: Scope): Promise<number> {
    return this.#documents.count(scope, userKind, installationAdministrators)
  }

  /** Runs one change of users after the other, so that what a change counted is still so when it writes. */
  serially<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work, work)
    this.#last = result.catch(() => undefined)
    return result
  }
}
