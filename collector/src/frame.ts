import type { RejectReason } from '@vonggac/contract'

/**
 * One raw frame (a syslog message, a line of NDJSON) with its envelope, as it enters the journal: before anything has read it.
 */
export interface Frame {
  /** Milliseconds since 1970 at which its last byte arrived. */
  readonly receivedMs: number
  /** Id of the configured source, or `unknown`. */
  readonly source: string
  /** IP address of the sender; of a line of a file, the file's path, whose bytes are UTF-8. */
  readonly peer: string
  /** Sum of `frameFlags`. */
  readonly flags: number
  readonly bytes: Buffer
}

/** What the source saw to be wrong; kept in the journal, so the bits never change their meaning. */
export const frameFlags = { oversize: 1, badFraming: 2, badJson: 4, unknownToken: 8, unknownSource: 16 } as const

export { unknownSource } from '@vonggac/contract'

/** Order matters: who sent it outweighs what was wrong with it. */
const reasons: readonly (readonly [number, RejectReason])[] = [
  [frameFlags.unknownToken, 'unknown-token'],
  [frameFlags.unknownSource, 'unknown-source'],
  [frameFlags.badFraming, 'bad-framing'],
  [frameFlags.oversize, 'oversize'],
  [frameFlags.badJson, 'bad-json'],
]

/** The one reason under which a flagged frame is counted; `undefined` for a frame without flags. */
export function rejectReasonOf(flags: number): RejectReason | undefined {
  if (flags === 0) return undefined
  return reasons.find(([flag]) => (flags & flag) !== 0)?.[1]
}
