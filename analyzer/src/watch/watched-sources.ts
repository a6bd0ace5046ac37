import { expectationSchema, type Expectation, type SourceConfig } from '@vonggac/contract'
import type { WatchedSource } from './alarm.ts'

/** What somebody said of a source when it was registered; nothing of one that the configuration declares. */
export type Registered = (id: string) => { readonly expectation: Expectation; readonly paused: boolean } | undefined

const byDefault = expectationSchema.parse({})

/** All sources with what is expected of them: of declared ones, what is expected by default. */
export function watchedSources(sources: readonly SourceConfig[], registered: Registered): readonly WatchedSource[] {
  return sources.map(({ id, agency, name }) => {
    const { expectation, paused } = registered(id) ?? { expectation: byDefault, paused: false }
    return { id, agency, name, expectation, paused }
  })
}
