import { alertSchema } from '@vonggac/contract'
import type { CorrelatorSnapshot } from '@vonggac/sigma'
import { z } from 'zod'
import type { Kind } from '../storage/document-store.ts'
import type { Found } from './found.ts'

/** All that correlation remembers, as one document: a write of it is a step of the state machine, done whole or not at all. */
export interface CorrelationState {
  readonly agency: string
  readonly snapshot: CorrelatorSnapshot
  /** Highest journal position fed, by collector. */
  readonly upTo: Readonly<Record<string, number>>
  /** Number of the last that was found. */
  readonly number: number
  /** What this step found; it may or may not be in alerts yet. */
  readonly found: readonly Found[]
}

const names = z.array(z.string())
const foundSchema = z.object({
  number: z.int().positive(),
  rule: z.string(),
  agency: z.string(),
  group: alertSchema.shape.group,
  from: z.number(),
  to: z.number(),
  count: z.int().positive(),
  events: names,
  sources: names,
  entities: z.object({ source: names, user: names, host: names }),
}) satisfies z.ZodType<Found>

export const correlationStateKind: Kind<CorrelationState> = {
  name: 'correlation-state',
  schema: z.object({
    agency: z.string(),
    // The correlator's own, which is as large as all the rest is small.
    snapshot: z.custom<CorrelatorSnapshot>((value) => (value as Partial<CorrelatorSnapshot> | null)?.version === 1),
    upTo: z.record(z.string(), z.int()),
    number: z.int().nonnegative(),
    found: z.array(foundSchema),
  }),
  agency: ({ agency }) => agency,
  index: {},
}

/** There is one state: an attacker's hits at two agencies' systems come together in it, apart by agency. */
export const stateId = 'all'
