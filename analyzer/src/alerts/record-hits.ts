import { systemScope, VonggacError } from '@vonggac/contract'
import type { Announcer, Clock } from '../platform/index.ts'
import { toWrite, type DocumentStore } from '../storage/document-store.ts'
import { withHits, type AlertHits } from './grow.ts'
import { alertKind } from './kind.ts'

export interface HitRecorderDeps {
  readonly documents: DocumentStore
  readonly announcer: Announcer
  readonly clock: Clock
}

export interface HitRecorder {
  /** Resolves when the hits of one batch of a collector are in durable alerts. A repeat changes nothing. */
  record(collector: string, groups: readonly AlertHits[]): Promise<void>
}

/** An analyst or another collector may change an alert between our read and our write: then it is read again. Each round at least one writer gets on. */
const maxRounds = 50
const scope = systemScope('detection')

export function createHitRecorder({ documents, announcer, clock }: HitRecorderDeps): HitRecorder {
  async function recordOnce(collector: string, groups: readonly AlertHits[]): Promise<readonly AlertHits[]> {
    const now = clock.now().toISOString()
    const known = await Promise.all(groups.map((group) => documents.read(scope, alertKind, group.alert)))
    const changed = groups.flatMap((group, index) => {
      const alert = withHits(known[index]?.value, collector, group, now)
      return alert ? [{ group, alert, write: toWrite(alertKind, alert.id, alert, known[index]?.version ?? 'new') }] : []
    })
    if (changed.length === 0) return []
    const results = await documents.writeAll(
      scope,
      changed.map(({ write }) => write),
    )
    return changed.flatMap(({ group, alert }, index) => {
      if ('conflict' in results[index]!) return [group]
      announcer.announce({ type: 'alert', alert }, alert.agency)
      return []
    })
  }

  return {
    async record(collector, groups) {
      let open = groups
      for (let round = 0; open.length > 0; round++) {
        if (round === maxRounds)
          throw new VonggacError('busy', `${open.length} alerts are being changed all the time; send the batch again.`)
        open = await recordOnce(collector, open)
      }
    },
  }
}
