import {
  mayRead,
  say,
  scopeCovers,
  streamPath,
  VonggacError,
  type AgencyId,
  type Scope,
  type StreamMessage,
  type Tlp,
} from '@vonggac/contract'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Announcer } from './announcer.ts'
import { admit, sessionIdOf, type Gate } from './gate.ts'

export interface StreamOptions {
  /** A comment this often keeps proxies from closing the connection; the session is looked at again at each. */
  readonly heartbeatMs: number
  /** Bytes that may wait for a slow client before it is let go; it comes back and fetches anew. */
  readonly maxBufferedBytes: number
  /** Open streams of one session: a browser's tabs. */
  readonly maxPerSession: number
  readonly maxTotal: number
}

export const streamDefaults: StreamOptions = { heartbeatMs: 15_000, maxBufferedBytes: 1024 * 1024, maxPerSession: 12, maxTotal: 1_000 }

interface Client {
  readonly sessionId: string
  scope: Scope
  readonly reply: FastifyReply
}

/**
 * `GET /api/stream`: server-sent events to open consoles. Nothing is kept for those who are away: a client that comes back (it then sends
 * `last-event-id`) is told with `refetch` that it has missed something.
 */
export class Stream implements Announcer {
  readonly #clients = new Set<Client>()
  readonly #gate: Gate
  readonly #options: StreamOptions
  readonly #heartbeat: NodeJS.Timeout
  #lastId = 0

  constructor(gate: Gate, options: StreamOptions = streamDefaults) {
    this.#gate = gate
    this.#options = options
    this.#heartbeat = setInterval(() => void this.#beat(), options.heartbeatMs)
    this.#heartbeat.unref()
  }

  register(app: FastifyInstance): void {
    app.get(streamPath, { schema: { hide: true } as object, config: { rateLimit: { max: 240 } } }, (request, reply) =>
      this.#open(request, reply),
    )
    // Open streams would keep the server from closing.
    app.addHook('preClose', async () => this.close())
  }

  announce(message: StreamMessage, agency?: AgencyId): void {
    if (this.#clients.size === 0) return
    const text = this.#format(message)
    const label = labelOf(message)
    for (const client of this.#clients) {
      const covered = agency === undefined || scopeCovers(client.scope, agency)
      if (covered && (label === undefined || mayRead(client.scope, label))) this.#write(client, text)
    }
  }

  get size(): number {
    return this.#clients.size
  }

  close(): void {
    clearInterval(this.#heartbeat)
    for (const client of this.#clients) this.#drop(client)
  }

  async #open(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const scope = await admit(this.#gate, request, 'viewer')
    const sessionId = sessionIdOf(this.#gate, request)!
    this.#makeRoom(sessionId)

    const client: Client = { sessionId, scope, reply }
    reply.hijack()
    // What helmet and the others have set so far is not written by itself any more.
    for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) reply.raw.setHeader(name, value)
    reply.raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    })
    this.#clients.add(client)
    reply.raw.on('close', () => this.#clients.delete(client))
    reply.raw.on('error', () => this.#clients.delete(client))
    this.#write(client, 'retry: 2000\n: connected\n\n')
    if (request.headers['last-event-id'] !== undefined) this.#write(client, this.#format({ type: 'refetch' }))
  }

  #makeRoom(sessionId: string): void {
    if (this.#clients.size >= this.#options.maxTotal) {
      throw new VonggacError('busy', say('consoles-too-many'))
    }
    const own = [...this.#clients].filter((client) => client.sessionId === sessionId)
    // The oldest of the session goes: most likely a tab that the network has forgotten.
    if (own.length >= this.#options.maxPerSession) this.#drop(own[0]!)
  }

  #format({ type, ...data }: StreamMessage): string {
    return `id: ${++this.#lastId}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`
  }

  #write(client: Client, text: string): void {
    if (client.reply.raw.writableLength > this.#options.maxBufferedBytes) this.#drop(client)
    else client.reply.raw.write(text)
  }

  #drop(client: Client): void {
    this.#clients.delete(client)
    client.reply.raw.destroy()
  }

  /** A session that has ended takes its streams with it; a changed role or agency counts from here on. */
  async #beat(): Promise<void> {
    for (const client of this.#clients) {
      // A store that does not answer ends no session; the next beat asks again.
      const session = await this.#gate.sessions.find(client.sessionId).catch(() => ({ scope: client.scope }))
      if (!session) this.#drop(client)
      else {
        client.scope = session.scope
        this.#write(client, ': still here\n\n')
      }
    }
  }
}

/** The sharing label of what the message carries. */
function labelOf(message: StreamMessage): Tlp | undefined {
  if (message.type === 'alert') return message.alert.tlp
  return message.type === 'case' ? message.case.tlp : undefined
}
