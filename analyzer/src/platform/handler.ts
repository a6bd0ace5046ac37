import type { Route, RouteName, RouteReply, RouteRequest, Routes, Scope } from '@vonggac/contract'

/** What a handler of a route without a JSON reply may return: a file to be downloaded. */
export interface Download {
  readonly fileName: string
  readonly bytes: Uint8Array
}

/** A file that is made while it is sent; where making it fails, the connection is cut, so that nobody takes a part for the whole. */
export interface StreamedDownload {
  readonly fileName: string
  /** Instead of the route's own media type. */
  readonly type: string
  readonly chunks: AsyncIterable<Uint8Array>
  readonly headers?: Readonly<Record<string, string>>
}

/** The HTTP side of a call, for the few handlers that need it. */
export interface Exchange {
  /** Aborted when the caller goes away before the answer is sent. */
  readonly signal: AbortSignal
  readonly remoteAddress: string
  readonly userAgent: string
  /** The session's id from the cookie. */
  readonly sessionId: string | undefined
  setSession(id: string, expiresAt: Date): void
  clearSession(): void
}

type Reply<R extends Route> = R['reply'] extends undefined ? void | Download | StreamedDownload : RouteReply<R>

/** Request parts are validated; the scope is the session's (for a public route: of an anonymous viewer who sees nothing). */
export type Handler<R extends Route> = (request: RouteRequest<R>, scope: Scope, exchange: Exchange) => Promise<Reply<R>>

/** One handler for each route: `compose.ts` puts the modules' parts together, and a missing one does not compile. */
export type Handlers = { readonly [Name in RouteName]: Handler<Routes[Name]> }
