import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { isVonggacError, VonggacError } from '@vonggac/contract'
import type { Logger } from 'pino'
import { frameFlags, unknownSource } from '../../frame.ts'
import { closeServer, listen, type RunningServer } from '../../platform/index.ts'
import type { Intake } from '../intake.ts'
import { plainAddress } from '../peer.ts'
import { readBody, readHead } from './body.ts'
import { readLines, type RejectedLine } from './lines.ts'
import { Quarantine, quarantineLimits } from './quarantine.ts'
import type { Tokens } from './tokens.ts'

export interface HttpSourceOptions {
  readonly host: string
  readonly port: number
  readonly maxBodyBytes: number
  readonly maxLineBytes: number
}

/** Bodies are held in memory until they are durable; more of them at once are told to come back. */
const mostBodyBytes = 64 * 1024 * 1024
const mostConnections = 1_000
const mostRejectionsTold = 100
const retryAfterSeconds = 5
/** A large body gives way to other senders: UDP above all cannot wait. */
const linesPerTurn = 500

/**
 * `POST /v1/events`: NDJSON, one object a line, `authorization: Bearer <source token>`, gzip accepted. The answer is
 * 202 `{accepted, rejected: [{line, reason, detail}]}` once every line is durable; rejected lines are kept as well and count as rejected.
 * `rejected` lists the first 100, `rejectedTotal` says how many there were.
 * @throws ListenError
 */
export async function startHttpSource(options: HttpSourceOptions, tokens: Tokens, intake: Intake, log: Logger): Promise<RunningServer> {
  const endpoint = new EventsEndpoint(options, tokens, intake)
  const server = createServer({ requestTimeout: 60_000, headersTimeout: 20_000 }, (request, response) => {
    endpoint.handle(request, response).catch((error: unknown) => {
      if (!isVonggacError(error)) log.error({ error }, 'a request to the HTTP source failed')
      sendProblem(
        response,
        isVonggacError(error) ? error : new VonggacError('internal', 'The collector failed on the request: see its log.'),
      )
    })
  })
  server.maxConnections = mostConnections
  server.on('drop', () => intake.drop('http', 'connection-limit'))
  const address = await listen(server, options, 'collector.http.port')
  return {
    address,
    async stop() {
      const closed = closeServer(server)
      server.closeIdleConnections()
      const force = setTimeout(() => server.closeAllConnections(), 2_000)
      await closed
      clearTimeout(force)
    },
  }
}

class EventsEndpoint {
  readonly #options: HttpSourceOptions
  readonly #tokens: Tokens
  readonly #intake: Intake
  readonly #quarantine: Quarantine
  #bodyBytes = 0

  constructor(options: HttpSourceOptions, tokens: Tokens, intake: Intake) {
    this.#options = options
    this.#tokens = tokens
    this.#intake = intake
    this.#quarantine = new Quarantine(intake.now)
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url?.split('?', 1)[0]
    if (path !== '/v1/events') throw new VonggacError('not-found', 'Events are posted to /v1/events.')
    if (request.method !== 'POST') {
      response.setHeader('allow', 'POST')
      throw new VonggacError('invalid-request', 'Events are posted: use the method POST.')
    }
    const source = this.#sourceOf(request)
    if (source === undefined) return this.#refuseSender(request)
    if (this.#intake.congested) {
      throw new VonggacError('busy', 'The journal of the collector cannot take more now: send the same request again in a few seconds.')
    }
    await this.#accept(request, response, source)
  }

  #sourceOf(request: IncomingMessage): string | undefined {
    const token = /^Bearer\s+(\S+)\s*$/i.exec(request.headers.authorization ?? '')?.[1]
    return token === undefined ? undefined : this.#tokens.sourceOf(token)
  }

  async #accept(request: IncomingMessage, response: ServerResponse, source: string): Promise<void> {
    const reserved = Number(request.headers['content-length'] ?? this.#options.maxBodyBytes)
    if (this.#bodyBytes + reserved > Math.max(mostBodyBytes, this.#options.maxBodyBytes)) {
      throw new VonggacError('busy', 'The collector holds too many unfinished requests: send the same request again in a few seconds.')
    }
    this.#bodyBytes += reserved
    this.#intake.connected(source, 1)
    try {
      const body = await readBody(request, this.#options.maxBodyBytes)
      const answer = await this.#journal(body, source, plainAddress(request.socket.remoteAddress))
      sendJson(response, 202, answer)
    } finally {
      this.#bodyBytes -= reserved
      this.#intake.connected(source, -1)
    }
  }

  async #journal(
    body: Buffer,
    source: string,
    peer: string,
  ): Promise<{ accepted: number; rejected: RejectedLine[]; rejectedTotal: number }> {
    const receivedMs = this.#intake.now()
    const rejected: RejectedLine[] = []
    let accepted = 0
    let rejectedTotal = 0
    let last = -1
    for (const line of readLines(body, this.#options.maxLineBytes)) {
      last = this.#intake.accept({ receivedMs, source, peer, flags: line.flags, bytes: line.bytes })
      if (!line.rejected) accepted++
      else if (++rejectedTotal <= mostRejectionsTold) rejected.push(line.rejected)
      if ((accepted + rejectedTotal) % linesPerTurn === 0) await new Promise(setImmediate)
    }
    if (last >= 0) await this.#intake.durable(last)
    return { accepted, rejected, rejectedTotal }
  }

  async #refuseSender(request: IncomingMessage): Promise<never> {
    const { bytes, cut } = await readHead(request, quarantineLimits.bytesPerRequest, this.#options.maxBodyBytes)
    if (this.#quarantine.admit(bytes.length) && !this.#intake.congested) {
      const peer = plainAddress(request.socket.remoteAddress)
      const flags = frameFlags.unknownToken | (cut ? frameFlags.oversize : 0)
      await this.#intake.durable(this.#intake.accept({ receivedMs: this.#intake.now(), source: unknownSource, peer, flags, bytes }))
    } else {
      this.#intake.refuse(unknownSource, 'unknown-token')
    }
    throw new VonggacError('unknown-token', 'No source has this token: send "authorization: Bearer" and the token of the source.')
  }
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}

/** After an error the rest of the body is not read, so the connection cannot be used again. */
function sendProblem(response: ServerResponse, error: VonggacError): void {
  if (response.headersSent || response.destroyed) return
  const headers = { 'content-type': 'application/problem+json', connection: 'close' }
  const more = error.code === 'busy' ? { 'retry-after': String(retryAfterSeconds) } : {}
  response.writeHead(error.status, { ...headers, ...more }).end(JSON.stringify(error.toProblem()))
}
