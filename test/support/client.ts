import {
  csrfHeader,
  routes,
  streamPath,
  type RouteInput,
  type RouteName,
  type RouteReply,
  type Routes,
  type StreamMessage,
} from '@vonggac/contract'

type Input<Name extends RouteName> = Partial<RouteInput<Routes[Name]>>

/** A person at the console, without the console: keeps the session's cookie and CSRF token. */
export class ApiClient {
  readonly #base: string
  #cookie = ''
  #csrf = ''

  constructor(base: string) {
    this.#base = base
  }

  async call<Name extends RouteName>(name: Name, input: Input<Name> = {}): Promise<RouteReply<Routes[Name]>> {
    const response = await this.request(name, input)
    const reply = routes[name].reply
    if (!reply) return undefined as RouteReply<Routes[Name]>
    const body: unknown = await response.json()
    if (typeof body === 'object' && body !== null && 'csrfToken' in body) this.#csrf = String(body.csrfToken)
    return reply.parse(body) as RouteReply<Routes[Name]>
  }

  async download<Name extends RouteName>(name: Name, input: Input<Name> = {}): Promise<Uint8Array> {
    return new Uint8Array(await (await this.request(name, input)).arrayBuffer())
  }

  /** The response of a call that succeeded; throws the problem's text otherwise. */
  async request<Name extends RouteName>(name: Name, input: Input<Name> = {}): Promise<Response> {
    const { method, path } = routes[name]
    const url = new URL(fill(path, input.params), this.#base)
    for (const [key, value] of Object.entries(input.query ?? {})) {
      if (value !== undefined) url.searchParams.set(key, Array.isArray(value) ? value.join(',') : String(value))
    }
    const headers: Record<string, string> = { cookie: this.#cookie, origin: this.#base, [csrfHeader]: this.#csrf }
    if (input.body !== undefined) headers['content-type'] = 'application/json'
    const response = await fetch(url, { method, headers, ...(input.body === undefined ? {} : { body: JSON.stringify(input.body) }) })
    const cookies = response.headers.getSetCookie()
    if (cookies.length > 0) this.#cookie = cookies.map((cookie) => cookie.split(';')[0]).join('; ')
    if (!response.ok) throw new Error(`${method} ${url.pathname}: ${response.status} ${await response.text()}`)
    return response
  }

  /** Hands over each message of the event stream until the signal aborts. */
  async stream(onMessage: (message: StreamMessage) => void, signal: AbortSignal): Promise<void> {
    const response = await fetch(new URL(streamPath, this.#base), {
      headers: { cookie: this.#cookie, accept: 'text/event-stream' },
      signal,
    })
    let rest = ''
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      const blocks = (rest + chunk).split('\n\n')
      rest = blocks.pop()!
      for (const block of blocks) {
        const type = /^event: (.*)$/m.exec(block)?.[1]
        const data = /^data: (.*)$/m.exec(block)?.[1]
        if (type && data) onMessage({ type, ...(JSON.parse(data) as object) } as StreamMessage)
      }
    }
  }
}

function fill(path: string, params: unknown): string {
  return path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String((params as Record<string, unknown>)[name])))
}
