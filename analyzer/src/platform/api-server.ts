import { randomUUID } from 'node:crypto'
import compress from '@fastify/compress'
import cookie from '@fastify/cookie'
import etag from '@fastify/etag'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import { say, VonggacError } from '@vonggac/contract'
import fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import type { Registry } from 'prom-client'
import { describeApi } from './api-document.ts'
import { serveConsole } from './console-files.ts'
import type { Gate } from './gate.ts'
import type { Handlers } from './handler.ts'
import { serveHealth, type HealthCheck } from './health.ts'
import { serveMetrics } from './metrics.ts'
import { answerError } from './problems.ts'
import { serveApi } from './serve-api.ts'
import type { Sessions } from './sessions.ts'
import type { Stream } from './stream.ts'

export interface ApiServerOptions {
  readonly handlers: Handlers
  readonly gate: Gate
  readonly stream: Stream
  readonly health: HealthCheck
  readonly registry: Registry
  readonly logger: FastifyBaseLogger
  readonly version: string
  /** People reach the console by https: cookies are then bound to it. */
  readonly secure: boolean
  /** The built console; undefined: the API alone. */
  readonly consoleFolder: string | undefined
  /** Requests per address and minute: of everything, and of sign-in and set-up. */
  readonly limits?: { readonly requests: number; readonly tries: number }
}

/** Cookies named `__Host-` are taken by browsers only over https, for this host alone, from no other page. */
export function createGate(sessions: Sessions, publicUrl: string | undefined): Gate & { readonly secure: boolean } {
  const publicOrigin = publicUrl === undefined ? undefined : new URL(publicUrl).origin
  const secure = publicOrigin?.startsWith('https:') ?? false
  return { sessions, publicOrigin, secure, cookieName: secure ? '__Host-vonggac' : 'vonggac' }
}

/** The server of the API and the console, ready to listen or to be injected into. */
export async function createApiServer(options: ApiServerOptions): Promise<FastifyInstance> {
  const limits = options.limits ?? { requests: 3_000, tries: 20 }
  const app = fastify({
    loggerInstance: options.logger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    // TLS is a reverse proxy's work, on this machine; only it is believed about the caller's address.
    trustProxy: 'loopback',
    bodyLimit: 1024 * 1024,
    requestTimeout: 30_000,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 300 },
    // What the router refuses before there is a route is answered as a problem too.
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
  })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler(answerError)

  await app.register(helmet, helmetOptions(options.secure))
  await app.register(cookie)
  await app.register(rateLimit, {
    max: limits.requests,
    timeWindow: '1 minute',
    errorResponseBuilder: (_request, context) => new VonggacError('too-many-requests', say('address-too-busy', { after: context.after })),
  })
  await app.register(compress, { threshold: 1024 })
  await app.register(etag, { weak: true })
  await describeApi(app, options.version, options.gate.cookieName)
  serveApi(app, options.handlers, { gate: options.gate, secureCookies: options.secure, triesPerMinute: limits.tries })
  options.stream.register(app)
  serveHealth(app, options.health)
  serveMetrics(app, options.registry, options.gate)
  await serveConsole(app, options.consoleFolder)
  return app
}

/** Everything from our own origin; styles may be inline, as the console's component library sets them on elements. */
function helmetOptions(secure: boolean) {
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'", 'data:'],
        objectSrc: ["'none'"],
        baseUri: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: secure ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    referrerPolicy: { policy: 'same-origin' as const },
  }
}
