import { ledgerGaps, type CollectorCounters, type LedgerCounts, type LedgerGaps } from '@vonggac/contract'
import type { LedgerReading, MinuteCounts } from '../ledger/index.ts'
import { timeText, type Alarm } from './alarm.ts'

const minuteMs = 60_000
/** Minutes older than that are a matter of the ledger's page: a source is looked at again when its totals change, and then so far back. */
const lookBackMs = 48 * 3_600_000

type Gap = keyof LedgerGaps
const gapNames: readonly Gap[] = ['notJournaled', 'notForwarded', 'notStored', 'notEvaluated']

const stages: Readonly<Record<Gap, { readonly vi: string; readonly en: string }>> = {
  notJournaled: { vi: 'nhận được nhưng không ghi bền', en: 'received and not journaled' },
  notForwarded: { vi: 'ghi bền nhưng không chuyển tiếp', en: 'journaled and not forwarded' },
  notStored: { vi: 'chuyển tiếp nhưng không lưu trữ', en: 'forwarded and not stored' },
  notEvaluated: { vi: 'lưu trữ nhưng không được luật nào đánh giá', en: 'stored and not evaluated' },
}

/** A source in the ledger, whether or not somebody declared it: the kernel's drops stand there too. */
export interface Account {
  readonly source: string
  readonly agency: string
  readonly counts: LedgerCounts
  /** Frames of it are turned away by wish or for good reasons: not to journal them is no loss. */
  readonly turnedAway: boolean
}

/** Which minutes do not add up for longer than they may. */
export class Balance {
  readonly #reading: Pick<LedgerReading, 'minutes'>
  readonly #patienceMs: number
  /** The gaps of the totals of each source whose minutes have been judged. */
  readonly #judged = new Map<string, string>()
  /** Until when frames of a source were turned away: what the ledger says of the time before does not tell such frames from lost ones. */
  readonly #turnedAwayUntil = new Map<string, number>()
  readonly #begun: number

  /** `begun`: when the watch began, ms. Drops that another process judged are not judged by what is known of the source now. */
  constructor(reading: Pick<LedgerReading, 'minutes'>, patienceMinutes: number, begun: number) {
    this.#reading = reading
    this.#patienceMs = patienceMinutes * minuteMs
    this.#begun = begun
  }

  /** One alarm for each minute and gap. A source whose totals show no other gaps than before costs nothing. */
  async alarms(account: Account, now: number): Promise<readonly Alarm[]> {
    const { source, counts, turnedAway } = account
    if (turnedAway) this.#turnedAwayUntil.set(source, now)
    const gaps = JSON.stringify(ledgerGaps(counts))
    if ((this.#judged.get(source) ?? noGaps) === gaps) return []
    const minutes = await this.#reading.minutes(source, now - lookBackMs, now + minuteMs)
    const late = minutes.filter(({ at }) => at + minuteMs + this.#patienceMs <= now)
    // What is younger may still add up: then it is looked at again.
    if (minutes.slice(late.length).every((minute) => this.#gapsOf(source, minute).length === 0)) this.#judged.set(source, gaps)
    return late.flatMap((minute) => this.#gapsOf(source, minute).map(([gap, missing]) => alarmOf(account, gap, missing, minute.at, now)))
  }

  /** What does not add up, and by how many events. More at a later stage than at the one before is as wrong as fewer. */
  #gapsOf(source: string, { at, counts }: MinuteCounts): [Gap, number][] {
    const gaps = ledgerGaps(counts)
    const dropsCount = at >= Math.max(this.#begun - this.#patienceMs - minuteMs, this.#turnedAwayUntil.get(source) ?? 0)
    return gapNames.flatMap((gap): [Gap, number][] => {
      const missing = Math.abs(gaps[gap])
      return missing === 0 || (gap === 'notJournaled' && !dropsCount) ? [] : [[gap, missing]]
    })
  }
}

const noGaps = JSON.stringify({ notJournaled: 0, notForwarded: 0, notStored: 0, notEvaluated: 0 } satisfies LedgerGaps)

function alarmOf({ source, agency }: Account, gap: Gap, missing: number, at: number, now: number): Alarm {
  return {
    rule: 'watch:ledger',
    agency,
    group: { source, gap },
    source,
    since: at,
    at: now,
    position: at,
    count: missing,
    note: {
      vi: `${source}: ${missing} sự kiện ${stages[gap].vi}, phút ${timeText(at)}.`,
      en: `${source}: ${missing} events ${stages[gap].en}, minute ${timeText(at)}.`,
    },
  }
}

/** Whether collectors get rid of what they hold: what they have not forwarded stands in no minute of the ledger yet. */
export class Progress {
  readonly #patienceMs: number
  readonly #moved = new Map<string, { readonly acknowledged: number; readonly at: number }>()

  constructor(patienceMinutes: number) {
    this.#patienceMs = patienceMinutes * minuteMs
  }

  alarms(collectors: readonly CollectorCounters[], operator: string, now: number): Alarm[] {
    return collectors.flatMap(({ collector, acknowledged, journaled }) => {
      const before = this.#moved.get(collector)
      const waiting = journaled - acknowledged
      if (!before || before.acknowledged !== acknowledged || waiting === 0) {
        this.#moved.set(collector, { acknowledged, at: now })
        return []
      }
      return now - before.at >= this.#patienceMs ? [stuck(collector, waiting, acknowledged, operator, before.at, now)] : []
    })
  }
}

function stuck(collector: string, waiting: number, acknowledged: number, agency: string, since: number, now: number): Alarm {
  return {
    rule: 'watch:ledger',
    agency,
    group: { collector, gap: 'notForwarded' satisfies Gap },
    since,
    at: now,
    position: acknowledged,
    count: waiting,
    note: {
      vi: `Bộ thu thập ${collector} giữ ${waiting} sự kiện và không chuyển tiếp được từ ${timeText(since)}.`,
      en: `The collector ${collector} holds ${waiting} events and has forwarded none since ${timeText(since)}.`,
    },
  }
}
