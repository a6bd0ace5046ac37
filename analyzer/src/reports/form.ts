import { localizedTextSchema, parseYaml, VonggacError } from '@vonggac/contract'
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { valueSources } from './values.ts'

const fieldSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/, 'a field id is lower-case letters, digits and hyphens'),
  label: localizedTextSchema,
  required: z.boolean(),
  multiline: z.boolean().default(false),
  from: z.enum(valueSources).optional(),
})
export type FieldDefinition = z.infer<typeof fieldSchema>

/** `playbooks/forms/<id>.yml`: the fields of an official form, where their values come from, and the words around them. */
const formSchema = z
  .strictObject({
    id: z.string().min(1),
    title: localizedTextSchema,
    source: z.string().min(1),
    confidence: z.enum(['confirmed', 'recalled', 'inferred']),
    /** Whether it is the form that the authority has issued; where not, `label` says so on the document. */
    official: z.boolean(),
    label: localizedTextSchema,
    layout: z.strictObject({
      place: localizedTextSchema,
      /** The document's number, filled in by the registry. */
      symbol: localizedTextSchema,
      addressee: localizedTextSchema,
      opening: localizedTextSchema,
      closing: localizedTextSchema,
      copies: z.array(localizedTextSchema),
      signature: localizedTextSchema,
      signatureHint: localizedTextSchema,
      /** Field whose value stands under the signature, and not among the fields. */
      signatory: z.string(),
    }),
    sections: z.array(z.strictObject({ title: localizedTextSchema, fields: z.array(fieldSchema).min(1) })).min(1),
  })
  .superRefine(({ sections, layout }, context) => {
    const ids = sections.flatMap(({ fields }) => fields.map(({ id }) => id))
    for (const id of ids.filter((known, index) => ids.indexOf(known) !== index)) {
      context.addIssue({ code: 'custom', path: ['sections'], message: `the field id "${id}" is used twice` })
    }
    if (!ids.includes(layout.signatory)) {
      context.addIssue({ code: 'custom', path: ['layout', 'signatory'], message: `there is no field "${layout.signatory}"` })
    }
  })
export type Form = z.infer<typeof formSchema>

export function fieldsOf(form: Form): readonly FieldDefinition[] {
  return form.sections.flatMap(({ fields }) => fields)
}

/** Throws `invalid-configuration`, naming the place, for a form with a mistake. */
export async function readForm(file: string): Promise<Form> {
  let value: unknown
  try {
    value = parseYaml(await readFile(file, 'utf8'))
  } catch (error) {
    throw new VonggacError(
      'invalid-configuration',
      `The form ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    )
  }
  const parsed = formSchema.safeParse(value)
  if (parsed.success) return parsed.data
  const { path, message } = parsed.error.issues[0]!
  throw new VonggacError('invalid-configuration', `${file}: ${path.join('.')}: ${message}`)
}
