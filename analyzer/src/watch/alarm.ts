import type { Expectation, LocalizedText, Scalar } from '@vonggac/contract'
import type { WatchRule } from './rules.ts'

/** A source that somebody relies on. */
export interface WatchedSource {
  readonly id: string
  readonly agency: string
  readonly name: LocalizedText
  readonly expectation: Expectation
  /** What a paused source sends is turned away by wish. */
  readonly paused: boolean
}

/** Something that is not as it should be. Times in ms. */
export interface Alarm {
  readonly rule: WatchRule
  readonly agency: string
  /** What tells this alarm from others of its rule; with the hour of `since` it makes the alert's identity. */
  readonly group: Readonly<Record<string, Scalar>>
  /** Where the source stands in the alert's list of sources. */
  readonly source?: string
  readonly since: number
  /** When it became an alarm. */
  readonly at: number
  /** Grows with what is found anew within one alert: what was found before is known by it. */
  readonly position: number
  /** Events that are concerned; 1 where it is no number of events. */
  readonly count: number
  /** The figures, for whoever reads the alert. */
  readonly note: LocalizedText
}

/** `22/11/2026 10:05`, in the city's own time. */
export function timeText(ms: number): string {
  return timeFormat.format(ms)
}

const timeFormat = new Intl.DateTimeFormat('vi-VN', {
  timeZone: 'Asia/Ho_Chi_Minh',
  dateStyle: 'short',
  timeStyle: 'short',
})
