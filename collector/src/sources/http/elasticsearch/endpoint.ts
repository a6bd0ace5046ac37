import { VonggacError } from '@vonggac/contract'
import type { Frame } from '../../../frame.ts'
import { frameName, placeName, type NamedFrame } from '../../repeats/index.ts'
import { failureHeaders, type Endpoint, type Exchange } from '../exchange.ts'
import { splitLines } from '../lines.ts'
import type { Reception } from '../reception.ts'
import type { RequestFrames } from '../request-frames.ts'
import { inSlices } from '../slices.ts'
import { readBulk, type BulkAction } from './actions.ts'
import { bulkAnswer, itemOf, type BulkItem } from './items.ts'
import { answerProbe } from './probes.ts'

/** Every client of Elastic's turns away from a server that does not say so. */
const product = { 'x-elastic-product': 'Elasticsearch' }
/** A sender that waits sends nothing else: the safest push-back there is. Shippers give up after 30 seconds and more. */
const patienceMs = 5_000
/** Of one request: its answer has an item for each action, and is held in memory. Shippers that hear 413 send less at once. */
const mostLines = 200_000
/** Taken in one go before others get their turn. */
const actionsPerTurn = 250

/**
 * Intake in the words of Elasticsearch's `_bulk`, and of what shippers ask before they use it, at `/` and below the prefix `/elasticsearch`.
 * Each document is a frame of the token's source. `_index` chooses nothing; `_id` with it, and for `index` with the document, tells a repeat;
 * without `_id`, the place at which a Beat read the event.
 */
export class ElasticsearchEndpoint implements Endpoint {
  readonly #reception: Reception

  constructor(reception: Reception) {
    this.#reception = reception
  }

  async handle(exchange: Exchange): Promise<void> {
    const path = exchange.path.replace(/^\/elasticsearch(?=\/|$)/, '').replace(/(?<=.)\/$/, '') || '/'
    const bulk = /^(?:\/([^/]+))?\/_bulk$/.exec(path)
    if (!bulk) return this.#probe(exchange, path)
    if (exchange.method !== 'POST' && exchange.method !== 'PUT') {
      throw new VonggacError('invalid-request', 'Bulk requests are posted: use the method POST.')
    }
    const source = await this.#reception.sourceOf(exchange)
    await this.#reception.room(exchange, patienceMs)
    await this.#reception.withBody(exchange, source, (body, frames) =>
      this.#bulk(exchange, body, frames, source, decodeIndex(bulk[1] ?? '')),
    )
  }

  /**
   * rsyslog, the one shipper that does not say who it is, loses a batch that is answered by 503 with JSON, and doubles one that is answered by 503 with
   * anything else. Cut off, it sends the same batch again.
   */
  fail({ request, response, method }: Exchange, error: VonggacError): void {
    const headers = { ...product, ...failureHeaders(error) }
    if (error.status >= 500) {
      if (request.headers['user-agent'] === undefined) return void request.socket.destroy()
      response.writeHead(error.status, { ...headers, 'content-type': 'text/plain; charset=utf-8' }).end(`${error.message}\n`)
      return
    }
    const type =
      error.status === 401 ? 'security_exception' : error.status === 413 ? 'content_too_long_exception' : 'illegal_argument_exception'
    const cause = { type, reason: error.message }
    const login = error.status === 401 ? { 'www-authenticate': 'Basic realm="vonggac", ApiKey, Bearer realm="vonggac"' } : {}
    response
      .writeHead(error.status, { ...headers, ...login, 'content-type': 'application/json' })
      .end(method === 'HEAD' ? undefined : JSON.stringify({ error: { root_cause: [cause], ...cause }, status: error.status }))
  }

  /** Whoever names no source is told as well: it is no secret that somebody listens here. A wrong token shows at once, though. */
  #probe(exchange: Exchange, path: string): void {
    const { request, response, method, query } = exchange
    const { headers } = request
    if (headers.authorization !== undefined && this.#reception.knownSource(exchange) === undefined) {
      throw new VonggacError('unknown-token', 'No source has this token: give the token of the source as password or API key.')
    }
    const told = answerProbe({ method, path, query, userAgent: headers['user-agent'] ?? '', host: headers.host ?? '' })
    if (!told) throw new VonggacError('not-found', `Nothing is found at ${path}: this is an intake for events, which takes _bulk.`)
    request.resume()
    const text = typeof told.body === 'string' ? told.body : JSON.stringify(told.body)
    const type = typeof told.body === 'string' ? 'text/plain; charset=UTF-8' : 'application/json'
    response.writeHead(told.status, { ...product, 'content-type': type }).end(method === 'HEAD' ? undefined : text)
  }

  async #bulk(exchange: Exchange, body: Buffer, frames: RequestFrames, source: string, index: string): Promise<void> {
    const { intake, maxLineBytes } = this.#reception
    const started = intake.now()
    if (hasMoreLines(body, mostLines)) {
      throw new VonggacError('too-large', `The request has more than ${mostLines} lines: send fewer documents in one.`)
    }
    const items: BulkItem[] = []
    const envelope = { receivedMs: started, source, peer: exchange.peer }
    for (const actions of inSlices(readBulk(body, index, maxLineBytes), actionsPerTurn)) {
      const named = actions.map((action) => frameOf(action, envelope))
      const taken = frames.accept(named.filter((frame) => frame !== undefined))
      let next = 0
      for (const [place, action] of actions.entries()) items.push(itemOf(action, named[place] && taken[next++]))
      for (const action of actions) if (action.kind === 'refused') intake.refuse(source, `bulk-${action.operation}`)
      await new Promise(setImmediate)
    }
    await frames.durable()
    const answer = bulkAnswer(items, intake.now() - started, exchange.query.has('filter_path'))
    exchange.response.writeHead(200, { ...product, 'content-type': 'application/json' }).end(answer)
  }
}

/** The frame of an action, `undefined` for one that has none. */
function frameOf(action: BulkAction, envelope: Pick<Frame, 'receivedMs' | 'source' | 'peer'>): NamedFrame | undefined {
  if (action.kind === 'refused') return undefined
  if (action.kind === 'malformed') return { frame: { ...envelope, flags: action.flags, bytes: action.bytes } }
  const { operation, index, id, document } = action
  const frame = { ...envelope, flags: document.flags, bytes: document.bytes }
  if (document.rejected) return { frame }
  if (id === undefined) return { frame, name: document.object && placeName(envelope.source, document.object) }
  // An `index` may bring another document under the same id: that one is news.
  const content = operation === 'index' ? [document.bytes] : []
  return { frame, name: frameName(envelope.source, index, id, ...content) }
}

function hasMoreLines(body: Buffer, most: number): boolean {
  let count = 0
  for (const _ of splitLines(body)) if (++count > most) return true
  return false
}

function decodeIndex(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
