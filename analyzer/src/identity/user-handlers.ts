import { everyAgency, mayRead, say, scopeCovers, VonggacError, type AgencyId, type Scope, type Tlp, type User } from '@vonggac/contract'
import type { AuditAction } from '../audit/index.ts'
import type { Clock, Handlers } from '../platform/index.ts'
import { hashPassword } from './passwords.ts'
import type { SessionStore } from './session-store.ts'
import { auditAgency, disabledUser, isInstallationAdministrator, withPassword, type UserRecord, type UserStore } from './user-store.ts'

export interface UserHandlerDependencies {
  readonly users: UserStore
  readonly sessions: SessionStore
  readonly clock: Clock
  readonly operator: AgencyId
  /** Every agency of the installation. */
  readonly agencies: readonly AgencyId[]
}

export function userHandlers(dependencies: UserHandlerDependencies): Pick<Handlers, 'listUsers' | 'createUser' | 'changeUser'> {
  const { users, sessions, clock, operator } = dependencies

  const actionOn = (user: UserRecord, action: string, detail: Readonly<Record<string, unknown>>): AuditAction => ({
    agency: auditAgency(user, operator),
    action,
    subject: `user/${user.id}`,
    detail,
  })

  return {
    async listUsers(_request, scope) {
      return { items: await users.list(scope) }
    },

    async createUser({ body }, scope) {
      checkAgency(dependencies, scope, body.agency)
      const { password, clearance = scope.tlp, ...shown } = body
      checkClearance(scope, clearance)
      const user: UserRecord = {
        ...shown,
        clearance,
        id: body.userName,
        disabled: false,
        createdAt: clock.now().toISOString(),
        passwordHash: await hashPassword(password),
        sessionGeneration: 0,
      }
      const { displayName, role, agency } = user
      return users.create(scope, user, actionOn(user, 'user.create', { displayName, role, agency, clearance }))
    },

    async changeUser({ params: { id }, body }, scope, exchange) {
      const { version, password, ...shown } = body
      if (shown.agency !== undefined) checkAgency(dependencies, scope, shown.agency)
      const passwordHash = password === undefined ? undefined : await hashPassword(password)

      const { after, changed } = await users.serially(async () => {
        const current = await users.find(scope, id)
        if (!current) throw new VonggacError('not-found', say('user-unknown', { user: id }))
        const next = changedUser(current.value, shown, passwordHash)
        for (const { clearance } of [current.value, next]) checkClearance(scope, clearance)
        await keepAnAdministrator(users, scope, current.value, next)
        const action = actionOn(next, 'user.change', differences(current.value, next))
        return { after: next, changed: await users.replace(scope, next, version, action) }
      })

      const own = scope.actor === id && exchange.sessionId !== undefined
      if (own && passwordHash !== undefined) await sessions.keep(exchange.sessionId!, after.sessionGeneration)
      return changed
    },
  }
}

type Shown = Partial<Pick<User, 'displayName' | 'role' | 'agency' | 'clearance' | 'disabled'>>

function changedUser(
  user: UserRecord,
  changes: { [K in keyof Shown]?: Shown[K] | undefined },
  passwordHash: string | undefined,
): UserRecord {
  const shown = {
    ...user,
    displayName: changes.displayName ?? user.displayName,
    role: changes.role ?? user.role,
    agency: changes.agency ?? user.agency,
    clearance: changes.clearance ?? user.clearance,
  }
  const renewed = passwordHash === undefined ? shown : withPassword(shown, passwordHash)
  if (changes.disabled === true && !user.disabled) return disabledUser(renewed)
  return { ...renewed, disabled: changes.disabled ?? user.disabled }
}

/** An agency's administrator manages that agency's users and no others. */
function checkAgency({ agencies }: UserHandlerDependencies, scope: Scope, agency: string): void {
  if (agency !== everyAgency && !agencies.includes(agency)) {
    const message = `there is no agency "${agency}"; agencies are: ${agencies.join(', ')}`
    throw new VonggacError('invalid-request', `body.agency: ${message}`, { places: [{ path: 'body.agency', message }] })
  }
  if (!scopeCovers(scope, agency)) {
    throw new VonggacError(
      'forbidden',
      say('user-agency-foreign', { own: scope.agency, other: agency === everyAgency ? 'every agency' : agency }),
    )
  }
}

/** Nobody gives what they do not have, nor gets it by the password of somebody who has. */
function checkClearance(scope: Scope, clearance: Tlp): void {
  if (!mayRead(scope, clearance)) throw new VonggacError('forbidden', say('clearance-beyond-own', { own: scope.tlp }))
}

async function keepAnAdministrator(users: UserStore, scope: Scope, before: UserRecord, after: UserRecord): Promise<void> {
  if (!isInstallationAdministrator(before) || isInstallationAdministrator(after)) return
  if ((await users.countInstallationAdministrators(scope)) > 1) return
  throw new VonggacError('conflict', say('administrator-last'))
}

/** What the audit chain says of a change: old and new value of what differs; of a password only that it changed. */
function differences(before: UserRecord, after: UserRecord): Record<string, unknown> {
  const changes: Record<string, unknown> = {}
  for (const field of ['displayName', 'role', 'agency', 'clearance', 'disabled'] as const) {
    if (before[field] !== after[field]) changes[field] = { from: before[field], to: after[field] }
  }
  if (before.passwordHash !== after.passwordHash) changes['password'] = 'changed'
  return changes
}
