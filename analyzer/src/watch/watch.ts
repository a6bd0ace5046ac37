import { randomUUID } from 'node:crypto'
import type { Clock } from '../platform/index.ts'
import { LedgerReading } from '../ledger/index.ts'
import type { DocumentStore } from '../storage/document-store.ts'
import type { HitRecorder } from '../alerts/index.ts'
import { timeText, type Alarm, type WatchedSource } from './alarm.ts'
import { awaitedSince } from './awaited.ts'
import { Balance, Progress } from './balance.ts'
import type { Holidays } from './calendar/holidays.ts'
import { Presence } from './presence.ts'
import { Raiser } from './raise.ts'
import { lastHeard, neverHeard, silenceOf } from './silence.ts'
import { volumeAlarms } from './volume.ts'

export interface WatchDeps {
  readonly documents: DocumentStore
  readonly hits: HitRecorder
  readonly clock: Clock
  /** The agency that runs the installation: collectors are its own. */
  readonly operator: string
  readonly holidays: Holidays
  /** Every source that there is at the moment, declared or registered. */
  readonly sources: () => readonly WatchedSource[]
  /** Minutes that events may take from the collector to evaluation, */
  readonly ledgerMinutes: number
  /** and that a collector may be silent. */
  readonly collectorMinutes: number
}

/** A holder that died is missed for so long; ticks come more often. */
const leaseMs = 90_000
const volumeEveryMs = 5 * 60_000
/** Places where datagrams and journaled frames are lost that belong to no source. */
const lossPlaces: ReadonlySet<string> = new Set(['kernel-udp', 'journal'])

/** Watches over sources, collectors and the ledger, on one of all analyzers at a time, and raises alerts. What it knows it reads anew each time. */
export class Watch {
  readonly #deps: WatchDeps
  readonly #reading: LedgerReading
  readonly #raiser: Raiser
  readonly #presence: Presence
  readonly #balance: Balance
  readonly #progress: Progress
  /** The alarm of each source that was silent, or had never been heard, when it was last looked at. */
  readonly #silent = new Map<string, Alarm>()
  readonly #holder = randomUUID()
  #volumesAt = -Infinity
  #ticking: Promise<unknown> = Promise.resolve()
  #closed = false

  constructor(deps: WatchDeps) {
    this.#deps = deps
    this.#reading = new LedgerReading(deps.documents)
    this.#raiser = new Raiser(deps)
    this.#presence = new Presence(deps.clock.now().getTime(), deps.collectorMinutes)
    this.#balance = new Balance(this.#reading, deps.ledgerMinutes, this.#presence.begun)
    this.#progress = new Progress(deps.ledgerMinutes)
  }

  /** Looks at everything once; to be called every half minute. Resolves with how many alarms it raised; with 0 where another analyzer watches. */
  tick(): Promise<number> {
    const tick = this.#tick()
    this.#ticking = tick.catch(() => {})
    return tick
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#ticking
  }

  async #tick(): Promise<number> {
    const { documents, clock } = this.#deps
    const now = clock.now().getTime()
    const collectors = await this.#reading.collectors()
    this.#presence.see(collectors, now)
    if (this.#closed || (await documents.lease('watch', this.#holder, leaseMs)) === undefined) return 0
    const sources = this.#deps.sources()
    return (
      (await this.#watchCollectors(collectors, now)) +
      (await this.#watchSources(sources, collectors, now)) +
      (await this.#watchVolumes(sources, now))
    )
  }

  #watchCollectors(collectors: Collectors, now: number): Promise<number> {
    const { operator } = this.#deps
    const here = collectors.filter(({ collector }) => this.#presence.since(collector, now) !== undefined)
    return this.#raiser.raise([...this.#presence.missing(collectors, operator, now), ...this.#progress.alarms(here, operator, now)])
  }

  async #watchSources(sources: readonly WatchedSource[], collectors: Collectors, now: number): Promise<number> {
    const totals = await this.#reading.totals()
    const lastReceived = new Map(totals.map(({ source, lastMinute }) => [source, Date.parse(lastMinute)]))
    const expected = new Map(sources.map((source) => [source.id, source]))
    let raised = 0
    for (const source of sources) raised += await this.#watchSilence(source, lastReceived.get(source.id), collectors, now)
    const unheard = sources.filter((source) => !source.paused && lastHeard(source.id, lastReceived.get(source.id), collectors) === 0)
    raised += await this.#watchUnheard(unheard, collectors, now)
    for (const { source, agency, counts } of totals) {
      const turnedAway = !lossPlaces.has(source) && (expected.get(source)?.paused ?? true)
      raised += await this.#raiser.raise(await this.#balance.alarms({ source, agency, counts, turnedAway }, now))
    }
    return raised
  }

  async #watchUnheard(unheard: readonly WatchedSource[], collectors: Collectors, now: number): Promise<number> {
    const since = await awaitedSince(this.#deps.documents, unheard, now)
    const alarms = unheard.flatMap(
      (source) => neverHeard(source, since.get(source.id)!, collectors, this.#presence, this.#deps.holidays, now) ?? [],
    )
    for (const alarm of alarms) this.#silent.set(alarm.source!, alarm)
    return this.#raiser.raise(alarms)
  }

  /** An alarm when the source falls silent; and a note to it when it is heard again. */
  async #watchSilence(source: WatchedSource, lastReceived: number | undefined, collectors: Collectors, now: number): Promise<number> {
    const alarm = silenceOf(source, lastReceived, collectors, this.#presence, this.#deps.holidays, now)
    const before = this.#silent.get(source.id)
    const heard = lastHeard(source.id, lastReceived, collectors)
    if (before && heard > before.since) {
      const { vi, en } = source.name
      const again = before.rule === 'watch:silence'
      await this.#raiser.tell(before, `${before.since}-heard`, {
        vi: `${vi}: đã gửi ${again ? 'lại' : 'lần đầu'}, lúc ${timeText(heard)}.`,
        en: `${en}: it has sent ${again ? 'again' : 'for the first time'}, at ${timeText(heard)}.`,
      })
      this.#silent.delete(source.id)
    }
    if (!alarm) return 0
    this.#silent.set(source.id, alarm)
    return this.#raiser.raise([alarm])
  }

  async #watchVolumes(sources: readonly WatchedSource[], now: number): Promise<number> {
    if (now - this.#volumesAt < volumeEveryMs) return 0
    this.#volumesAt = now
    let raised = 0
    for (const source of sources) {
      if (this.#closed) break
      raised += await this.#raiser.raise(await volumeAlarms(this.#reading, source, this.#deps.holidays, now))
    }
    return raised
  }
}

type Collectors = Awaited<ReturnType<LedgerReading['collectors']>>
