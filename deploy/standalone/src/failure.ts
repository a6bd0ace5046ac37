/** How the command ends: the meaning of its exit code. */
export const exitCodes = { unexpected: 1, configuration: 2, portInUse: 3, dataFolder: 4, running: 5 } as const

/** Something that keeps the platform from starting, told in a sentence that says what to do. */
export class Failure extends Error {
  readonly exitCode: number

  constructor(kind: keyof typeof exitCodes, sentence: string) {
    super(sentence)
    this.name = 'Failure'
    this.exitCode = exitCodes[kind]
  }
}
