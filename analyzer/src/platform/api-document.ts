import fastifySwagger from '@fastify/swagger'
import fastifySwaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'

/** `/api/openapi.json` and, for people, `/api/docs`. To be registered before the routes that it describes. */
export async function describeApi(app: FastifyInstance, version: string, cookieName: string): Promise<void> {
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Vọng Gác',
        version,
        description:
          'Sign in at POST /api/session: the session is a cookie. Whatever is not a GET also needs the session’s csrfToken in the header x-csrf-token.',
      },
      components: { securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: cookieName } } },
      security: [{ session: [] }],
    },
    transform: jsonSchemaTransform,
  })
  await app.register(fastifySwaggerUi, {
    routePrefix: '/api/docs',
    uiConfig: { deepLinking: true },
    theme: { title: 'Vọng Gác API', css: [{ filename: 'vonggac.css', content: '.swagger-ui .topbar { display: none }' }] },
  })
  app.get('/api/openapi.json', { schema: { hide: true } as object }, async () => app.swagger())
}
