/** Why a value cannot be what its modifiers ask for; whoever knows the place turns it into a diagnostic. */
export class ValueProblem extends Error {
  readonly code: string
  readonly suggestion: string | undefined

  constructor(code: string, message: string, suggestion?: string) {
    super(message)
    this.code = code
    this.suggestion = suggestion
  }
}
