import { z } from 'zod'

/**
 * Vọng Gác's CACAO extension: Vietnamese texts, and which steps must be dealt with before a case is closed. Names are those of the extension's definition in each playbook.
 * A playbook without it (a partner's) is used with its own texts in both languages.
 */
export const extensionId = 'extension-definition--6056291f-6db7-5f1c-884a-9cd2706c6d25'

const extensionSchema = z.looseObject({
  name_vi: z.string().min(1).optional(),
  description_vi: z.string().min(1).optional(),
  mandatory: z.boolean().optional(),
})
export type Extension = z.infer<typeof extensionSchema>

/** What the extension says in an object's `playbook_extensions` or `step_extensions`; empty where it says nothing that can be read. */
export function extensionOf(extensions: unknown): Extension {
  if (typeof extensions !== 'object' || extensions === null) return {}
  const parsed = extensionSchema.safeParse((extensions as Record<string, unknown>)[extensionId] ?? {})
  return parsed.success ? parsed.data : {}
}
