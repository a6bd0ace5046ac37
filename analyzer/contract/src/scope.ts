import { z } from 'zod'
import { valueSentences } from './value-sentences.ts'

export const roles = ['viewer', 'analyst', 'manager', 'administrator'] as const
export const roleSchema = z.enum(roles)
export type Role = z.infer<typeof roleSchema>

/** Each role may do what the roles before it may. */
export function roleIncludes(role: Role, required: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(required)
}

/** TLP 2.0 labels, least restricted first. */
export const tlpLabels = ['TLP:CLEAR', 'TLP:GREEN', 'TLP:AMBER', 'TLP:AMBER+STRICT', 'TLP:RED'] as const
export const tlpSchema = z.enum(tlpLabels)
export type Tlp = z.infer<typeof tlpSchema>

export const agencyIdSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, valueSentences['agency-id-form'])
export type AgencyId = string

/** A user of the Information Security Centre sees every agency. */
export const everyAgency = '*'

/**
 * Who is asking, passed to every repository call: a record outside it does not exist for the caller.
 * `agency` is an agency's id or `*`; `tlp` the most restricted label that the caller is cleared for; `actor` is a user id, or the name of the part of the system that acts by itself.
 */
export interface Scope {
  readonly agency: AgencyId
  readonly role: Role
  readonly tlp: Tlp
  readonly actor: string
}

export function scopeCovers(scope: Scope, agency: AgencyId): boolean {
  return scope.agency === everyAgency || scope.agency === agency
}

/** Whether what is marked with this label is for the caller's eyes. */
export function mayRead({ tlp: clearance }: Pick<Scope, 'tlp'>, label: Tlp): boolean {
  return tlpLabels.indexOf(label) <= tlpLabels.indexOf(clearance)
}

/** Of these labels, of which there is one at least. */
export function mostRestricted(labels: readonly [Tlp, ...Tlp[]]): Tlp {
  return tlpLabels[Math.max(...labels.map((label) => tlpLabels.indexOf(label)))]!
}

/** The scope of the system's own work, such as ingest; `actor` names the part. */
export function systemScope(actor: string): Scope {
  return { agency: everyAgency, role: 'administrator', tlp: 'TLP:RED', actor: `system:${actor}` }
}
