import type { Route, RouteName, RouteReply, RouteRequest, Routes, Scope } from '@vonggac/contract'

/** What a handler of a route without a JSON reply may return: a file to be downloaded. */
export interface Download {
  readonly fileName: string
  readonly bytes: Uint8Array
}

/** The HTTP side of a call, for the few handlers that need it (signing in and out). */
export interface Exchange {
  readonly remoteAddress: string
  readonly userAgent: string
  /** The session's id from the cookie. */
  readonly sessionId: string | undefined
  setSession(id: string, expiresAt: Date): void
  clearSession(): void
}

type Reply<R extends Route> = R['reply'] extends undefined ? void | Download : RouteReply<R>

/** Request parts are validated; the scope is the session's (for a public route: of an anonymous viewer who sees nothing). */
export type Handler<R extends Route> = (request: RouteRequest<R>, scope: Scope, exchange: Exchange) => Promise<Reply<R>>

/** One handler for each route: `compose.ts` puts the modules' parts together, and a missing one does not compile. */
export type Handlers = { readonly [Name in RouteName]: Handler<Routes[Name]> }
