import { parserNameSchema, versionSchema } from '@vonggac/contract'
import { z } from 'zod'
import type { Kind } from '../../storage/document-store.ts'

const agencyParserSchema = z.object({
  name: parserNameSchema,
  agency: z.string(),
  yaml: z.string(),
  version: versionSchema,
  updatedAt: z.iso.datetime(),
  /** A removed parser stays, so that its name is nobody else's: events may have been read by it. */
  removed: z.boolean(),
})
/** A parser that an agency wrote; its name is its id. */
export type AgencyParser = z.infer<typeof agencyParserSchema>

export const agencyParserKind: Kind<AgencyParser> = {
  name: 'agency-parser',
  schema: agencyParserSchema,
  agency: ({ agency }) => agency,
  index: { agency: ({ agency }) => agency },
}
