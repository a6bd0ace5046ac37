import type { CollectorCounters } from '@vonggac/contract'
import { timeText, type Alarm } from './alarm.ts'

const minuteMs = 60_000
/** Who has not reported for so long is taken to be gone for good, and has been an alarm long enough. */
const goneMs = 7 * 86_400_000

/** Which collectors are there, and since when without a break; they report every few seconds. Known from what is seen, so it begins anew with the process. */
export class Presence {
  readonly begun: number
  readonly #patienceMs: number
  readonly #seen = new Map<string, { readonly since: number; readonly at: number; readonly heard: number }>()

  constructor(begun: number, patienceMinutes: number) {
    this.begun = begun
    this.#patienceMs = patienceMinutes * minuteMs
  }

  /** Takes what the collectors said last. The times that they name are those of their own clocks: what counts is when we see them change. */
  see(collectors: readonly CollectorCounters[], now: number): void {
    for (const { collector, at } of collectors) {
      const said = Date.parse(at)
      const before = this.#seen.get(collector)
      if (before === undefined) this.#seen.set(collector, { since: this.begun, at: said, heard: this.begun })
      else if (said !== before.at) {
        const broken = now - before.heard >= this.#patienceMs
        this.#seen.set(collector, { since: broken ? now : before.since, at: said, heard: now })
      }
    }
  }

  /** Since when the collector has been heard without a break; undefined while it is not. */
  since(collector: string, now: number): number | undefined {
    const seen = this.#seen.get(collector)
    return seen && now - seen.heard < this.#patienceMs ? seen.since : undefined
  }

  /** An alarm for each collector that is heard no more. */
  missing(collectors: readonly CollectorCounters[], operator: string, now: number): Alarm[] {
    return collectors.flatMap(({ collector, at, journaled, acknowledged }): Alarm[] => {
      const [said, waiting] = [Date.parse(at), journaled - acknowledged]
      if (this.since(collector, now) !== undefined || now - said > goneMs) return []
      return [
        {
          rule: 'watch:collector',
          agency: operator,
          group: { collector },
          since: said,
          at: now,
          position: said,
          count: 1,
          note: {
            vi: `Bộ thu thập ${collector} báo cáo lần cuối lúc ${timeText(said)}, khi đó còn giữ ${waiting} sự kiện chưa chuyển tiếp.`,
            en: `The collector ${collector} last reported at ${timeText(said)} and held ${waiting} events then that it had not forwarded.`,
          },
        },
      ]
    })
  }
}
