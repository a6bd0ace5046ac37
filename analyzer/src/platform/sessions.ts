import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Scope } from '@vonggac/contract'

/** A session that is valid now. */
export interface ActiveSession {
  readonly scope: Scope
}

/** What the server asks of identity: who holds this cookie. */
export interface Sessions {
  /** undefined when there is no such session, it has ended, or its user is disabled. */
  find(sessionId: string): Promise<ActiveSession | undefined>
}

/**
 * The session's CSRF token. It is derived from the session's id, which only the HttpOnly cookie and this server know,
 * so nothing has to be stored and a token is worth nothing with another session.
 */
export function csrfTokenOf(sessionId: string): string {
  return createHmac('sha256', sessionId).update('vonggac csrf').digest('base64url')
}

/** Compares without telling by its time where the texts differ; only a difference in length shows. */
export function constantTimeEquals(left: string, right: string): boolean {
  const a = Buffer.from(left)
  const b = Buffer.from(right)
  return a.length === b.length && timingSafeEqual(a, b)
}
