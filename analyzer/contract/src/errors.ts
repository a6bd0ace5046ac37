import { z } from 'zod'
import { saidSchema, textOf, type Said } from './sentence.ts'

/**
 * The one catalogue of errors: a stable code, an HTTP status and a title. The detail says what happened and what to do about it.
 * On the wire they are RFC 9457 problem+json.
 */
export const errorCatalogue = {
  'invalid-request': { status: 400, title: 'The request is not valid' },
  'invalid-configuration': { status: 500, title: 'The configuration is not valid' },
  'not-signed-in': { status: 401, title: 'Sign in first' },
  'wrong-credentials': { status: 401, title: 'The user name or the password is wrong' },
  'csrf-mismatch': { status: 403, title: 'The request does not carry the session’s CSRF token' },
  forbidden: { status: 403, title: 'Your role does not allow this' },
  'not-found': { status: 404, title: 'There is no such record' },
  conflict: { status: 409, title: 'Somebody changed the record in the meantime' },
  'already-exists': { status: 409, title: 'There is such a record already' },
  'setup-closed': { status: 410, title: 'The set-up link is used up' },
  'too-large': { status: 413, title: 'The request is too large' },
  'too-slow': { status: 422, title: 'The search takes too long' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  'unknown-token': { status: 401, title: 'The source token is not known' },
  'invalid-batch': { status: 422, title: 'The batch cannot be read' },
  'store-failed': { status: 503, title: 'The store does not answer' },
  busy: { status: 503, title: 'The server is busy' },
  internal: { status: 500, title: 'An internal error' },
} as const satisfies Record<string, { status: number; title: string }>

export type ErrorCode = keyof typeof errorCatalogue

export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  /** The detail with the codes by which a console says it in its reader's language; left out where it has none. */
  said: saidSchema.optional(),
  /** Where the request is wrong: one entry a place. */
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
})
export type Problem = z.infer<typeof problemSchema>

export interface ProblemPlace {
  readonly path: string
  readonly message: string
}

/** The only error that our own code throws on purpose. `detail` is for the person who meets it: what happened, what to do. */
export class VonggacError extends Error {
  readonly code: ErrorCode
  /** The detail; its English is the error's message. */
  readonly said: Said
  readonly places: readonly ProblemPlace[] | undefined

  constructor(code: ErrorCode, detail: Said, options: { cause?: unknown; places?: readonly ProblemPlace[] } = {}) {
    super(textOf(detail), options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'VonggacError'
    this.code = code
    this.said = detail
    this.places = options.places
  }

  get status(): number {
    return errorCatalogue[this.code].status
  }

  toProblem(): Problem {
    const { status, title } = errorCatalogue[this.code]
    const errors = this.places?.map((place) => ({ ...place }))
    return {
      type: `urn:vonggac:error:${this.code}`,
      title,
      status,
      code: this.code,
      detail: this.message,
      ...(typeof this.said === 'string' ? {} : { said: this.said }),
      ...(errors ? { errors } : {}),
    }
  }
}

export function isVonggacError(error: unknown, code?: ErrorCode): error is VonggacError {
  return error instanceof VonggacError && (code === undefined || error.code === code)
}

/** What to tell people of something that was thrown. */
export function saidOf(thrown: unknown): Said {
  if (thrown instanceof VonggacError) return thrown.said
  return thrown instanceof Error ? thrown.message : String(thrown)
}
