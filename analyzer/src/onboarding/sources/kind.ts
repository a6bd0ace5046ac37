import { registeredSourceSchema, type RegisteredSource } from '@vonggac/contract'
import { z } from 'zod'
import type { Kind } from '../../storage/document-store.ts'

const keptSourceSchema = registeredSourceSchema.extend({
  /** `digest`: SHA-256, base64url. The token itself is nowhere. */
  tokens: z.array(registeredSourceSchema.shape.tokens.element.extend({ digest: z.string() })),
  /** A removed source stays: its events carry its id, which nobody else may have, and its certificates must stay revoked. */
  removed: z.boolean(),
})
export type KeptSource = z.infer<typeof keptSourceSchema>

export const registeredSourceKind: Kind<KeptSource> = {
  name: 'registered-source',
  schema: keptSourceSchema,
  agency: ({ config }) => config.agency,
  index: {
    system: ({ system }) => system,
    removed: ({ removed }) => removed,
    agency: ({ config }) => config.agency,
  },
}

/** The source as people see it. */
export function shownSource({ removed: _removed, tokens, ...source }: KeptSource): RegisteredSource {
  return { ...source, tokens: tokens.map(({ digest: _digest, ...token }) => token) }
}
