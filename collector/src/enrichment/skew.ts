import type { Fields } from '../fields.ts'

export const skewTag = 'clock-skew'

/**
 * A device whose clock is further from ours than is tolerated is told, with the seconds by which it is ahead (negative: behind): its times cannot be
 * correlated as they are. Both times are kept.
 */
export function addSkew(fields: Fields, deviceMs: number, receivedMs: number, toleratedMs: number): boolean {
  const skewMs = deviceMs - receivedMs
  if (Math.abs(skewMs) <= toleratedMs) return false
  fields.set('vonggac.clock_skew_seconds', Math.round(skewMs / 1_000))
  return true
}
