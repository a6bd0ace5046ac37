import type { FastifyInstance, FastifyRequest } from 'fastify'
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import { admit, type Gate } from './gate.ts'

export function createRegistry(): Registry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  return registry
}

/** `/metrics` in Prometheus' text format: for programs on this machine, and for administrators. */
export function serveMetrics(app: FastifyInstance, registry: Registry, gate: Gate): void {
  const duration = new Histogram({
    name: 'vonggac_http_request_seconds',
    help: 'Time to answer a request of the API, by route',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  })
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none'
    duration.observe({ method: request.method, route, status: String(reply.statusCode) }, reply.elapsedTime / 1000)
  })
  app.get('/metrics', { schema: { hide: true } as object }, async (request, reply) => {
    if (!isLocal(request)) await admit(gate, request, 'administrator')
    return reply.type(registry.contentType).send(await registry.metrics())
  })
}

/** Behind a proxy on the same machine every request comes from here; then the forwarding header gives the others away. */
function isLocal(request: FastifyRequest): boolean {
  const forwarded = request.headers['x-forwarded-for'] ?? request.headers.forwarded
  return forwarded === undefined && /^(127\.|::1$|::ffff:127\.)/.test(request.socket.remoteAddress ?? '')
}
