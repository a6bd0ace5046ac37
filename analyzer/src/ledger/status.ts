import {
  addCounts,
  emptyCounts,
  unknownSource,
  type CollectorCounters,
  type Config,
  type DropPlace,
  type LedgerCounts,
  type LocalizedText,
  type SourceConfig,
  type SourceStatus,
} from '@vonggac/contract'
import { addressesOf } from './addresses.ts'
import type { LedgerHour, LedgerTotal } from './kind.ts'

const minuteMs = 60_000

/** Counts of the sixty minutes that end with the present one, oldest first. */
export function lastSixty(hours: readonly LedgerHour[], now: Date): readonly LedgerCounts[] {
  const byMinute = new Map<number, LedgerCounts>()
  for (const { hour, minutes } of hours) {
    for (const [minute, counts] of Object.entries(minutes)) byMinute.set(Date.parse(hour) + Number(minute) * minuteMs, counts)
  }
  const present = Math.floor(now.getTime() / minuteMs) * minuteMs
  return Array.from({ length: 60 }, (_, index) => byMinute.get(present - (59 - index) * minuteMs) ?? emptyCounts())
}

/** A source that the configuration names, or that was registered. */
export function configuredSource(config: Pick<Config, 'collector'>, source: SourceConfig): Described {
  return { ...source, addresses: addressesOf(config.collector, source) }
}

const turnedAway = (door: string): LocalizedText => ({ vi: `Kết nối bị từ chối: ${door}`, en: `Connections turned away: ${door}` })

/** Where collectors lose what never became a source's (contract: link.ts, `dropped`). */
const placeNames: Readonly<Record<DropPlace | typeof unknownSource, LocalizedText>> = {
  'kernel-udp': {
    vi: 'Gói UDP bị nhân hệ điều hành bỏ vì bộ đệm đầy',
    en: 'UDP datagrams that the kernel dropped, its buffer being full',
  },
  journal: {
    vi: 'Sự kiện bị bỏ vì nhật ký tạm của bộ thu thập đầy hoặc hỏng',
    en: 'Events given up by a collector’s full or damaged journal',
  },
  'syslog-tcp': turnedAway('syslog TCP'),
  'syslog-tls': turnedAway('syslog TLS'),
  relp: turnedAway('RELP'),
  'relp-tls': turnedAway('RELP TLS'),
  lumberjack: turnedAway('Lumberjack'),
  'lumberjack-tls': turnedAway('Lumberjack TLS'),
  'gelf-tcp': turnedAway('GELF TCP'),
  'gelf-tls': turnedAway('GELF TLS'),
  http: turnedAway('HTTP'),
  'http-tls': turnedAway('HTTPS'),
  [unknownSource]: { vi: 'Bên gửi lạ', en: 'Unknown senders' },
}
const nameOfPlace: ReadonlyMap<string, LocalizedText> = new Map(Object.entries(placeNames))

/** A source that only the ledger knows: frames whose sender no configured source matches, or a source that was taken out of the configuration. */
export function unlistedSource(total: LedgerTotal): Described {
  const { source: id, agency } = total
  const name = nameOfPlace.get(id) ?? { vi: `${id} (chưa khai báo)`, en: `${id} (not configured)` }
  return { id, name, agency, transport: '', addresses: [], parsers: [] }
}

type Described = Pick<SourceStatus, 'id' | 'name' | 'agency' | 'system' | 'transport' | 'registered' | 'addresses' | 'parsers'>

export function statusOf(
  source: Described,
  total: LedgerTotal | undefined,
  hours: readonly LedgerHour[],
  collectors: Iterable<CollectorCounters>,
  now: Date,
): SourceStatus {
  const { id, name, agency, system, transport, registered, addresses, parsers } = source
  const live = [...collectors].flatMap(({ sources }) => sources.filter((counters) => counters.source === id))
  const minutes = lastSixty(hours, now)
  const lastReceived = [total?.lastMinute, ...live.map((counters) => counters.lastReceived)].filter(Boolean).toSorted().at(-1)
  return {
    id,
    name,
    agency,
    ...(system === undefined ? {} : { system }),
    transport,
    ...(registered === undefined ? {} : { registered }),
    addresses,
    parsers,
    lastReceived: lastReceived ?? null,
    connections: add(live.map(({ connections }) => connections)),
    total: withLive(total?.counts ?? emptyCounts(), live),
    lastHour: minutes.reduce((sum, counts) => addCounts(sum, counts), emptyCounts()),
    perMinute: minutes.map(({ stored }) => stored),
  }
}

/** What a collector has received and not yet sent is known from its counters alone; they may be some seconds older than the ledger. */
function withLive(counts: LedgerCounts, live: CollectorCounters['sources']): LedgerCounts {
  return {
    ...counts,
    received: Math.max(counts.received, add(live.map(({ received }) => received))),
    journaled: Math.max(counts.journaled, add(live.map(({ journaled }) => journaled))),
  }
}

function add(numbers: readonly number[]): number {
  return numbers.reduce((sum, n) => sum + n, 0)
}
