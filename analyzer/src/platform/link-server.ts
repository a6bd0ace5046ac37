import { randomUUID } from 'node:crypto'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import {
  batchHeaderName,
  batchHeaderSchema,
  batchLimits,
  certificateRequestSchema,
  collectorCountersSchema,
  linkPaths,
  trialAnswerSchema,
  VonggacError,
  type Assignment,
  type BatchHeader,
  type BatchReceipt,
  type CertificateGrant,
  type CollectorCounters,
  type CountersReceipt,
  type TrialAnswer,
  type TrialOrder,
} from '@vonggac/contract'
import fastify, { LogController, type FastifyBaseLogger, type FastifyInstance, type FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { answerError, answerNotFound } from './problems.ts'
import { constantTimeEquals } from './sessions.ts'

/** What takes a collector's data; `ingest` does. */
export interface LinkReceiver {
  /** Resolves when the batch is stored, evaluated and its alerts are written. A repeat stores nothing. */
  receive(header: BatchHeader, bytes: Uint8Array): Promise<BatchReceipt>
  counters(counters: CollectorCounters): Promise<void>
}

export interface LinkServerOptions {
  readonly receiver: LinkReceiver
  /** What collectors are to know of sources now. */
  readonly assignments: { readonly current: Assignment }
  /** Parsers that people try out; an order is given to the collector that asks first. */
  readonly trials: {
    next(signal: AbortSignal): Promise<TrialOrder | undefined>
    answer(id: string, answer: TrialAnswer): void
    /** Ends the waiting of all. */
    close(): void
  }
  /** Vouches for collectors. */
  readonly authority: { readonly certificate: string; issueServer(request: string): Promise<{ readonly certificate: string }> }
  readonly secret: string
  readonly logger: FastifyBaseLogger
}

const inflate = promisify(gunzip)

/** The collectors' door (contract: link.ts), on a port of its own. */
export function createLinkServer({ receiver, assignments, trials, authority, secret, logger }: LinkServerOptions): FastifyInstance {
  if (secret.length < 16)
    throw new VonggacError('invalid-configuration', 'The link secret has fewer than 16 characters; make a longer one.')
  const app = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    bodyLimit: batchLimits.bodyBytes,
    // After an outage a batch may span thousands of sources and minutes, each with a tally in the header.
    http: { maxHeaderSize: 2 * 1024 * 1024 },
    requestTimeout: 60_000,
    forceCloseConnections: true,
  })
  app.setErrorHandler(answerError)
  app.setNotFoundHandler(answerNotFound)
  app.addContentTypeParser('application/x-ndjson', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.addHook('onRequest', async (request) => authenticate(request, secret))

  const underWay = finishBeforeClose(app)

  app.route({
    method: 'POST',
    url: linkPaths.batches,
    handler: async (request) => {
      const [header, bytes] = [headerOf(request), await bodyOf(request)]
      underWay.add(request)
      return receiver.receive(header, bytes)
    },
  })
  app.route({
    method: 'POST',
    url: linkPaths.counters,
    handler: async (request) => {
      await receiver.counters(check(collectorCountersSchema, request.body, 'body'))
      return { assignment: assignments.current.version } satisfies CountersReceipt
    },
  })
  app.route({ method: 'GET', url: linkPaths.assignment, handler: async () => assignments.current })
  app.addHook('preClose', async () => trials.close())
  app.route({
    method: 'GET',
    url: linkPaths.trials,
    handler: async (request, reply) => {
      const gone = new AbortController()
      reply.raw.once('close', () => gone.abort())
      const order = await trials.next(gone.signal)
      return order ?? reply.code(204).send()
    },
  })
  app.route<{ Params: { id: string } }>({
    method: 'POST',
    url: `${linkPaths.trials}/:id`,
    handler: async ({ params, body }, reply) => {
      trials.answer(params.id, check(trialAnswerSchema, body, 'body'))
      return reply.code(204).send()
    },
  })
  app.route({
    method: 'POST',
    url: linkPaths.certificate,
    handler: async ({ body }) => {
      const { certificate } = await authority.issueServer(check(certificateRequestSchema, body, 'body').request)
      return { certificate, authority: authority.certificate } satisfies CertificateGrant
    },
  })
  return app
}

/** What is in the set is answered before the server closes, and so before the stores are: a batch cut off half-way would only be sent again. */
function finishBeforeClose(app: FastifyInstance): Set<FastifyRequest> {
  const underWay = new Set<FastifyRequest>()
  let onLast = () => {}
  app.addHook('onResponse', async (request) => {
    underWay.delete(request)
    if (underWay.size === 0) onLast()
  })
  app.addHook('preClose', async () => {
    if (underWay.size > 0) await new Promise<void>((resolve) => (onLast = resolve))
  })
  return underWay
}

function headerOf(request: FastifyRequest): BatchHeader {
  const header = parseJson(batchHeaderSchema, request.headers[batchHeaderName], batchHeaderName)
  if (header.last < header.first) {
    throw new VonggacError('invalid-batch', `${batchHeaderName}: the batch ends (${header.last}) before it begins (${header.first}).`)
  }
  return header
}

function authenticate(request: FastifyRequest, secret: string): void {
  const token = /^Bearer +(.+)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (token === undefined || !constantTimeEquals(token, secret)) {
    throw new VonggacError('unknown-token', 'The link secret is missing or wrong; collector and analyzer must be given the same one.')
  }
}

/** The body as NDJSON bytes. A small body must not become an endless one: unpacked, it stays within the same bound. */
async function bodyOf(request: FastifyRequest): Promise<Uint8Array> {
  const { body } = request
  if (!Buffer.isBuffer(body)) throw new VonggacError('invalid-batch', 'Send the batch as application/x-ndjson.')
  const encoding = request.headers['content-encoding'] ?? 'identity'
  if (encoding === 'identity') return body
  if (encoding !== 'gzip') throw new VonggacError('invalid-batch', `content-encoding ${encoding} is not known here; use gzip or none.`)
  try {
    return await inflate(body, { maxOutputLength: batchLimits.bodyBytes })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new VonggacError('too-large', `Unpacked, the batch is larger than ${batchLimits.bodyBytes} bytes.`, { cause: error })
    }
    throw new VonggacError('invalid-batch', 'The body says that it is gzip and is not.', { cause: error })
  }
}

function parseJson<T>(schema: z.ZodType<T>, text: string | string[] | undefined, name: string): T {
  if (typeof text !== 'string') throw new VonggacError('invalid-batch', `The header ${name} is missing.`)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new VonggacError('invalid-batch', `The header ${name} is not JSON.`, { cause: error })
  }
  return check(schema, value, name)
}

function check<T>(schema: z.ZodType<T>, value: unknown, name: string): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const places = parsed.error.issues.map((issue) => ({ path: [name, ...issue.path].join('.'), message: issue.message }))
  throw new VonggacError('invalid-batch', places.map(({ path, message }) => `${path}: ${message}`).join('; '), { places })
}
