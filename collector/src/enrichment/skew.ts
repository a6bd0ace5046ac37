/** A device whose clock is further than that from ours is told: its times cannot be correlated. Both times are kept. */
const toleratedSkewMs = 60 * 60 * 1000

export const skewTag = 'clock-skew'

export function isSkewed(deviceMs: number, receivedMs: number): boolean {
  return Math.abs(deviceMs - receivedMs) > toleratedSkewMs
}
