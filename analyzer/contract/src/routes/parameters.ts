import { z } from 'zod'

export const byId = z.object({ id: z.string().min(1).max(200) })
export const language = z.enum(['vi', 'en']).default('vi')
export const period = { from: z.iso.datetime(), to: z.iso.datetime() }

/** `a,b` in a query string, or the parameter repeated. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.preprocess((value) => (typeof value === 'string' ? value.split(',').filter(Boolean) : value), z.array(item).max(100)).optional()
}
