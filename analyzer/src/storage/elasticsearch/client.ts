/**
 * The connection to an Elasticsearch server or cluster, version 8 or 9. The client library speaks the language of version 9 and says so in
 * its headers, which version 8 refuses; so the server is asked for its version once, before the first request, and an 8 is
 * spoken to as an 8. What the product sends and reads is the same in both.
 */
import { Client, Transport } from '@elastic/elasticsearch'
import { VonggacError } from '@vonggac/contract'
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { storeFailed } from './trouble.ts'

export type { Client }

export interface ElasticsearchConfig {
  /** Addresses such as `https://search-1.city.example:9200`; one is enough, several survive the loss of one. */
  readonly nodes: readonly string[]
  /** In the encoded form that Elasticsearch gives out. Either this, or a user's name and password, or neither. */
  readonly apiKey?: string | undefined
  readonly username?: string | undefined
  readonly password?: string | undefined
  /** Certificates (PEM) that the servers' are signed by, where the system does not trust them already. */
  readonly caFile?: string | undefined
  /** For one request; 30 s by default. */
  readonly requestTimeoutMs?: number | undefined
}

/**
 * Makes no request yet. Throws `invalid-configuration` where the configuration cannot be right. Every request fails at once: who can wait
 * uses `retrying`. Whoever makes the client closes it.
 */
export function connectElasticsearch(config: ElasticsearchConfig): Client {
  const auth = authOf(config)
  return new Client({
    nodes: config.nodes.map(checkedNode),
    ...(auth && { auth }),
    ...(config.caFile !== undefined && { tls: { ca: certificates(config.caFile) } }),
    requestTimeout: config.requestTimeoutMs ?? 30_000,
    maxRetries: 0,
    Transport: NegotiatingTransport,
  })
}

function authOf({ apiKey, username, password }: ElasticsearchConfig) {
  if (apiKey !== undefined && username !== undefined) throw misconfigured('Give an API key or a user name for Elasticsearch, not both.')
  if (apiKey !== undefined) return { apiKey }
  if (username === undefined && password === undefined) return undefined
  if (username === undefined || password === undefined) throw misconfigured('A user of Elasticsearch has a name and a password: give both.')
  return { username, password }
}

function checkedNode(node: string): string {
  if (URL.canParse(node) && /^https?:$/.test(new URL(node).protocol)) return node
  throw misconfigured(`"${node}" is not an address of Elasticsearch. It looks like https://search.example:9200.`)
}

/** Node takes whatever it is given, and then trusts nobody: a file without a certificate is told apart here. */
function certificates(file: string): string {
  try {
    const pem = readFileSync(file, 'utf8')
    void new X509Certificate(pem)
    return pem
  } catch (error) {
    throw misconfigured(`The certificate file ${file} of Elasticsearch cannot be read: ${(error as Error).message}`)
  }
}

function misconfigured(detail: string): VonggacError {
  return new VonggacError('invalid-configuration', detail)
}

type Params = Parameters<Transport['request']>[0]
type Options = Parameters<Transport['request']>[1]

/** The content types of the server's own version, in which the library's are replaced. */
interface Language {
  readonly json: string
  readonly ndjson: string
}

class NegotiatingTransport extends Transport {
  #asked: Promise<Language | undefined> | undefined

  override async request(params: Params, options?: Options): Promise<never> {
    // A failed question is asked again with the next request: the server may be starting.
    this.#asked ??= this.#askLanguage().catch((error: unknown) => {
      this.#asked = undefined
      throw error
    })
    const language = await this.#asked
    if (language === undefined) return (await super.request(params, options)) as never
    const sent = (params.bulkBody ?? null) === null ? language.json : language.ndjson
    const headers = { ...options?.headers, accept: language.json, 'content-type': sent }
    return (await super.request(params, { ...options, headers })) as never
  }

  /** Undefined where the library's own language is right. */
  async #askLanguage(): Promise<Language | undefined> {
    const plain = { headers: { accept: 'application/json', 'content-type': 'application/json' } }
    const root = (await super.request({ method: 'GET', path: '/' }, plain)) as { readonly version?: { readonly number?: string } }
    const number = root.version?.number ?? 'unknown'
    const major = Number.parseInt(number, 10)
    if (major >= 9) return undefined
    if (major === 8) return { json: compatible('json', 8), ndjson: compatible('x-ndjson', 8) }
    throw storeFailed('cannot be used', new Error(`the server is of version ${number}, and 8 or 9 is needed`))
  }
}

function compatible(format: string, major: number): string {
  return `application/vnd.elasticsearch+${format}; compatible-with=${major}`
}
