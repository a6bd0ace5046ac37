import type { IncomingMessage, ServerResponse } from 'node:http'
import type { VonggacError } from '@vonggac/contract'

/** One request and its answer. */
export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly method: string
  /** As sent, without the query. */
  readonly path: string
  readonly query: URLSearchParams
  /** IP address of the sender. */
  readonly peer: string
  /** Common name of its verified client certificate. */
  readonly certificate: string | undefined
}

/** What answers requests of one protocol. */
export interface Endpoint {
  /** @throws VonggacError when the sender is to be told that it failed */
  handle(exchange: Exchange): Promise<void>
  /** Tells so as the protocol has it. The rest of the body is not read. */
  fail(exchange: Exchange, error: VonggacError): void
}

/** Seconds after which a sender that was turned away may come again. */
export const retryAfterSeconds = 5

/** Answers with the value as JSON. */
export function sendJson({ response }: Exchange, status: number, value: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value))
}

/** What every answer to a failure says: after it the rest of the body is not read, so the connection cannot be used again. */
export function failureHeaders(error: VonggacError): Record<string, string> {
  return { connection: 'close', ...(error.code === 'busy' && { 'retry-after': String(retryAfterSeconds) }) }
}

/** Answers with problem+json (RFC 9457). */
export function sendProblem({ response }: Exchange, error: VonggacError): void {
  response
    .writeHead(error.status, { 'content-type': 'application/problem+json', ...failureHeaders(error) })
    .end(JSON.stringify(error.toProblem()))
}
