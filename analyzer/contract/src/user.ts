import { z } from 'zod'
import { agencyIdSchema, everyAgency, roleSchema, tlpSchema } from './scope.ts'
import { valueSentences } from './value-sentences.ts'

export const userNameSchema = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9._-]{2,39}$/, valueSentences['user-name-form'])

/** Length alone: NIST SP 800-63B asks for no character classes. */
export const passwordSchema = z.string().min(12, valueSentences['password-short']).max(256)

export const userSchema = z.object({
  id: z.string(),
  userName: z.string(),
  displayName: z.string(),
  role: roleSchema,
  agency: z.union([z.literal(everyAgency), agencyIdSchema]),
  /** What is marked with a more restricted label does not exist for this person. */
  clearance: tlpSchema.default('TLP:RED'),
  disabled: z.boolean(),
  createdAt: z.iso.datetime(),
  version: z.int().positive(),
})
export type User = z.infer<typeof userSchema>

export const newUserSchema = z.object({
  userName: userNameSchema,
  displayName: z.string().trim().min(1).max(120),
  password: passwordSchema,
  role: roleSchema,
  agency: z.union([z.literal(everyAgency), agencyIdSchema]).default(everyAgency),
  /** That of whoever creates the user, unless told otherwise. */
  clearance: tlpSchema.optional(),
})
export const userChangeSchema = z.object({
  displayName: z.string().trim().min(1).max(120).optional(),
  password: passwordSchema.optional(),
  role: roleSchema.optional(),
  agency: z.union([z.literal(everyAgency), agencyIdSchema]).optional(),
  clearance: tlpSchema.optional(),
  disabled: z.boolean().optional(),
  version: z.int().positive(),
})

export const sessionSchema = z.object({
  user: userSchema,
  /** To be sent back in the header `x-csrf-token` with every request that changes something. */
  csrfToken: z.string(),
  expiresAt: z.iso.datetime(),
})
export type Session = z.infer<typeof sessionSchema>
export const csrfHeader = 'x-csrf-token'
