import { expectationSchema, type DeclaredSource, type Expectation } from '@vonggac/contract'
import type { WatchedSource } from './alarm.ts'

/** What somebody said of a source when it was registered; nothing of one that the configuration declares, which says it itself. */
export type Registered = (id: string) => { readonly expectation: Expectation; readonly paused: boolean } | undefined

const byDefault = expectationSchema.parse({})

/** All sources with what is expected of them. */
export function watchedSources(sources: readonly DeclaredSource[], registered: Registered): readonly WatchedSource[] {
  return sources.map(({ id, agency, name, expectation = byDefault }) => {
    const said = registered(id)
    return { id, agency, name, expectation: said?.expectation ?? expectation, paused: said?.paused ?? false }
  })
}
