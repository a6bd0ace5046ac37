import { z } from 'zod'
import { caseChangeSchema, caseDetailSchema, caseSchema, caseStatusSchema, newCaseSchema, taskChangeSchema } from '../case.ts'
import { pageOf, pageQuery } from '../page.ts'
import { playbookSummarySchema } from '../playbook.ts'
import { noticeSchema } from '../report.ts'
import { severitySchema } from '../rule.ts'
import { byId, language, listOf } from './parameters.ts'
import { route } from './route.ts'

const docx = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'

/** Cases, their tasks, legal duties and notices. */
export const caseRoutes = {
  listCases: route({
    method: 'GET',
    path: '/api/cases',
    summary: 'Cases, newest first',
    tag: 'cases',
    role: 'viewer',
    query: z.object({
      ...pageQuery,
      status: listOf(caseStatusSchema),
      severity: listOf(severitySchema),
      agency: z.string().max(63).optional(),
    }),
    /** How many there are by status, whatever status is asked for. */
    reply: pageOf(caseSchema).extend({ counts: z.object({ status: z.record(z.string(), z.int()) }) }),
  }),
  createCase: route({
    method: 'POST',
    path: '/api/cases',
    summary: 'Open a case',
    tag: 'cases',
    role: 'analyst',
    body: newCaseSchema,
    reply: caseSchema,
  }),
  readCase: route({
    method: 'GET',
    path: '/api/cases/:id',
    summary: 'A case with its legal clocks',
    tag: 'cases',
    role: 'viewer',
    params: byId,
    reply: caseDetailSchema,
  }),
  changeCase: route({
    method: 'PATCH',
    path: '/api/cases/:id',
    summary: 'Change a case',
    tag: 'cases',
    role: 'analyst',
    params: byId,
    body: caseChangeSchema,
    reply: caseSchema,
  }),
  addCaseNote: route({
    method: 'POST',
    path: '/api/cases/:id/notes',
    summary: 'Add a note',
    tag: 'cases',
    role: 'analyst',
    params: byId,
    body: z.object({ text: z.string().trim().min(1).max(20_000) }),
    reply: caseSchema,
  }),
  addCaseTask: route({
    method: 'POST',
    path: '/api/cases/:id/tasks',
    summary: 'Add a task',
    tag: 'cases',
    role: 'analyst',
    params: byId,
    body: z.object({ title: z.string().trim().min(1).max(300), version: z.int().positive() }),
    reply: caseSchema,
  }),
  changeCaseTask: route({
    method: 'PATCH',
    path: '/api/cases/:id/tasks/:task',
    summary: 'Change a task',
    tag: 'cases',
    role: 'analyst',
    params: z.object({ id: z.string(), task: z.string() }),
    body: taskChangeSchema,
    reply: caseSchema,
  }),
  fulfilObligation: route({
    method: 'PUT',
    path: '/api/cases/:id/obligations/:obligation',
    summary: 'Mark a legal duty as fulfilled, or take the mark back',
    tag: 'cases',
    role: 'analyst',
    params: z.object({ id: z.string(), obligation: z.string() }),
    body: z.object({ done: z.boolean(), version: z.int().positive() }),
    reply: caseDetailSchema,
  }),
  readNotice: route({
    method: 'GET',
    path: '/api/cases/:id/notice',
    summary: 'The incident notice with the fields still missing',
    tag: 'reports',
    role: 'viewer',
    params: byId,
    reply: noticeSchema,
  }),
  fillNotice: route({
    method: 'PUT',
    path: '/api/cases/:id/notice',
    summary: 'Fill in fields of the incident notice',
    tag: 'reports',
    role: 'analyst',
    params: byId,
    body: z.object({ values: z.record(z.string().max(100), z.string().max(5_000)), version: z.int().positive() }),
    reply: noticeSchema,
  }),
  noticeDocx: route({
    method: 'GET',
    path: '/api/cases/:id/notice.docx',
    summary: 'The incident notice as DOCX',
    tag: 'reports',
    role: 'analyst',
    params: byId,
    query: z.object({ language }),
    produces: docx,
  }),
  noticePdf: route({
    method: 'GET',
    path: '/api/cases/:id/notice.pdf',
    summary: 'The incident notice as PDF',
    tag: 'reports',
    role: 'analyst',
    params: byId,
    query: z.object({ language }),
    produces: 'application/pdf',
  }),
  listPlaybooks: route({
    method: 'GET',
    path: '/api/playbooks',
    summary: 'Playbooks that a case can start from',
    tag: 'playbooks',
    role: 'viewer',
    reply: z.object({ items: z.array(playbookSummarySchema) }),
  }),
} as const
