import { systemScope, VonggacError, type Alert } from '@vonggac/contract'
import type { Announcer, Clock } from '../platform/index.ts'
import { toWrite, type DocumentStore, type Versioned } from '../storage/document-store.ts'
import { withHits, type AlertHits } from './grow.ts'
import { alertKind } from './kind.ts'
import { maxAlertsAnHour, withinBounds } from './overflow.ts'

export interface HitRecorderDeps {
  readonly documents: DocumentStore
  readonly announcer: Announcer
  readonly clock: Clock
  readonly bound?: number
}

export interface HitRecorder {
  /** Resolves with the number of alerts that it made when the hits of one batch of a collector are in durable alerts. A repeat changes nothing. */
  record(collector: string, groups: readonly AlertHits[]): Promise<number>
}

/** An analyst or another collector may change an alert between our read and our write: then it is read again. Each round at least one writer gets on. */
const maxRounds = 50
const scope = systemScope('detection')

export function createHitRecorder({ documents, announcer, clock, bound = maxAlertsAnHour }: HitRecorderDeps): HitRecorder {
  async function recordOnce(collector: string, asked: readonly AlertHits[]): Promise<{ open: readonly AlertHits[]; made: number }> {
    const now = clock.now().toISOString()
    const known = new Map<string, Versioned<Alert> | undefined>()
    const read = async (groups: readonly AlertHits[]) => {
      const found = await Promise.all(groups.map(({ alert }) => documents.read(scope, alertKind, alert)))
      for (const [index, { alert }] of groups.entries()) known.set(alert, found[index])
    }
    await read(asked)
    const groups = await withinBounds(documents, asked, ({ alert }) => known.get(alert) !== undefined, bound)
    await read(groups.filter(({ alert }) => !known.has(alert)))
    const changed = groups.flatMap((group) => {
      const before = known.get(group.alert)
      const alert = withHits(before?.value, collector, group, now)
      return alert ? [{ group, alert, write: toWrite(alertKind, alert.id, alert, before?.version ?? 'new') }] : []
    })
    if (changed.length === 0) return { open: [], made: 0 }
    const results = await documents.writeAll(
      scope,
      changed.map(({ write }) => write),
    )
    let made = 0
    const open = changed.flatMap(({ group, alert, write }, index) => {
      if ('conflict' in results[index]!) return [group]
      announcer.announce({ type: 'alert', alert }, alert.agency)
      if (write.expected === 'new') made++
      return []
    })
    return { open, made }
  }

  return {
    async record(collector, groups) {
      let open = groups
      let made = 0
      for (let round = 0; open.length > 0; round++) {
        if (round === maxRounds)
          throw new VonggacError('busy', `${open.length} alerts are being changed all the time; send the batch again.`)
        const round_ = await recordOnce(collector, open)
        open = round_.open
        made += round_.made
      }
      return made
    },
  }
}
