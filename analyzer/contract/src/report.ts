import { z } from 'zod'
import { localizedTextSchema } from './text.ts'

/** An official form is data (`playbooks/forms/<id>.yml`): its fields, where each value comes from, and the document's layout. */
export const formFieldSchema = z.object({
  id: z.string(),
  label: localizedTextSchema,
  required: z.boolean(),
  multiline: z.boolean(),
  /** What the document will say; empty when nobody knows yet. */
  value: z.string(),
  /** `case`: taken from the case; `person`: filled in by hand (a hand-filled value wins). */
  origin: z.enum(['case', 'person', 'none']),
})
export type FormField = z.infer<typeof formFieldSchema>

export const noticeSchema = z.object({
  form: z.string(),
  title: localizedTextSchema,
  /** Where the form comes from, and whether it is the official one: shown on screen and in the document. */
  source: z.string(),
  confidence: z.enum(['confirmed', 'recalled', 'inferred']),
  official: z.boolean(),
  fields: z.array(formFieldSchema),
  /** Ids of required fields without a value. */
  missing: z.array(z.string()),
  version: z.int().positive(),
})
export type Notice = z.infer<typeof noticeSchema>
