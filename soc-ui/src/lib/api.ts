import { csrfHeader, routes, type RouteInput, type RouteName, type RouteReply, type Routes } from '@vonggac/contract'
import { ApiError, problemOf } from './problem.ts'

type Given<T> = { [K in keyof T as T[K] extends undefined ? never : K]: T[K] }
/** The parts of a request that a route asks for: `params`, `query`, `body`; a query may be left out. */
export type Input<N extends RouteName> = Omit<Given<RouteInput<Routes[N]>>, 'query'> &
  Partial<Pick<Given<RouteInput<Routes[N]>>, 'query' & keyof Given<RouteInput<Routes[N]>>>>
export type Reply<N extends RouteName> = RouteReply<Routes[N]>

interface LooseInput {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, unknown>>
  readonly body?: unknown
}
interface LooseRoute {
  readonly method: string
  readonly path: string
  readonly reply?: { safeParse(value: unknown): { success: true; data: unknown } | { success: false; error: Error } }
}

/** The address of a call: parameters in their places, lists joined by commas, what is undefined or empty left out. */
export function addressOf<N extends RouteName>(name: N, input: Input<N>): string {
  const { params = {}, query = {} } = input as LooseInput
  const path = (routes[name] as LooseRoute).path.replace(/:(\w+)/g, (_, key: string) => encodeURIComponent(params[key] ?? ''))
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) {
    const text = Array.isArray(value) ? value.join(',') : value
    if (text !== undefined && text !== null && text !== '') search.set(key, String(text))
  }
  return search.size > 0 ? `${path}?${search}` : path
}

export interface Download {
  readonly blob: Blob
  readonly fileName: string
}

export interface Client {
  call<N extends RouteName>(name: N, input: Input<N>, signal?: AbortSignal): Promise<Reply<N>>
  /** For the routes that answer with a file. */
  download<N extends RouteName>(name: N, input: Input<N>): Promise<Download>
}

/**
 * A client of the analyzer's API, typed by the contract's routes. It keeps the session's CSRF token, which every reply that carries a session
 * brings, and sends it back with every request that changes something.
 */
export function createClient(send: typeof fetch): Client {
  let csrfToken: string | undefined

  async function request<N extends RouteName>(name: N, input: Input<N>, signal?: AbortSignal): Promise<Response> {
    const { method } = routes[name] as LooseRoute
    const { body } = input as LooseInput
    const headers: Record<string, string> = { accept: 'application/json, application/problem+json, */*' }
    if (body !== undefined) headers['content-type'] = 'application/json'
    if (method !== 'GET' && csrfToken) headers[csrfHeader] = csrfToken
    const options: RequestInit = { method, headers, credentials: 'same-origin' }
    if (body !== undefined) options.body = JSON.stringify(body)
    if (signal) options.signal = signal
    const response = await send(addressOf(name, input), options).catch((cause: unknown) => {
      if (signal?.aborted) throw cause
      throw new ApiError(
        { code: 'unreachable', status: 0, title: 'The server does not answer', detail: 'Check the connection and try again.' },
        cause,
      )
    })
    if (!response.ok) throw await problemOf(response)
    return response
  }

  return {
    async call(name, input, signal) {
      const response = await request(name, input, signal)
      const schema = (routes[name] as LooseRoute).reply
      if (!schema) return undefined as never
      const reply = schema.safeParse(await response.json().catch(() => undefined))
      if (!reply.success) {
        const detail = `${name}: ${reply.error.message}`.slice(0, 500)
        throw new ApiError(
          { code: 'unexpected-reply', status: response.status, title: 'The reply breaks the contract', detail },
          reply.error,
        )
      }
      const data = reply.data as { csrfToken?: unknown }
      if (typeof data.csrfToken === 'string') csrfToken = data.csrfToken
      return data as never
    },

    async download(name, input) {
      const response = await request(name, input)
      return { blob: await response.blob(), fileName: fileNameOf(response.headers.get('content-disposition')) ?? String(name) }
    },
  }
}

/** From `content-disposition`; the encoded form (RFC 6266 `filename*`) wins, since it can carry Vietnamese. */
export function fileNameOf(disposition: string | null): string | undefined {
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition ?? '')?.[1]
  if (encoded) return decodeURIComponent(encoded)
  return /filename="?([^";]+)"?/i.exec(disposition ?? '')?.[1]
}

/** The console's own client. */
export const api: Client = createClient((input, init) => fetch(input, init))
