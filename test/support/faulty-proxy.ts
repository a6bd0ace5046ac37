import { once } from 'node:events'
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What happens to a request: `undefined` lets it pass. */
export type Fault =
  /** Answered by the proxy; the server never sees it. */
  | { readonly kind: 'answer'; readonly status: number; readonly type: string }
  /** Of a bulk request, the items for which this is true are not passed on, and are answered with 429. */
  | { readonly kind: 'refuse-items'; readonly which: (at: number) => boolean }
  /** Passed on, and the connection is cut instead of an answer. */
  | { readonly kind: 'cut-answer' }
  /** Something happens between the request and its coming to the server. */
  | { readonly kind: 'meanwhile'; readonly happens: () => Promise<void> }
  /** The connection is cut at once. */
  | { readonly kind: 'cut' }

/** Stands between a store and a real Elasticsearch, and does to requests what networks and overloaded servers do. */
export class FaultyProxy {
  readonly #target: URL
  readonly #server: Server
  #fault: (path: string) => Fault | undefined = () => undefined
  /** Requests that met a fault. */
  faults = 0

  private constructor(target: URL) {
    this.#target = target
    this.#server = createServer((incoming, answer) => {
      this.#serve(incoming, answer).catch(() => answer.destroy())
    })
  }

  static async start(target: string): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(new URL(target))
    proxy.#server.listen(0, '127.0.0.1')
    await once(proxy.#server, 'listening')
    return proxy
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** From now on; called for each request with its path. */
  inflict(fault: (path: string) => Fault | undefined): void {
    this.#fault = fault
  }

  heal(): void {
    this.inflict(() => undefined)
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  async #serve(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks)
    const fault = this.#fault(incoming.url!.split('?')[0]!)
    if (fault !== undefined) this.faults++
    switch (fault?.kind) {
      case 'cut':
        incoming.socket.destroy()
        return
      case 'answer':
        reply(answer, fault.status, { error: { type: fault.type, reason: 'inflicted' }, status: fault.status })
        return
      case 'cut-answer':
        await this.#pass(incoming, body)
        incoming.socket.destroy()
        return
      case 'refuse-items':
        await this.#refuseItems(incoming, answer, body, fault.which)
        return
      case 'meanwhile':
      case undefined: {
        await fault?.happens()
        const { status, body: passed } = await this.#pass(incoming, body)
        reply(answer, status, passed)
      }
    }
  }

  async #refuseItems(incoming: IncomingMessage, answer: ServerResponse, body: Buffer, which: (at: number) => boolean): Promise<void> {
    const lines = body.toString().trimEnd().split('\n')
    const kept = lines.filter((_, at) => !which(at >> 1))
    const passed = kept.length === 0 ? { items: [] } : JSON.parse((await this.#pass(incoming, Buffer.from(`${kept.join('\n')}\n`))).body)
    const answered = passed.items.values()
    const refused = { create: { status: 429, error: { type: 'es_rejected_execution_exception', reason: 'inflicted' } } }
    const items = Array.from({ length: lines.length / 2 }, (_, at) => (which(at) ? refused : answered.next().value))
    reply(answer, 200, { errors: true, items })
  }

  #pass(incoming: IncomingMessage, body: Buffer): Promise<{ status: number; body: string }> {
    return new Promise((resolve, reject) => {
      const { host: _, connection: __, 'transfer-encoding': ___, ...headers } = incoming.headers
      const options = { method: incoming.method, headers: { ...headers, 'content-length': body.length } }
      const onward = request(new URL(incoming.url!, this.#target), options, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => resolve({ status: response.statusCode!, body: Buffer.concat(chunks).toString() }))
        response.on('error', reject)
      })
      onward.on('error', reject)
      onward.end(body)
    })
  }
}

function reply(answer: ServerResponse, status: number, body: string | object): void {
  answer.writeHead(status, { 'content-type': 'application/vnd.elasticsearch+json;compatible-with=9', 'x-elastic-product': 'Elasticsearch' })
  answer.end(typeof body === 'string' ? body : JSON.stringify(body))
}
