import { once } from 'node:events'
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Cut {
  /** Counted from 1, from now on. */
  readonly request: number
  /** `before`: the server never hears of it. `after`: it is carried out, and the answer is lost. */
  readonly when: 'before' | 'after'
  /** `once`: the next request goes through. `forever`: as for a process that was killed. */
  readonly how: 'once' | 'forever'
}

/** Stands between a client and a server, and cuts the connection at a request of choice. */
export class CuttingProxy {
  readonly #target: URL
  readonly #server: Server
  #seen = 0
  #cut: Cut | undefined

  private constructor(target: string) {
    this.#target = new URL(target)
    this.#server = createServer((incoming, outgoing) => this.#pass(incoming, outgoing))
  }

  static async start(target: string): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(target)
    proxy.#server.listen(0, '127.0.0.1')
    await once(proxy.#server, 'listening')
    return proxy
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** True where the cut was reached. */
  get hasCut(): boolean {
    return this.#cut !== undefined && this.#seen >= this.#cut.request
  }

  cut(cut: Cut): void {
    this.#cut = cut
    this.#seen = 0
  }

  heal(): void {
    this.#cut = undefined
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    this.#seen++
    const cut = this.#cut
    const isNow = cut !== undefined && (this.#seen === cut.request || (cut.how === 'forever' && this.#seen > cut.request))
    if (isNow && (cut.when === 'before' || this.#seen > cut.request)) return void incoming.socket.destroy()
    const { method, url, headers } = incoming
    const forward = request({ host: this.#target.hostname, port: this.#target.port, method, path: url, headers, agent: false })
    forward.on('response', (response) => {
      if (isNow) return void response.resume().on('end', () => incoming.socket.destroy())
      outgoing.writeHead(response.statusCode!, response.headers)
      response.pipe(outgoing)
    })
    forward.on('error', () => incoming.socket.destroy())
    incoming.pipe(forward)
  }
}
