import { csrfHeader, roleIncludes, say, VonggacError, type Role, type Scope } from '@vonggac/contract'
import type { FastifyRequest } from 'fastify'
import { constantTimeEquals, csrfTokenOf, type ActiveSession, type Sessions } from './sessions.ts'

/** Who may pass to a route, judged by the headers alone, before a body is read. */
export interface Gate {
  readonly sessions: Sessions
  readonly cookieName: string
  /** The only origin whose pages may change something; undefined: the one that the request itself is addressed to. */
  readonly publicOrigin: string | undefined
}

/** The scope of a caller without a session: it covers no agency. */
export const anonymousScope: Scope = { agency: '', role: 'viewer', tlp: 'TLP:CLEAR', actor: 'anonymous' }

export function sessionIdOf(gate: Gate, request: FastifyRequest): string | undefined {
  return request.cookies[gate.cookieName]
}

/** Throws `not-signed-in`, `forbidden` or `csrf-mismatch`. */
export async function admit(gate: Gate, request: FastifyRequest, required: Role | 'public'): Promise<Scope> {
  const changes = request.method !== 'GET' && request.method !== 'HEAD'
  if (changes) checkOrigin(gate, request)
  if (required === 'public') return anonymousScope

  const sessionId = sessionIdOf(gate, request)
  const session = await activeSession(gate, sessionId)
  if (changes) checkCsrfToken(request, sessionId!)
  if (!roleIncludes(session.scope.role, required)) {
    throw new VonggacError('forbidden', say('role-needed', { required, role: session.scope.role }))
  }
  return session.scope
}

async function activeSession(gate: Gate, sessionId: string | undefined): Promise<ActiveSession> {
  const session = sessionId === undefined ? undefined : await gate.sessions.find(sessionId)
  if (!session) throw new VonggacError('not-signed-in', say('session-missing'))
  return session
}

/**
 * A browser names the page's origin in each request that changes something; one from a foreign page is refused. Programs send no
 * origin, and need none: they hold no cookie that a foreign page could make use of.
 */
function checkOrigin(gate: Gate, request: FastifyRequest): void {
  const { origin } = request.headers
  const site = request.headers['sec-fetch-site']
  const same =
    origin === undefined
      ? site === undefined || site === 'same-origin' || site === 'none'
      : gate.publicOrigin === undefined
        ? hostOf(origin) === request.headers.host
        : origin === gate.publicOrigin
  if (!same) {
    const expected = gate.publicOrigin ?? request.headers.host
    throw new VonggacError('csrf-mismatch', say('origin-foreign', { origin: origin ?? 'another site', expected: expected ?? '' }))
  }
}

function checkCsrfToken(request: FastifyRequest, sessionId: string): void {
  const token = request.headers[csrfHeader]
  if (typeof token !== 'string' || !constantTimeEquals(token, csrfTokenOf(sessionId))) {
    throw new VonggacError('csrf-mismatch', say('csrf-missing', { header: csrfHeader }))
  }
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}
