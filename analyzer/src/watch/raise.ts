import { systemScope, type LocalizedText } from '@vonggac/contract'
import { alertNoteKind, type AlertHits, type HitRecorder } from '../alerts/index.ts'
import { alertIdOf } from '../detection/index.ts'
import type { Clock } from '../platform/index.ts'
import { toWrite, type DocumentStore } from '../storage/document-store.ts'
import type { Alarm } from './alarm.ts'
import { findWatchRule } from './rules.ts'

/** Under this name alerts know what of the watch they have. */
const recorder = 'watch'
const scope = systemScope('watch')
const hourMs = 3_600_000
/** Alarms remembered as raised; more are raised again, which changes nothing. */
const mostRemembered = 20_000
/** Notes of one alert: the first tell what it is about, its hits how far it went. */
const mostNotes = 20

export interface RaiserDeps {
  readonly documents: DocumentStore
  readonly hits: HitRecorder
  readonly clock: Clock
}

/**
 * Makes alerts of alarms. An alert's id is made of rule, agency, hour and group, and each alarm has a position in it, so that what goes on, or is found again after
 * a restart, changes nothing.
 */
export class Raiser {
  readonly #deps: RaiserDeps
  /** Highest position raised, by alert. */
  readonly #raised = new Map<string, number>()
  readonly #notes = new Map<string, number>()

  constructor(deps: RaiserDeps) {
    this.#deps = deps
  }

  /** Resolves with how many alarms were new to this process. Those of one alert must come in the order of their positions. */
  async raise(alarms: readonly Alarm[]): Promise<number> {
    let raised = 0
    for (const alarm of alarms) if (await this.#raise(alarm)) raised++
    return raised
  }

  /** Adds to the alert of an alarm how it went on; `of` tells the note from others of the alert. */
  async tell(alarm: Alarm, of: string, text: LocalizedText): Promise<void> {
    await this.#write(idOf(alarm), of, alarm.agency, text)
  }

  async #raise(alarm: Alarm): Promise<boolean> {
    const { rule, agency, group, position, since, at, count, source } = alarm
    const hour = hourOf(since)
    const alert = idOf(alarm)
    if ((this.#raised.get(alert) ?? -1) >= position) return false
    const hits: AlertHits = {
      alert,
      rule: findWatchRule(rule)!,
      agency,
      hour,
      group,
      hits: [{ id: '', position, at, events: { count, ids: [], since } }],
      sources: source === undefined ? [] : [source],
      entities: { source: [], user: [], host: [] },
    }
    await this.#deps.hits.record(recorder, [hits])
    await this.#explain(alert, alarm)
    if (this.#raised.size >= mostRemembered) {
      this.#raised.clear()
      this.#notes.clear()
    }
    this.#raised.set(alert, position)
    return true
  }

  async #explain(alert: string, { agency, note, position }: Alarm): Promise<void> {
    const written = this.#notes.get(alert) ?? 0
    if (written >= mostNotes) return
    this.#notes.set(alert, written + 1)
    await this.#write(alert, String(position), agency, note)
  }

  async #write(alert: string, of: string, agency: string, text: LocalizedText): Promise<void> {
    const { documents, clock } = this.#deps
    const value = { alert, agency, at: clock.now().toISOString(), by: 'system:watch', text: `${text.vi}\n${text.en}` }
    // One that is there already is the same one.
    await documents.writeAll(scope, [toWrite(alertNoteKind, `${alert}@${of}`, value, 'new')])
  }
}

function idOf({ rule, agency, group, since }: Alarm): string {
  return alertIdOf(rule, agency, hourOf(since), group)
}

function hourOf(ms: number): number {
  return Math.floor(ms / hourMs) * hourMs
}
