import type { HuntSchedule } from '@vonggac/contract'
import type { Window } from './kind.ts'

const minuteMs = 60_000

/** The first window of a schedule: it looks back, and ends now. */
export function firstWindow({ lookbackMinutes }: HuntSchedule, now: Date): Window {
  return { from: new Date(now.getTime() - lookbackMinutes * minuteMs).toISOString(), to: now.toISOString() }
}

/** The one that follows, so that the two touch. */
export function windowAfter({ to }: Pick<Window, 'to'>, { everyMinutes }: HuntSchedule): Window {
  return { from: to, to: new Date(Date.parse(to) + everyMinutes * minuteMs).toISOString() }
}

/** The window of a hunt whose schedule was changed: what was not looked at yet still will be. */
export function windowOfChanged(before: Window | null, was: HuntSchedule | null, schedule: HuntSchedule | null, now: Date): Window | null {
  if (schedule === null) return null
  if (before === null || was === null) return firstWindow(schedule, now)
  return was.everyMinutes === schedule.everyMinutes ? before : windowAfter({ to: before.from }, schedule)
}

export interface Skipped {
  readonly window: Window
  /** Windows that are given up. */
  readonly count: number
}

/** After a long downtime the newest `most` windows are made up for, those before them given up; undefined where there are fewer. */
export function skipped(window: Window, schedule: HuntSchedule, until: Date, most: number): Skipped | undefined {
  const lengthMs = schedule.everyMinutes * minuteMs
  const due = Math.floor((until.getTime() - Date.parse(window.to)) / lengthMs) + 1
  if (due <= most) return undefined
  const count = due - most
  const to = new Date(Date.parse(window.to) + (count - 1) * lengthMs).toISOString()
  return { window: windowAfter({ to }, schedule), count }
}
