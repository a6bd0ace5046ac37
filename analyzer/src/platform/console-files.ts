import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { answerNotFound } from './problems.ts'

const notBuilt = 'The console is not built. Run: npm run build'

/**
 * Serves the built console from its folder. Files under assets/ carry a hash of their content in their name and are kept for ever;
 * an address that is no file is one of the console's own pages, so it gets index.html.
 */
export async function serveConsole(app: FastifyInstance, folder: string | undefined): Promise<void> {
  const built = folder !== undefined && existsSync(join(folder, 'index.html'))
  if (built) {
    await app.register(fastifyStatic, {
      root: folder,
      cacheControl: false,
      setHeaders: (reply, path) => {
        const hashed = path.startsWith(join(folder, 'assets'))
        reply.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache')
      },
    })
  }
  app.setNotFoundHandler((request, reply) => {
    if (!isPage(request)) return answerNotFound(request, reply)
    return built ? reply.sendFile('index.html') : page(reply)
  })
}

function page(reply: FastifyReply): FastifyReply {
  return reply.code(503).type('text/plain; charset=utf-8').send(notBuilt)
}

/** A person's browser asks for a page; everything else deserves a plain "not found". */
function isPage(request: FastifyRequest): boolean {
  const wantsPage = (request.method === 'GET' || request.method === 'HEAD') && (request.headers.accept ?? '').includes('text/html')
  return wantsPage && !/^\/(api|assets)(\/|$|\?)/.test(request.url)
}
