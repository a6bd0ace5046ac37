import { z } from 'zod'
import { localizedListSchema, localizedTextSchema } from './text.ts'

export const severities = ['informational', 'low', 'medium', 'high', 'critical'] as const
export const severitySchema = z.enum(severities)
/** Sigma's levels; an alert's severity is its rule's level. */
export type Severity = z.infer<typeof severitySchema>

export const diagnosticSchema = z.object({
  severity: z.enum(['error', 'warning']),
  code: z.string(),
  message: z.string(),
  file: z.string(),
  line: z.int(),
  column: z.int(),
  suggestion: z.string().optional(),
})

/**
 * `active`: evaluated on every event. `disabled`: switched off by a person. `refused`: could not be loaded, `diagnostics` say why.
 * `no-source`: loaded, but no configured source delivers its log source, so it cannot fire; of a correlation: too few of the rules that it refers to can.
 */
export const ruleStateSchema = z.enum(['active', 'disabled', 'refused', 'no-source'])

export const ruleSchema = z.object({
  id: z.string(),
  title: z.string(),
  titles: localizedTextSchema.optional(),
  level: severitySchema,
  status: z.string(),
  state: ruleStateSchema,
  /** Raises no alerts of its own: its hits only feed correlations. */
  silent: z.boolean().optional(),
  description: z.string().optional(),
  descriptions: localizedTextSchema.optional(),
  author: z.string().optional(),
  references: z.array(z.string()),
  tags: z.array(z.string()),
  falsePositives: z.array(z.string()),
  falsePositiveTexts: localizedListSchema.optional(),
  logSource: z.object({ category: z.string().optional(), product: z.string().optional(), service: z.string().optional() }),
  pack: z.string(),
  /** Path inside the pack. */
  file: z.string(),
  alerts: z.int().nonnegative(),
  lastAlertAt: z.iso.datetime().nullable(),
  diagnostics: z.array(diagnosticSchema),
})
export type RuleSummary = z.infer<typeof ruleSchema>

export const ruleDetailSchema = ruleSchema.extend({ yaml: z.string() })
export type RuleDetail = z.infer<typeof ruleDetailSchema>
