import { formatEventId, systemScope } from '@vonggac/contract'
import type { Expression } from '@vonggac/sigma'
import type { EventQuery, EventStore } from '../../analyzer/src/storage/index.ts'
import { rareText } from './events.ts'
import { huntedRules } from './hunted-rules.ts'

const day = 86_400_000
export const start = Date.UTC(2026, 10, 21)
export const scope = systemScope('benchmark')
const is = (field: string, value: string): Expression => ({ field, test: { kind: 'equals', value } })
const holds = (field: string, value: string): Expression => ({ field, test: { kind: 'contains', value } })
/** With what arrives after the day of the benchmark. */
export const everything = { where: { all: [] }, range: { from: new Date(start), to: new Date(start + 2 * day) } } satisfies EventQuery

/** Events a second that spread so many over the day of the benchmark. */
export const ratePerSecond = (events: number) => events / (day / 1000)

/** What hunters ask, by name; of a store that holds so many events of the mill. */
export function queries(store: EventStore, events: number): readonly (readonly [string, () => Promise<unknown>])[] {
  const all = everything
  const network = (cidr: string): Expression => ({ field: 'source.ip', test: { kind: 'network', cidr } })
  const userAndNetwork = (cidr: string) => ({ ...all, where: { all: [is('user.name', 'lan'), network(cidr)] } })
  const middle = events >> 1
  const id = formatEventId(start + Math.floor((middle * 1000) / ratePerSecond(events)), 'c1', middle)
  const newest = { order: 'newest', limit: 100 } as const
  const top = { by: 'terms', size: 10 } as const
  const fiveMinutes = { by: 'time', bucketSeconds: 300 } as const
  return [
    ['count and 5-minute histogram', () => store.aggregate(scope, all, { ...fiveMinutes, split: 'event.dataset' })],
    ['histogram of failures', () => store.aggregate(scope, { ...all, where: is('event.outcome', 'failure') }, fiveMinutes)],
    ['newest 100, whole rows', () => store.search(scope, { ...all, ...newest })],
    ['newest 100 by user and network', () => store.search(scope, { ...userAndNetwork('203.113.131.0/24'), ...newest })],
    ['newest 100 by user and rare network', () => store.search(scope, { ...userAndNetwork('77.12.0.0/16'), ...newest })],
    ['rare substring', () => store.search(scope, { ...all, where: holds('process.command_line', rareText), ...newest })],
    ['substring that is nowhere', () => store.search(scope, { ...all, where: holds('message', 'khong-co'), ...newest })],
    // Its digits are everywhere, so that nothing rules it out: a scan of the column.
    ['rare digits', () => store.search(scope, { ...all, where: holds('process.command_line', 'lang=vi 0f3a7'), ...newest })],
    ['top 10 addresses', () => store.aggregate(scope, all, { ...top, field: 'source.ip' })],
    ['top 10 users', () => store.aggregate(scope, all, { ...top, field: 'user.name' })],
    ['by id', () => store.read(scope, id)],
    ['50 rules over everything', () => retroHunt(store)],
  ]
}

async function retroHunt(store: EventStore): Promise<number> {
  let bytes = 0
  for await (const chunk of store.scan(scope, { ...everything, where: { any: huntedRules() } })) bytes += chunk.byteLength
  return bytes
}
