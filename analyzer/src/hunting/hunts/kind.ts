import { huntSchema, type Hunt } from '@vonggac/contract'
import { z } from 'zod'
import type { Kind } from '../../storage/document-store.ts'

/**
 * A hunt as it is kept. One that was deleted stays, so that its alerts are still explained; `agency` is `*` where somebody of every agency saved it: then it
 * looks at all of them, and only such people see it.
 */
export interface SavedHunt extends Hunt {
  /** The receive times that the next run looks at; null without a schedule. */
  readonly window: Window | null
  /** After a failure: when to try again. */
  readonly notBefore?: string | undefined
  readonly removed: boolean
}

/** ISO times, `from` inclusive, `to` exclusive. */
export interface Window {
  readonly from: string
  readonly to: string
}

export const huntKind: Kind<SavedHunt> = {
  name: 'hunt',
  schema: huntSchema.extend({
    window: z.object({ from: z.iso.datetime(), to: z.iso.datetime() }).nullable(),
    notBefore: z.iso.datetime().optional(),
    removed: z.boolean(),
  }),
  agency: ({ agency }) => agency,
  index: {
    title: ({ title }) => title.toLowerCase(),
    removed: ({ removed }) => removed,
    /** When a person changed it last, ms. */
    changed: ({ updatedAt }) => Date.parse(updatedAt),
    /** When it is due, ms; nothing for one that does not run by itself. */
    due: ({ window, notBefore, removed }) =>
      window === null || removed ? undefined : Math.max(Date.parse(window.to), notBefore === undefined ? 0 : Date.parse(notBefore)),
  },
}

/** The hunt as people see it. */
export function shownHunt({ window: _window, notBefore: _notBefore, removed: _removed, ...hunt }: SavedHunt): Hunt {
  return hunt
}
