import { errors } from '@elastic/elasticsearch'
import { say, VonggacError } from '@vonggac/contract'

/** The HTTP status of the server's answer; undefined where there was none. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof errors.ResponseError ? error.statusCode : undefined
}

/** The server's own name for what is wrong, such as `index_not_found_exception`. */
export function typeOf(error: unknown): string | undefined {
  return bodyOf(error)?.type
}

/** One item of a bulk request that failed. */
export class ItemError extends Error {
  readonly status: number

  constructor(status: number, error: { readonly type: string; readonly reason?: string | null } | undefined) {
    super(`${error?.type ?? status}: ${error?.reason ?? 'no reason given'}`)
    this.name = 'ItemError'
    this.status = status
  }
}

const passingStatuses = new Set([429, 502, 503, 504])

/** Whether the same request may succeed a little later: overloaded, starting, electing a master, or not to be reached. */
export function isPassing(error: unknown): boolean {
  if (error instanceof ItemError) return passingStatuses.has(error.status)
  if (error instanceof errors.ResponseError) return passingStatuses.has(error.statusCode ?? 0)
  if (error instanceof errors.ConnectionError) return !tlsTroubles.some(([sign]) => sign.test(error.message))
  return error instanceof errors.TimeoutError || error instanceof errors.NoLivingConnectionsError
}

/** `store-failed` for a person: `what` completes "Elasticsearch …", such as "cannot store events". Ours are left as they are. */
export function storeFailed(what: string, cause: unknown): VonggacError {
  if (cause instanceof VonggacError) return cause
  return new VonggacError('store-failed', say('elasticsearch-failed', { what, reason: reasonOf(cause) }), { cause })
}

/** What the TLS library says where no try will ever succeed, and what it means; the first that fits. */
const tlsTroubles: readonly (readonly [sign: RegExp, meaning: string, advice: string])[] = [
  [/altnames/i, 'its certificate is for another address', 'Address it as the certificate does, or have one made for this address'],
  [/certificate (has expired|is not yet valid)/i, 'its certificate is not valid now', 'Renew it, or correct the clock of this machine'],
  [/certificate|self.signed/i, 'its certificate is not trusted', 'Name the file of the authority that signed it as the CA file'],
  [/wrong version number|packet length too long/i, 'it does not speak TLS', 'Its address begins with http, not https'],
]

/** What is wrong and what to do about it, without a full stop. */
function reasonOf(error: unknown): string {
  if (error instanceof errors.TimeoutError) return 'it did not answer in time. Look at its load and at the network'
  if (error instanceof errors.ConnectionError) return connectionReason(error)
  if (error instanceof errors.NoLivingConnectionsError) return 'none of its addresses answers. Check that it runs'
  if (error instanceof errors.ProductNotSupportedError) return 'what answers there is not Elasticsearch. Check the address'
  if (error instanceof errors.ResponseError) return responseReason(error)
  return error instanceof Error ? error.message : String(error)
}

function connectionReason({ message }: errors.ConnectionError): string {
  const trouble = tlsTroubles.find(([sign]) => sign.test(message))
  if (trouble === undefined) return `it cannot be reached (${message}). Check that it runs, and its address`
  const [, meaning, advice] = trouble
  return `${meaning} (${opensslReason.exec(message)?.[1] ?? message}). ${advice}`
}

/** The part for people of `80EC…:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:…`. */
const opensslReason = /:error:\w+:[^:]*:[^:]*:([^:]+)/

function responseReason(error: errors.ResponseError): string {
  const status = error.statusCode
  const { type = '', reason = error.message, additional_unsuccessful_credentials: why } = bodyOf(error) ?? {}
  // Of an API key it says why: it has expired, or was invalidated.
  if (status === 401) return `it refuses the API key or the user name and password${why === undefined ? '' : ` (${why})`}. Check them`
  if (type === 'cluster_block_exception') return `it takes no writes (${reason}). Free disk space, then lift the block of the index`
  if (status === 403) return `the account lacks a privilege (${reason}). See deploy/elasticsearch for the role that is needed`
  if (status === 429) return `it is overloaded (${reason}). Give it more nodes or memory, or wait`
  if (status === 503) return `a part of it is not available (${reason}). Look at the cluster's health`
  return `it answered ${status}: ${reason}`
}

interface ErrorBody {
  readonly type?: string
  readonly reason?: string
  readonly additional_unsuccessful_credentials?: string
}

function bodyOf(error: unknown): ErrorBody | undefined {
  if (!(error instanceof errors.ResponseError)) return undefined
  const body = error.body as { readonly error?: ErrorBody | string } | undefined
  return typeof body?.error === 'object' ? body.error : undefined
}
