/**
 * The connection to an Elasticsearch server or cluster, version 8 or 9. The client library speaks the language of version 9 and says so in
 * its headers, which version 8 refuses; so the server is asked for its version once, before the first request, and an 8 is
 * spoken to as an 8. What the product sends and reads is the same in both.
 */
import { Client, Transport } from '@elastic/elasticsearch'
import { VonggacError } from '@vonggac/contract'
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { statusOf, storeFailed } from './trouble.ts'

export type { Client }

/** A secret, or where it is read: at the start, and again whenever the server refuses the one that is used, so that a new one needs no restart. */
export type Secret = string | (() => string)

export interface ElasticsearchConfig {
  /** Addresses such as `https://search-1.city.example:9200`; one is enough, several survive the loss of one. */
  readonly nodes: readonly string[]
  /** In the encoded form that Elasticsearch gives out. Either this, or a user's name and password, or neither. */
  readonly apiKey?: Secret | undefined
  readonly username?: string | undefined
  readonly password?: Secret | undefined
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
  const authorization = authorizationOf(config)
  return new Client({
    nodes: config.nodes.map(checkedNode),
    ...(config.caFile !== undefined && { tls: { ca: certificates(config.caFile) } }),
    requestTimeout: config.requestTimeoutMs ?? 30_000,
    maxRetries: 0,
    Transport: class extends NegotiatingTransport {
      constructor(options: TransportOptions) {
        super(options, authorization)
      }
    },
  })
}

/** What stands in the header `authorization`, read now and anew. */
function authorizationOf({ apiKey, username, password }: ElasticsearchConfig): Authorization | undefined {
  if (apiKey !== undefined && username !== undefined) throw misconfigured('Give an API key or a user name for Elasticsearch, not both.')
  if (apiKey !== undefined) return new Authorization(() => `ApiKey ${valueOf(apiKey)}`)
  if (username === undefined && password === undefined) return undefined
  if (username === undefined || password === undefined) throw misconfigured('A user of Elasticsearch has a name and a password: give both.')
  return new Authorization(() => `Basic ${Buffer.from(`${username}:${valueOf(password)}`).toString('base64')}`)
}

function valueOf(secret: Secret): string {
  return typeof secret === 'string' ? secret : secret()
}

class Authorization {
  readonly #read: () => string
  #header: string

  constructor(read: () => string) {
    this.#read = read
    this.#header = read()
  }

  get header(): string {
    return this.#header
  }

  /** To be called when one was refused: gives whether there is another by now. */
  renew(refused: string | undefined): boolean {
    if (this.#header === refused) this.#header = this.#readAgain()
    return this.#header !== refused
  }

  /** A file that cannot be read now, because it is being replaced perhaps, holds nothing new: what is wrong is that the old one was refused. */
  #readAgain(): string {
    try {
      return this.#read()
    } catch {
      return this.#header
    }
  }
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

type TransportOptions = ConstructorParameters<typeof Transport>[0]
type Params = Parameters<Transport['request']>[0]
type Options = Parameters<Transport['request']>[1]

/** The content types of the server's own version, in which the library's are replaced. */
interface Language {
  readonly json: string
  readonly ndjson: string
}

class NegotiatingTransport extends Transport {
  readonly #authorization: Authorization | undefined
  #asked: Promise<Language | undefined> | undefined

  constructor(options: TransportOptions, authorization: Authorization | undefined) {
    super(options)
    this.#authorization = authorization
  }

  override async request(params: Params, options?: Options): Promise<never> {
    const authorization = this.#authorization
    const used = authorization?.header
    try {
      return await this.#speak(params, options)
    } catch (error) {
      // Nothing was done by a request that was refused.
      if (statusOf(error) === 401 && authorization?.renew(used)) return this.#speak(params, options)
      throw error
    }
  }

  async #speak(params: Params, options: Options): Promise<never> {
    // A failed question is asked again with the next request: the server may be starting.
    this.#asked ??= this.#askLanguage().catch((error: unknown) => {
      this.#asked = undefined
      throw error
    })
    const language = await this.#asked
    if (language === undefined) return this.#send(params, options)
    const sent = (params.bulkBody ?? null) === null ? language.json : language.ndjson
    const headers = { ...options?.headers, accept: language.json, 'content-type': sent }
    return this.#send(params, { ...options, headers })
  }

  async #send(params: Params, options: Options): Promise<never> {
    const authorization = this.#authorization && { authorization: this.#authorization.header }
    return (await super.request(params, { ...options, headers: { ...options?.headers, ...authorization } })) as never
  }

  /** Undefined where the library's own language is right. */
  async #askLanguage(): Promise<Language | undefined> {
    const plain = { headers: { accept: 'application/json', 'content-type': 'application/json' } }
    const root = (await this.#send({ method: 'GET', path: '/' }, plain)) as { readonly version?: { readonly number?: string } }
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
