import { retroHuntSchema, type RetroHunt } from '@vonggac/contract'
import { z } from 'zod'
import type { Kind } from '../../storage/document-store.ts'

/**
 * A run over history as it is kept: whoever holds the lease goes on from `next`, whatever was killed before. `agency` is `*` where somebody of every agency started it.
 */
export interface StoredRetroHunt extends RetroHunt {
  /** Everything received from `from` until then is done. */
  readonly next: string
}

export const retroHuntKind: Kind<StoredRetroHunt> = {
  name: 'retro-hunt',
  schema: retroHuntSchema.extend({ next: z.iso.datetime() }),
  agency: ({ agency }) => agency,
  index: { state: ({ state }) => state, createdAt: ({ createdAt }) => createdAt },
}

/** Which run has the one place of an agency; a run that is not `running` gives it up. */
export interface RetroPlace {
  readonly agency: string
  readonly hunt: string
}

export const retroPlaceKind: Kind<RetroPlace> = {
  name: 'retro-place',
  schema: z.object({ agency: z.string(), hunt: z.string() }),
  agency: ({ agency }) => agency,
  index: {},
}

export function shownRetroHunt({ next: _next, ...hunt }: StoredRetroHunt): RetroHunt {
  return hunt
}
