import { say, systemScope, VonggacError, type AgencyId } from '@vonggac/contract'
import type { AuditRecorder } from '../audit/index.ts'
import type { Exchange, Handlers } from '../platform/index.ts'
import type { Versioned } from '../storage/index.ts'
import type { BackOff } from './back-off.ts'
import { hashPassword, verifyPassword } from './passwords.ts'
import type { SessionStore } from './session-store.ts'
import { auditAgency, scopeOf, withPassword, type UserRecord, type UserStore } from './user-store.ts'

export interface SessionHandlerDependencies {
  readonly users: UserStore
  readonly sessions: SessionStore
  readonly audit: AuditRecorder
  readonly backOff: BackOff
  readonly operator: AgencyId
}

const anybody = systemScope('identity')

export function sessionHandlers(
  dependencies: SessionHandlerDependencies,
): Pick<Handlers, 'signIn' | 'session' | 'signOut' | 'changePassword'> {
  const { users, sessions, audit, backOff, operator } = dependencies

  return {
    async signIn({ body: { userName, password } }, _scope, exchange) {
      backOff.begin(userName, exchange.remoteAddress)
      const user = await users.find(anybody, userName)
      const matches = await verifyPassword(user?.value.passwordHash, password)
      if (!user || !matches || user.value.disabled) {
        await recordRefusal(dependencies, user, matches, exchange)
        throw new VonggacError('wrong-credentials', say('credentials-wrong'))
      }
      backOff.succeed(userName, exchange.remoteAddress)
      if (exchange.sessionId !== undefined) await sessions.end(exchange.sessionId)
      const { id, expiresAt, session } = await sessions.begin(user, exchange)
      await audit.record(scopeOf(user.value), {
        agency: auditAgency(user.value, operator),
        action: 'session.sign-in',
        subject: `user/${user.id}`,
        detail: { remoteAddress: exchange.remoteAddress, userAgent: exchange.userAgent },
      })
      exchange.setSession(id, expiresAt)
      return session
    },

    async session(_request, _scope, exchange) {
      const session = exchange.sessionId === undefined ? undefined : await sessions.describe(exchange.sessionId)
      if (!session) throw new VonggacError('not-signed-in', say('session-ended'))
      return session
    },

    async signOut(_request, scope, exchange) {
      if (exchange.sessionId !== undefined) await sessions.end(exchange.sessionId)
      exchange.clearSession()
      await audit.record(scope, {
        agency: auditAgency({ agency: scope.agency }, operator),
        action: 'session.sign-out',
        subject: `user/${scope.actor}`,
        detail: { remoteAddress: exchange.remoteAddress },
      })
    },

    async changePassword({ body: { current, next } }, scope, exchange) {
      backOff.begin(scope.actor, exchange.remoteAddress)
      const user = await users.find(anybody, scope.actor)
      if (!user || !(await verifyPassword(user.value.passwordHash, current))) {
        throw new VonggacError('invalid-request', say('password-not-present'), {
          places: [{ path: 'body.current', message: 'is not your present password' }],
        })
      }
      backOff.succeed(scope.actor, exchange.remoteAddress)
      const changed = withPassword(user.value, await hashPassword(next))
      const action = {
        agency: auditAgency(user.value, operator),
        action: 'user.change',
        subject: `user/${user.id}`,
        detail: { password: 'changed' },
      }
      await users.serially(() => users.replace(scope, changed, user.version, action))
      if (exchange.sessionId !== undefined) await sessions.keep(exchange.sessionId, changed.sessionGeneration)
    },
  }
}

/** The name of a user who does not exist is not written down: it may be a password typed into the wrong field. */
async function recordRefusal(
  { audit, operator }: SessionHandlerDependencies,
  user: Versioned<UserRecord> | undefined,
  matches: boolean,
  { remoteAddress, userAgent }: Exchange,
): Promise<void> {
  const reason = !user ? 'unknown-user' : !matches ? 'wrong-password' : 'disabled'
  await audit.record(anybody, {
    agency: user ? auditAgency(user.value, operator) : operator,
    action: 'session.refused',
    subject: user ? `user/${user.id}` : 'user/unknown',
    detail: { reason, remoteAddress, userAgent },
  })
}
