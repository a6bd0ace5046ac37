/** How the command ends: the meaning of its exit code. */
export const exitCodes = { unexpected: 1, configuration: 2, portInUse: 3, dataFolder: 4, running: 5, damaged: 6 } as const

type FailureKind = keyof typeof exitCodes

/** Something that keeps the platform from starting, told in a sentence that says what to do. */
export class Failure extends Error {
  readonly exitCode: number

  constructor(kind: FailureKind, sentence: string) {
    super(sentence)
    this.name = 'Failure'
    this.exitCode = exitCodes[kind]
  }
}

/** The failure that a process means by its exit code; undefined when it just died. */
export function failureOf(exitCode: number): FailureKind | undefined {
  return (['configuration', 'portInUse', 'dataFolder'] as const).find((kind) => exitCodes[kind] === exitCode)
}
