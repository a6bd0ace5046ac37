import { z } from 'zod'

/** The part of CACAO 2.0 that runs here; other keys are kept as they are. Reference: OASIS CACAO Security Playbooks 2.0, sections 3 and 4. */
export const playbookSchema = z.looseObject({
  type: z.literal('playbook'),
  spec_version: z.literal('cacao-2.0'),
  id: z.string().regex(/^playbook--[0-9a-f-]{36}$/),
  name: z.string().min(1),
  description: z.string().optional(),
  playbook_types: z.array(z.string()).optional(),
  created: z.iso.datetime(),
  modified: z.iso.datetime(),
  created_by: z.string(),
  workflow_start: z.string(),
  workflow: z.record(z.string(), z.looseObject({ type: z.string(), name: z.string().optional(), description: z.string().optional() })),
})
export type Playbook = z.infer<typeof playbookSchema>

export const playbookSummarySchema = z.object({
  name: z.string(),
  id: z.string(),
  title: z.object({ vi: z.string(), en: z.string() }),
  description: z.string().optional(),
  steps: z.int(),
})
export type PlaybookSummary = z.infer<typeof playbookSummarySchema>
