import { problemSchema, type ErrorCode, type Problem, type Said } from '@vonggac/contract'

/** What the console adds to the contract's codes: the server was not reached, or answered something that the contract does not know. */
export type FailureCode = ErrorCode | 'unreachable' | 'unexpected-reply'

/** The only error that `call` throws (besides an abort): a problem that a person can read. */
export class ApiError extends Error {
  readonly code: FailureCode
  readonly status: number
  readonly title: string
  /** The message, with its codes where it has any. */
  readonly said: Said
  /** Where the request was wrong: one entry a place. */
  readonly places: readonly { readonly path: string; readonly message: string }[]

  constructor(problem: Omit<Problem, 'type' | 'code'> & { code: FailureCode }, cause?: unknown) {
    super(problem.detail, { cause })
    this.name = 'ApiError'
    this.code = problem.code
    this.status = problem.status
    this.title = problem.title
    this.said = problem.said ?? problem.detail
    this.places = problem.errors ?? []
  }
}

/** Reads a reply that is not a success. A body that is no problem+json (a proxy's page) still gives a readable error. */
export async function problemOf(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => undefined)
  const problem = problemSchema.safeParse(body)
  if (problem.success) return new ApiError({ ...problem.data, code: problem.data.code as ErrorCode })
  return new ApiError({
    code: 'unexpected-reply',
    status: response.status,
    title: `HTTP ${response.status}`,
    detail: response.statusText || 'The reply is not in the form that the console expects.',
  })
}

export function isNotSignedIn(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'not-signed-in'
}
