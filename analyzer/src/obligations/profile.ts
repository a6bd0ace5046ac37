import { localizedTextSchema, parseYaml, VonggacError } from '@vonggac/contract'
import { readFile } from 'node:fs/promises'
import { z } from 'zod'

const date = z.iso.date()

const dutySchema = z.strictObject({
  id: z.string().min(1),
  title: localizedTextSchema,
  recipient: localizedTextSchema,
  /** `judged`: under a condition that only a person can judge. */
  when: z.enum(['incident', 'serious', 'judged']),
  deadline: z.strictObject({ hours: z.number().nonnegative(), from: z.enum(['detection', 'closing']).default('detection') }).nullable(),
  /** The form, of `playbooks/forms`, that fulfils it. */
  form: z.string().optional(),
  source: z.string().min(1),
  status: z.enum(['in_force', 'superseded', 'unverified']),
  confidence: z.enum(['confirmed', 'recalled', 'inferred']),
  /** null: not known, taken to have been always so. */
  effective_from: date.nullable(),
  effective_to: date.nullable(),
  enabled: z.boolean().default(true),
})
export type Duty = z.infer<typeof dutySchema>

/** A legal profile: what the law of a place asks after an incident, with its sources and how sure we are of them. */
const profileSchema = z.strictObject({ id: z.string().min(1), title: localizedTextSchema, obligations: z.array(dutySchema).max(500) })
export type LegalProfile = z.infer<typeof profileSchema>

/** Reads `playbooks/obligations/<profile>.yml`. Throws `invalid-configuration`, naming the place, for one with a mistake: a duty must not be missing in silence. */
export async function readLegalProfile(file: string): Promise<LegalProfile> {
  const parsed = profileSchema.safeParse(await readYaml(file))
  if (parsed.success) return parsed.data
  const { path, message } = parsed.error.issues[0]!
  throw new VonggacError('invalid-configuration', `${file}: ${path.join('.')}: ${message}`)
}

async function readYaml(file: string): Promise<unknown> {
  try {
    return parseYaml(await readFile(file, 'utf8'))
  } catch (error) {
    throw new VonggacError(
      'invalid-configuration',
      `The legal profile ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      {
        cause: error,
      },
    )
  }
}
