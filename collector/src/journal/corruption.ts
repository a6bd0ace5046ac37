/** A stretch of the journal that could not be read and was skipped. */
export interface Corruption {
  readonly segment: string
  readonly offset: number
  readonly bytes: number
  /** Positions that stood there; 0 for what was never acknowledged. */
  readonly lost: number
  /** Where its bytes are, if there was room for them. */
  readonly keptAt: string | undefined
}
