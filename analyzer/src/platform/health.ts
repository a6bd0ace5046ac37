import type { FastifyInstance } from 'fastify'

/** Each part's state in one word; the whole is `ready` only when all are. */
export type HealthCheck = () => Promise<Readonly<Record<string, 'ready' | 'degraded' | 'failed'>>>

/** `/healthz`: 200 while work gets done (also when degraded), 503 when a part has failed. */
export function serveHealth(app: FastifyInstance, check: HealthCheck): void {
  app.get('/healthz', { schema: { hide: true } as object, config: { rateLimit: false } }, async (_request, reply) => {
    const parts = await check().catch(() => ({ health: 'failed' as const }))
    const states = Object.values(parts)
    const state = states.includes('failed') ? 'failed' : states.includes('degraded') ? 'degraded' : 'ready'
    return reply
      .code(state === 'failed' ? 503 : 200)
      .header('cache-control', 'no-store')
      .send({ state, parts })
  })
}
