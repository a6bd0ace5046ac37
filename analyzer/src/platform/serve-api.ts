import { Readable } from 'node:stream'
import { problemSchema, routes, type Route, type RouteName, type Scope } from '@vonggac/contract'
import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema } from 'fastify'
import { admit, sessionIdOf, type Gate } from './gate.ts'
import type { Download, Exchange, Handlers, StreamedDownload } from './handler.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Set before the handler of an API route runs. */
    scope: Scope | null
  }
}

export interface ApiOptions {
  readonly gate: Gate
  readonly secureCookies: boolean
  /** Sign-in and set-up: tries per address and minute. */
  readonly triesPerMinute: number
}

const guarded: readonly RouteName[] = ['signIn', 'setup']

type AnyHandler = (request: { params: unknown; query: unknown; body: unknown }, scope: Scope, exchange: Exchange) => Promise<unknown>

/** Registers every operation of the contract: gate, validation, handler, validated reply. */
export function serveApi(app: FastifyInstance, handlers: Handlers, options: ApiOptions): void {
  app.decorateRequest('scope', null)
  for (const name of Object.keys(routes) as RouteName[]) {
    const route: Route = routes[name]
    // The types of a route and its handler are tied together in `Handlers`; a loop over all of them cannot express it.
    const handler = handlers[name] as unknown as AnyHandler
    app.route({
      method: route.method,
      url: route.path,
      schema: schemaOf(name, route),
      ...(guarded.includes(name) ? { config: { rateLimit: { max: options.triesPerMinute, timeWindow: '1 minute' } } } : {}),
      // After the rate limit, which comes with onRequest: whoever does not get through is counted too. Before the body is read.
      preParsing: async (request) => {
        request.scope = await admit(options.gate, request, route.role)
      },
      handler: async (request, reply) => {
        const parts = { params: request.params, query: request.query, body: request.body }
        const result = await handler(parts, request.scope!, exchangeOf(request, reply, options))
        return answer(reply, route, result)
      },
    })
  }
}

function answer(reply: FastifyReply, route: Route, result: unknown): FastifyReply {
  // A session's data is nobody's to keep: neither a proxy's nor the browser's disk.
  reply.header('cache-control', 'private, no-cache')
  if (route.reply) return reply.send(result)
  if (route.produces === undefined) return reply.code(204).send()
  const file = result as Download | StreamedDownload
  const { fileName } = file
  reply.header('content-disposition', `attachment; filename="${asciiName(fileName)}"; filename*=UTF-8''${encodeURIComponent(fileName)}`)
  if ('chunks' in file) {
    return reply
      .type(file.type)
      .headers(file.headers ?? {})
      .send(Readable.from(file.chunks, { objectMode: false }))
  }
  return reply.type(route.produces).send(Buffer.from(file.bytes.buffer, file.bytes.byteOffset, file.bytes.byteLength))
}

/** For clients that do not read `filename*` (RFC 6266): the name without what they may stumble over. */
function asciiName(fileName: string): string {
  return fileName
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replaceAll('đ', 'd')
    .replaceAll('Đ', 'D')
    .replace(/[^\w. -]/g, '_')
}

function exchangeOf(request: FastifyRequest, reply: FastifyReply, { gate, secureCookies }: ApiOptions): Exchange {
  const cookie = { httpOnly: true, sameSite: 'strict', path: '/', secure: secureCookies } as const
  return {
    get signal() {
      return goneSignal(reply)
    },
    remoteAddress: request.ip,
    userAgent: (request.headers['user-agent'] ?? '').slice(0, 300),
    sessionId: sessionIdOf(gate, request),
    setSession: (id, expires) => void reply.setCookie(gate.cookieName, id, { ...cookie, expires }),
    clearSession: () => void reply.clearCookie(gate.cookieName, cookie),
  }
}

function goneSignal(reply: FastifyReply): AbortSignal {
  const gone = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort()
  })
  return gone.signal
}

function schemaOf(name: RouteName, route: Route): FastifySchema {
  const problem = { description: 'A problem (RFC 9457)', content: { 'application/problem+json': { schema: problemSchema } } }
  return {
    operationId: name,
    summary: route.summary,
    description: route.role === 'public' ? 'Open to everybody.' : `For the role ${route.role} and those above it.`,
    tags: [route.tag],
    ...(route.role === 'public' ? { security: [] } : {}),
    ...(route.params ? { params: route.params } : {}),
    ...(route.query ? { querystring: route.query } : {}),
    ...(route.body ? { body: route.body } : {}),
    response: { ...(route.reply ? { 200: route.reply } : {}), '4xx': problem, '5xx': problem },
  } as FastifySchema
}
