import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Server as NetServer } from 'node:net'
import { isVonggacError, VonggacError } from '@vonggac/contract'
import type { Logger } from 'pino'
import { closeServer, listen, type RunningServer } from '../../platform/index.ts'
import { createTlsServer, type TlsCallbacks, type TlsOptions } from '../../tls/index.ts'
import { plainAddress } from '../peer.ts'
import type { Endpoint, Exchange } from './exchange.ts'
import type { Reception } from './reception.ts'
import { endpointsFor } from './routes.ts'

export interface HttpListenOptions {
  readonly host: string
  readonly port: number
}

const mostConnections = 1_000
const headersMs = 20_000
const idleMs = 60_000
const patienceAtStopMs = 2_000

/**
 * Everything that is collected over HTTP, on one port (docs/sources): each request belongs to the source of its token.
 * @throws ListenError
 */
export async function startHttpSource(options: HttpListenOptions, reception: Reception, log: Logger): Promise<RunningServer> {
  const server = makeServer(reception, log)
  server.maxConnections = mostConnections
  server.on('drop', () => reception.intake.drop('http', 'connection-limit'))
  const address = await listen(server, options, 'collector.http.port')
  return { address, stop: () => stop(server, server) }
}

/** The same over TLS. @throws ListenError */
export async function startHttpsSource(
  options: HttpListenOptions & { readonly tls: TlsOptions },
  reception: Reception,
  log: Logger,
): Promise<RunningServer> {
  const server = makeServer(reception, log)
  const onRefused: TlsCallbacks['onRefused'] = (reason, detail) => {
    reception.intake.drop('http-tls', reason)
    log.warn({ reason, detail }, 'an HTTP connection over TLS is refused')
  }
  const onPeer: TlsCallbacks['onPeer'] = (socket, certificate) => {
    if (certificate !== undefined) certificates.set(socket, certificate)
    server.emit('connection', socket)
  }
  const tls = createTlsServer(options.tls, { onPeer, onRefused })
  tls.maxConnections = mostConnections
  tls.on('drop', () => reception.intake.drop('http-tls', 'connection-limit'))
  const address = await listen(tls, options, 'collector.http.tlsPort')
  // It never listens itself; told so, it watches over headers that do not end, and over idle connections.
  server.emit('listening')
  return { address, stop: () => stop(tls, server) }
}

/** Common names of the client certificates of connections. */
const certificates = new WeakMap<object, string>()

/** No limit of the time for a whole request: a journal is uploaded in one that never ends. Bodies have limits of their own. */
function makeServer(reception: Reception, log: Logger): Server {
  const endpointOf = endpointsFor(reception)
  const server = createServer({ requestTimeout: 0, headersTimeout: headersMs }, (request, response) => {
    const exchange = exchangeOf(request, response)
    void answer(endpointOf(exchange.path), exchange, log)
  })
  server.timeout = idleMs
  // Shippers keep connections for the next batch: closed under their hands, it would have to be sent again.
  server.keepAliveTimeout = idleMs
  return server
}

async function answer(endpoint: Endpoint, exchange: Exchange, log: Logger): Promise<void> {
  try {
    await endpoint.handle(exchange)
  } catch (error) {
    if (!isVonggacError(error)) log.error({ error }, 'a request to the HTTP source failed')
    if (exchange.response.headersSent || exchange.response.destroyed) return
    endpoint.fail(
      exchange,
      isVonggacError(error) ? error : new VonggacError('internal', 'The collector failed on the request: see its log.'),
    )
  }
}

function exchangeOf(request: IncomingMessage, response: ServerResponse): Exchange {
  const url = request.url ?? '/'
  const question = url.indexOf('?')
  return {
    request,
    response,
    method: request.method ?? '',
    path: question < 0 ? url : url.slice(0, question),
    query: new URLSearchParams(question < 0 ? '' : url.slice(question)),
    peer: plainAddress(request.socket.remoteAddress),
    certificate: certificates.get(request.socket),
  }
}

/** `listening` is what has the port, `server` what has the requests. */
async function stop(listening: NetServer, server: Server): Promise<void> {
  const closed = closeServer(listening)
  server.closeIdleConnections()
  const force = setTimeout(() => server.closeAllConnections(), patienceAtStopMs)
  await closed
  clearTimeout(force)
}
