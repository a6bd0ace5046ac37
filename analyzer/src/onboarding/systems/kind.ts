import { systemSchema } from '@vonggac/contract'
import { z } from 'zod'
import type { Kind } from '../../storage/document-store.ts'

const keptSystemSchema = systemSchema.omit({ sources: true }).extend({
  /** A removed system stays for those who read of it in the audit chain. */
  removed: z.boolean(),
})
/** How many sources it has is counted when it is shown. */
export type KeptSystem = z.infer<typeof keptSystemSchema>

export const systemKind: Kind<KeptSystem> = {
  name: 'system',
  schema: keptSystemSchema,
  agency: ({ agency }) => agency,
  index: { name: ({ name }) => name.toLowerCase(), agency: ({ agency }) => agency, removed: ({ removed }) => removed },
}
