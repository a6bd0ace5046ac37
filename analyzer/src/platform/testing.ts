import { routes, type RouteName, type Scope } from '@vonggac/contract'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { createApiServer, createGate, type ApiServerOptions } from './api-server.ts'
import type { Clock } from './clock.ts'
import type { Handlers } from './handler.ts'
import { csrfTokenOf, type Sessions } from './sessions.ts'
import { Stream, type StreamOptions } from './stream.ts'

/** A clock that a test moves on. */
export class TestClock implements Clock {
  #now: number
  constructor(start = '2026-03-01T08:00:00.000Z') {
    this.#now = Date.parse(start)
  }
  now(): Date {
    return new Date(this.#now)
  }
  advance(milliseconds: number): void {
    this.#now += milliseconds
  }
}

/** Every handler, of which only the given ones may be called. */
export function someHandlers(given: Partial<Handlers>): Handlers {
  const missing = (name: string) => () => Promise.reject(new Error(`no handler for ${name} in this test`))
  return Object.fromEntries((Object.keys(routes) as RouteName[]).map((name) => [name, given[name] ?? missing(name)])) as unknown as Handlers
}

export interface TestServer {
  readonly app: FastifyInstance
  readonly stream: Stream
  /** What was logged, as JSON lines. */
  readonly log: string[]
}

export interface TestServerOptions extends Partial<Pick<ApiServerOptions, 'consoleFolder' | 'limits' | 'health'>> {
  readonly handlers?: Partial<Handlers>
  readonly sessions: Sessions
  readonly publicUrl?: string
  readonly stream?: StreamOptions
}

/** The real server with everything on it, for `inject`. */
export async function testServer({
  handlers = {},
  sessions,
  publicUrl,
  stream: streamOptions,
  ...options
}: TestServerOptions): Promise<TestServer> {
  const log: string[] = []
  const gate = createGate(sessions, publicUrl)
  const stream = new Stream(gate, streamOptions)
  const app = await createApiServer({
    handlers: someHandlers(handlers),
    gate,
    secure: gate.secure,
    stream,
    health: async () => ({ test: 'ready' }),
    registry: new Registry(),
    logger: pino({ level: 'info' }, { write: (line: string) => void log.push(line) }),
    version: '0.0.0',
    consoleFolder: undefined,
    ...options,
  })
  return { app, stream, log }
}

/** Sessions that a test knows by name: the cookie `viewer` belongs to the scope given under it. */
export function fixedSessions(scopes: Readonly<Record<string, Scope>>): Sessions {
  return { find: async (id) => (scopes[id] ? { scope: scopes[id] } : undefined) }
}

/** The headers of a browser that holds the session and its CSRF token. */
export function asBrowser(sessionId: string, cookieName = 'vonggac'): { cookie: string; 'x-csrf-token': string } {
  return { cookie: `${cookieName}=${sessionId}`, 'x-csrf-token': csrfTokenOf(sessionId) }
}
