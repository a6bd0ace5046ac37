import { say, VonggacError } from '@vonggac/contract'
import type { z } from 'zod'

/** Where a page ended, as the opaque `next` that a caller hands back as `after`. */
export function writeCursor(place: unknown): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url')
}

/** Throws `invalid-request` for a text that `writeCursor` did not make, or that belongs to another list. */
export function readCursor<T>(schema: z.ZodType<T>, cursor: string): T {
  const place = schema.safeParse(parsed(cursor))
  if (place.success) return place.data
  throw new VonggacError('invalid-request', say('page-mark-wrong'))
}

function parsed(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch {
    return undefined
  }
}

/** Throws `invalid-request` unless the limit is a whole number from 1 to 1,000. */
export function checkedLimit(limit: number): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= 1_000) return limit
  throw new VonggacError('invalid-request', `A page has 1 to 1000 entries, not ${limit}.`)
}
