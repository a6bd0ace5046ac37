import { createHash, randomBytes } from 'node:crypto'

/** A secret of the given bytes, as text that fits into a cookie or an address. */
export type RandomText = (bytes: number) => string

export const randomText: RandomText = (bytes) => randomBytes(bytes).toString('base64url')

/** How a random secret is kept: it has too much entropy to be guessed, so a plain digest does. */
export function digest(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}
