import { z } from 'zod'
import { localizedTextSchema } from './text.ts'
import { severitySchema } from './rule.ts'
import { tlpSchema } from './scope.ts'

export const caseStatusSchema = z.enum(['open', 'contained', 'resolved', 'closed'])
export type CaseStatus = z.infer<typeof caseStatusSchema>

export const taskStatusSchema = z.enum(['todo', 'doing', 'done', 'skipped'])
export type TaskStatus = z.infer<typeof taskStatusSchema>

export const caseTaskSchema = z.object({
  id: z.string(),
  title: localizedTextSchema,
  description: localizedTextSchema.optional(),
  status: taskStatusSchema,
  assignee: z.string().optional(),
  /** The CACAO step that it came from; absent for a task added by hand. */
  step: z.string().optional(),
  /** It must be done or deliberately skipped before the case is closed. */
  mandatory: z.boolean().optional(),
  completedAt: z.iso.datetime().optional(),
  completedBy: z.string().optional(),
})
export type CaseTask = z.infer<typeof caseTaskSchema>

export const caseNoteSchema = z.object({ id: z.string(), at: z.iso.datetime(), by: z.string(), text: z.string() })

/** A duty that the law attaches to the incident, with its clock. */
export const obligationSchema = z.object({
  id: z.string(),
  title: localizedTextSchema,
  recipient: localizedTextSchema,
  /** null when the law names no time. */
  due: z.iso.datetime().nullable(),
  /** From detection; 0 is "immediately". */
  hours: z.number().nullable(),
  state: z.enum(['pending', 'overdue', 'done']),
  form: z.string().optional(),
  source: z.string(),
  confidence: z.enum(['confirmed', 'recalled', 'inferred']),
  status: z.enum(['in_force', 'superseded', 'unverified']),
})
export type Obligation = z.infer<typeof obligationSchema>

export const caseSchema = z.object({
  id: z.string(),
  /** Readable: `VG-2026-0001`, counted per year. */
  number: z.string(),
  agency: z.string(),
  tlp: tlpSchema,
  title: z.string(),
  summary: z.string(),
  severity: severitySchema,
  status: caseStatusSchema,
  /** Judged by a person: a serious incident ("nghiêm trọng") has the 24-hour notice. */
  serious: z.boolean(),
  assignee: z.string().optional(),
  /** From here the legal clocks run. */
  detectedAt: z.iso.datetime(),
  alerts: z.array(z.string()),
  tasks: z.array(caseTaskSchema),
  notes: z.array(caseNoteSchema),
  playbook: z.string().optional(),
  /** Values of form fields that people filled in, by form and field id. */
  forms: z.record(z.string(), z.record(z.string(), z.string())),
  /** When a person marked an obligation as fulfilled, by obligation id. */
  fulfilled: z.record(z.string(), z.object({ at: z.iso.datetime(), by: z.string() })),
  createdAt: z.iso.datetime(),
  createdBy: z.string(),
  updatedAt: z.iso.datetime(),
  closedAt: z.iso.datetime().optional(),
  version: z.int().positive(),
})
export type Case = z.infer<typeof caseSchema>

export const caseDetailSchema = z.object({ case: caseSchema, obligations: z.array(obligationSchema) })
export type CaseDetail = z.infer<typeof caseDetailSchema>

export const newCaseSchema = z.object({
  title: z.string().trim().min(1).max(300),
  summary: z.string().max(20_000).default(''),
  severity: severitySchema,
  agency: z.string().optional(),
  alerts: z.array(z.string()).max(1_000).default([]),
  playbook: z.string().optional(),
})
export const caseChangeSchema = z.object({
  title: z.string().trim().min(1).max(300).optional(),
  summary: z.string().max(20_000).optional(),
  severity: severitySchema.optional(),
  status: caseStatusSchema.optional(),
  serious: z.boolean().optional(),
  tlp: tlpSchema.optional(),
  assignee: z.string().nullable().optional(),
  detectedAt: z.iso.datetime().optional(),
  version: z.int().positive(),
})
export const taskChangeSchema = z.object({
  status: taskStatusSchema.optional(),
  assignee: z.string().nullable().optional(),
  version: z.int().positive(),
})
