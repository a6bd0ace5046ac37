import { z } from 'zod'

/** Newest first unless a route says otherwise. `next` is opaque: hand it back as `after` for the page that follows. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().nullable() })
}
export interface Page<T> {
  readonly items: readonly T[]
  readonly next: string | null
}

export const pageQuery = { limit: z.coerce.number().int().min(1).max(500).default(50), after: z.string().max(512).optional() }

/** A record's version: handed back with a change, so that nobody overwrites what they have not seen. */
export const versionSchema = z.int().positive()
