import { say, saidOfIssue, textOf, together, VonggacError, type Said } from '@vonggac/contract'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors, type ZodFastifySchemaValidationError } from 'fastify-type-provider-zod'
import type { z } from 'zod'

/**
 * RFC 9457 answers for whatever goes wrong. A mistake of the caller is told with its places; anything that we did not foresee becomes
 * `internal` with the request's id, under which the log has the cause. No stack ever leaves the process.
 */
export function answerError(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = asVonggacError(thrown, request.id)
  if (error.status >= 500) request.log.error({ err: thrown, requestId: request.id, url: request.url }, error.message)
  else request.log.debug({ code: error.code, requestId: request.id, url: request.url }, error.message)
  return sendProblem(reply, error)
}

export function sendProblem(reply: FastifyReply, error: VonggacError): FastifyReply {
  // A string: problems have a shape of their own, not that of the route's reply.
  return reply
    .code(error.status)
    .header('cache-control', 'no-store')
    .type('application/problem+json')
    .send(JSON.stringify(error.toProblem()))
}

export function answerNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendProblem(reply, new VonggacError('not-found', say('address-unknown', { method: request.method, path: pathOf(request.url) })))
}

function asVonggacError(thrown: unknown, requestId: string): VonggacError {
  if (thrown instanceof VonggacError) return thrown
  if (hasZodFastifySchemaValidationErrors(thrown)) {
    const found = mistakesIn(thrown)
    const detail = together(...found.flatMap(({ path, said }, index) => [index === 0 ? '' : '·', `${path}:`, said]))
    const places = found.map(({ path, said }) => ({ path, message: textOf(said) }))
    return new VonggacError('invalid-request', detail, { places })
  }
  const error = thrown as Partial<FastifyError>
  if (error.statusCode === 413) return new VonggacError('too-large', say('request-too-large'))
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) {
    return new VonggacError('invalid-request', (error.message ?? 'The request cannot be read.').slice(0, 200))
  }
  return new VonggacError('internal', say('request-unforeseen', { request: requestId }), {
    cause: thrown,
  })
}

type Refused = Pick<FastifyError, 'validationContext'> & { readonly validation: readonly ZodFastifySchemaValidationError[] }

/** `body.displayName`, `query.limit`: where in the request each mistake is, and what. */
function mistakesIn({ validationContext, validation }: Refused): { path: string; said: Said }[] {
  const part = validationContext === 'querystring' ? 'query' : (validationContext ?? 'request')
  return validation.map(({ keyword, instancePath, message = 'is not valid', params }) => ({
    path: [part, ...instancePath.split('/').filter(Boolean)].join('.'),
    // The door gives zod's issues in the shape of another validator.
    said: saidOfIssue({ ...params, code: keyword, path: [], message } as unknown as z.core.$ZodIssue),
  }))
}

function pathOf(url: string): string {
  return url.split('?', 1)[0]!
}
