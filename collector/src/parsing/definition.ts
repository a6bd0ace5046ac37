import { multiline, say, sentences } from '@vonggac/contract'
import { z } from 'zod'
import { valueTypes } from './steps/convert.ts'
import { dateFormats } from './steps/date.ts'
import { durationUnits } from './steps/derive.ts'

/**
 * The language of `parser.yml`: which data set it makes, and the steps that make it, tried in order. A step that cannot do its work
 * ends the parser (the next parser of the source is tried) unless it says `optional: true`. docs/parsers.md explains it for users.
 */
const field = z.string().regex(/^[@A-Za-z_][\w@#.-]*$/, sentences['parser-field-form'])
const scalar = z.union([z.string(), z.number(), z.boolean()])
const optional = z.boolean().default(false)
const patterns = z.union([
  z
    .string()
    .min(1)
    .transform((one) => [one]),
  z.array(z.string().min(1)).min(1),
])

const json = z.strictObject({
  field: field.default('message'),
  prefix: z.string().default(''),
  names: z.record(z.string(), field).default({}),
  optional,
})
const regex = z.strictObject({ field: field.default('message'), pattern: patterns, optional })
const dissect = z.strictObject({
  field: field.default('message'),
  /** `%{field}` takes up to the text that follows it, `%{field:last}` up to its last place, `%{}` skips. */
  pattern: patterns,
  /** What the format writes where it has no value. */
  absent: z.string().optional(),
  optional,
})
const kv = z.strictObject({
  field: field.default('message'),
  separator: z.string().min(1).default(' '),
  assign: z.string().min(1).default('='),
  prefix: z.string().default(''),
  absent: z.string().optional(),
  words: field.optional(),
  optional,
})
const csv = z.strictObject({
  field: field.default('message'),
  columns: z.array(z.union([field, z.literal('')])).min(1),
  separator: z.string().min(1).default(','),
  absent: z.string().optional(),
  least: z.int().min(1).default(1),
  rest: field.optional(),
  optional,
})
const columns = z.strictObject({
  field: field.default('message'),
  /** First word of the line of the heading that names the columns. */
  named: z.string().min(1),
  /** First word of the one that has their types, as Zeek calls them. */
  typed: z.string().min(1).optional(),
  /** What other lines of the heading say: first word to field. */
  also: z.record(z.string(), field).default({}),
  separator: z.string().min(1).default(' '),
  absent: z.array(z.string()).default([]),
  prefix: z.string().default(''),
  names: z.record(z.string(), field).default({}),
  optional,
})
const cef = z.strictObject({ field: field.default('message'), prefix: z.string().min(1).default('cef.'), optional })
const leef = z.strictObject({ field: field.default('message'), prefix: z.string().min(1).default('leef.'), optional })
const auditd = z.strictObject({ field: field.default('message'), optional })
const xml = z.strictObject({
  field: field.default('message'),
  prefix: z.string().default(''),
  named: z.array(z.string().min(1)).default([]),
  names: z.record(z.string(), z.string().min(1)).default({}),
  optional,
})
const date = z.strictObject({ field, formats: z.array(z.enum(dateFormats)).min(1), optional })
const convert = z.strictObject({ fields: z.record(field, z.enum(valueTypes)), optional })
const duration = z.strictObject({ field, unit: z.enum(durationUnits) })
const is = z.union([scalar.transform((one) => [one]), z.array(scalar).min(1)])
const when = z.strictObject({ field, is: is.optional() })
const require = z.strictObject({ field, is: is.optional(), not: is.optional() })
const value = z.union([scalar, z.array(scalar)])
const map = z.strictObject({ field, to: field, values: z.record(z.string(), value), otherwise: value.optional() })
/** `until`: the text up to there decides, such as the first word. */
const choice = z.strictObject({ field: field.default('message'), until: z.string().min(1).optional() })

export type StepDefinition =
  | { json: z.output<typeof json> }
  | { regex: z.output<typeof regex> }
  | { dissect: z.output<typeof dissect> }
  | { kv: z.output<typeof kv> }
  | { csv: z.output<typeof csv> }
  | { columns: z.output<typeof columns> }
  | { cef: z.output<typeof cef> }
  | { leef: z.output<typeof leef> }
  | { xml: z.output<typeof xml> }
  | { auditd: z.output<typeof auditd> }
  | { date: z.output<typeof date> }
  | { duration: z.output<typeof duration> }
  | { convert: z.output<typeof convert> }
  | { require: z.output<typeof require> }
  | { set: Record<string, z.output<typeof value>> }
  | { append: Record<string, z.output<typeof scalar>[]> }
  | { format: Record<string, string> }
  | { split: Record<string, string> }
  | { sum: Record<string, string[]> }
  | { copy: Record<string, string> }
  | { pick: Record<string, string> }
  | { rename: Record<string, string> }
  | { remove: string[] }
  | { lowercase: string[] }
  | { map: z.output<typeof map> }
  | { url: { field: string } }
  | { when: z.output<typeof when>; steps: StepDefinition[] }
  | {
      switch: z.output<typeof choice>
      cases: { is: z.output<typeof is>; steps: StepDefinition[] }[]
      otherwise?: StepDefinition[] | undefined
    }
  | { first: StepDefinition[][] }

const fieldToField = z.record(field, field)

const stepDefinition: z.ZodType<StepDefinition> = z.lazy(() =>
  z.unknown().transform((input, context): StepDefinition => {
    const name = typeof input === 'object' && input !== null ? Object.keys(input).find((key) => key in steps) : undefined
    if (name === undefined) {
      const said = say('parser-step-unknown', { steps: Object.keys(steps).join(', ') })
      context.addIssue({ code: 'custom', message: said.text, params: { said } })
      return z.NEVER
    }
    const parsed = steps[name as keyof typeof steps].safeParse(input)
    if (parsed.success) return parsed.data as StepDefinition
    for (const issue of parsed.error.issues) context.addIssue({ ...issue, input } as Parameters<typeof context.addIssue>[0])
    return z.NEVER
  }),
)

const list = z.array(stepDefinition).min(1)
const steps = {
  when: z.strictObject({ when, steps: list }),
  switch: z.strictObject({ switch: choice, cases: z.array(z.strictObject({ is, steps: list })).min(1), otherwise: list.optional() }),
  json: z.strictObject({ json }),
  regex: z.strictObject({ regex }),
  dissect: z.strictObject({ dissect }),
  kv: z.strictObject({ kv }),
  csv: z.strictObject({ csv }),
  columns: z.strictObject({ columns }),
  cef: z.strictObject({ cef }),
  leef: z.strictObject({ leef }),
  xml: z.strictObject({ xml }),
  auditd: z.strictObject({ auditd }),
  date: z.strictObject({ date }),
  duration: z.strictObject({ duration }),
  convert: z.strictObject({ convert }),
  require: z.strictObject({ require }),
  append: z.strictObject({ append: z.record(field, z.array(scalar).min(1)) }),
  format: z.strictObject({ format: z.record(field, z.string().min(1)) }),
  split: z.strictObject({ split: z.record(field, z.string().min(1)) }),
  sum: z.strictObject({ sum: z.record(field, z.array(field).min(1)) }),
  set: z.strictObject({ set: z.record(field, value) }),
  copy: z.strictObject({ copy: fieldToField }),
  pick: z.strictObject({ pick: fieldToField }),
  rename: z.strictObject({ rename: fieldToField }),
  remove: z.strictObject({ remove: z.array(field) }),
  lowercase: z.strictObject({ lowercase: z.array(field) }),
  map: z.strictObject({ map }),
  url: z.strictObject({ url: z.strictObject({ field }) }),
  first: z.strictObject({ first: z.array(list).min(1) }),
}

export const parserDefinition = z.strictObject({
  /** What the parser reads, for people. */
  description: z.string().min(1),
  dataset: z.string().regex(/^[a-z0-9_]+(\.[a-z0-9_]+)*$/, sentences['parser-dataset-form']),
  /** As Sigma rules name it: which rules may look at the events. */
  logsource: z.strictObject({ category: z.string().optional(), product: z.string().optional(), service: z.string().optional() }),
  /** Only frames whose fields have one of these values are this parser's: `process.name: [sshd]`. */
  accepts: z.record(field, z.array(z.string()).min(1)).default({}),
  /** How its lines stand in a file that the collector follows. */
  file: z
    .strictObject({
      /** What a source says for itself outweighs it. */
      multiline: multiline.optional(),
      /**
       * Lines that say how the others are to be read: they begin with `mark`, and those whose first word, mark included, is one of `keep` are put before each line
       * behind them.
       */
      heading: z.strictObject({ mark: z.string().min(1).max(10), keep: z.array(z.string().min(1).max(100)).min(1).max(20) }).optional(),
    })
    .default({}),
  steps: list,
})
export type ParserDefinition = z.output<typeof parserDefinition>
