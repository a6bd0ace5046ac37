import { z } from 'zod'

/** A text in both languages of the console. */
export const localizedTextSchema = z.object({ vi: z.string().min(1), en: z.string().min(1) })
export type LocalizedText = z.infer<typeof localizedTextSchema>

export const localizedListSchema = z.object({ vi: z.array(z.string()), en: z.array(z.string()) })
export type LocalizedList = z.infer<typeof localizedListSchema>
