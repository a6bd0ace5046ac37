import { fileURLToPath } from 'node:url'
import { emptyCounts, expectationSchema, type BatchHeader, type CollectorCounters, type Expectation, type Scope } from '@vonggac/contract'
import { afterEach, expect, it } from 'vitest'
import { alertKind, alertNoteKind, createHitRecorder } from '../alerts/index.ts'
import type { LineCounts } from '../detection/index.ts'
import { Ledger } from '../ledger/index.ts'
import { TestClock } from '../platform/testing.ts'
import type { Kind } from '../storage/document-store.ts'
import { openTestDocuments } from '../storage/testing.ts'
import { findWatchRule, readHolidays, Watch } from './index.ts'

const holidays = await readHolidays(fileURLToPath(new URL('../../../playbooks/calendars/vn-holidays.yml', import.meta.url)))
const centre: Scope = { agency: '*', role: 'analyst', tlp: 'TLP:RED', actor: 'an' }
const announcer = { announce: () => {} }
const [second, minute, hour] = [1_000, 60_000, 3_600_000]
const office: Expectation['calendar'] = { kind: 'hours', days: [1, 2, 3, 4, 5], from: '07:30', to: '17:00', restsOnHolidays: true }

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

interface Given {
  readonly start?: string
  readonly expectation?: Partial<Expectation>
  readonly paused?: boolean
  readonly collectorMinutes?: number
}

/** A collector that reports every half minute, and a watch that looks as often, from a Monday at 9 in the city on. */
async function openWatch({ start = '2026-11-23T02:00:00.000Z', expectation = {}, paused = false, collectorMinutes = 5 }: Given = {}) {
  const clock = new TestClock(start)
  const documents = openTestDocuments(clock)
  closing.push(() => documents.close())
  const ledger = await Ledger.open({ documents, announcer, operator: 'attt' })
  const name = { vi: 'Cổng', en: 'Portal' }
  const source = { id: 'portal', agency: 'yte', name, expectation: expectationSchema.parse(expectation), paused }
  const hits = createHitRecorder({ documents, announcer, clock })
  const open = () =>
    new Watch({ documents, hits, clock, operator: 'attt', holidays, sources: () => [source], ledgerMinutes: 10, collectorMinutes })
  const now = () => clock.now().getTime()
  let last = 0
  const state = {
    reports: true,
    journaled: 0,
    acknowledged: 0,
    lastReceived: null as string | null,
    dropped: [] as CollectorCounters['dropped'],
  }
  const test = {
    clock,
    documents,
    source,
    state,
    watch: open(),
    open,
    async report(): Promise<void> {
      const { reports, ...rest } = state
      const { lastReceived, journaled, acknowledged } = rest
      const source = {
        source: 'portal',
        agency: 'yte',
        received: journaled,
        journaled,
        forwarded: acknowledged,
        lastReceived,
        connections: 1,
      }
      const at = clock.now().toISOString()
      if (reports)
        await ledger.counters({ collector: 'c1', at, journalBytes: 0, assignment: 'none', trouble: [], sources: [source], ...rest })
    },
    /** So many events of the source arrive, at the present minute unless said, and come as far as `lost` says. */
    async receive(count: number, lost: Partial<LineCounts> = {}, at = now()): Promise<void> {
      const start = new Date(Math.floor(at / minute) * minute).toISOString()
      const [first, upTo] = [last + 1, (last += count)]
      const tally = { source: 'portal', agency: 'yte', minute: start, journaled: count, rejected: {} }
      const header: BatchHeader = { collector: 'c1', first, last: upTo, count, tallies: [tally] }
      await ledger.record(header, [
        { source: 'portal', agency: 'yte', minute: start, stored: count, evaluated: count, rejected: {}, ...lost } as LineCounts,
      ])
      state.lastReceived = new Date(at).toISOString()
    },
    /** Time goes by; the collector reports and the watch looks all along. */
    async pass(ms: number, step = 30 * second): Promise<void> {
      for (let gone = 0; gone < ms; gone += step) {
        clock.advance(step)
        await test.report()
        await test.watch.tick()
      }
    },
    alerts: () => every(alertKind),
    notes: () => every(alertNoteKind),
  }
  const every = async <T>(kind: Kind<T>) => {
    const page = await documents.find(centre, kind, { all: [] }, { orderBy: 'id', direction: 'ascending', limit: 1_000 })
    return page.items.map(({ value }) => value)
  }
  await test.report()
  return test
}

it('raises one alert for a source that falls silent, in its agency, and says since when', async () => {
  const { receive, pass, alerts, notes } = await openWatch()
  await receive(5)
  await pass(14 * minute)
  expect(await alerts()).toEqual([])
  await pass(90 * minute)
  expect(await alerts()).toMatchObject([
    {
      agency: 'yte',
      rule: { id: 'watch:silence', titles: { vi: 'Nguồn ngừng gửi nhật ký' } },
      severity: 'medium',
      group: { source: 'portal' },
      sources: ['portal'],
      hits: { count: 1, firstAt: '2026-11-23T02:00:00.000Z', lastAt: '2026-11-23T02:15:00.000Z', events: [] },
    },
  ])
  expect(await notes()).toMatchObject([
    { agency: 'yte', by: 'system:watch', text: expect.stringContaining('Cổng: nhật ký cuối cùng lúc') as string },
  ])
})

it('notes once when a silent source is heard again', async () => {
  const { receive, pass, alerts, notes } = await openWatch()
  await receive(1)
  await pass(20 * minute)
  await receive(1)
  await pass(5 * minute)
  expect(await alerts()).toHaveLength(1)
  expect((await notes()).filter(({ text }) => text.includes('đã gửi lại')).map(({ alert }) => alert)).toEqual([(await alerts())[0]!.id])
})

it('raises another when the source sent again and fell silent again, and nothing new after a restart', async () => {
  const soc = await openWatch()
  await soc.receive(1)
  await soc.pass(70 * minute)
  await soc.receive(1)
  await soc.pass(70 * minute)
  expect(await soc.alerts()).toHaveLength(2)
  await soc.watch.close()
  soc.clock.advance(2 * minute)
  soc.watch = soc.open()
  await soc.pass(40 * minute)
  expect((await soc.alerts()).map(({ hits }) => hits.count)).toEqual([1, 1])
})

it('names a source that nobody has connected after a day, once, and tells when it is heard', async () => {
  const soc = await openWatch({ start: '2026-11-27T09:00:00.000Z', expectation: { calendar: office }, collectorMinutes: 60 })
  await soc.pass(24 * hour, 30 * minute)
  expect(await soc.alerts()).toEqual([])
  // Saturday and Sunday do not count; it rests.
  await soc.pass(36 * hour, 30 * minute)
  await soc.watch.close()
  soc.watch = soc.open()
  await soc.pass(8 * hour, 30 * minute)
  expect(await soc.alerts()).toMatchObject([
    {
      agency: 'yte',
      rule: { id: 'watch:never-heard' },
      severity: 'low',
      sources: ['portal'],
      hits: { count: 1, firstAt: '2026-11-27T09:30:00.000Z', lastAt: '2026-11-30T00:45:00.000Z' },
    },
  ])
  await soc.receive(1)
  await soc.pass(2 * minute)
  expect((await soc.notes()).map(({ text }) => text).join()).toContain('đã gửi lần đầu')
  expect((await soc.alerts()).map(({ rule, hits }) => [rule.id, hits.count])).toEqual([['watch:never-heard', 1]])
})

it('does not await a source that is paused, nor where no collector could hear it', async () => {
  const soc = await openWatch({ paused: true, collectorMinutes: 60 })
  await soc.pass(30 * hour, 30 * minute)
  soc.source.paused = false
  await soc.pass(20 * hour, 30 * minute)
  expect(await soc.alerts()).toEqual([])
  soc.state.reports = false
  await soc.pass(20 * hour, 30 * minute)
  expect((await soc.alerts()).map(({ rule }) => rule.id)).toEqual(['watch:collector'])
})

it.each([
  ['a source that has never sent', {}, 0],
  ['a source whose silence is no alarm', { expectation: { silenceMinutes: 0 } }, 1],
  ['a paused source', { paused: true }, 1],
  ['a source that rests: the evening', { start: '2026-11-23T09:59:00.000Z', expectation: { calendar: office } }, 1],
  ['a source that rests: Tết', { start: '2026-02-17T02:00:00.000Z', expectation: { calendar: office } }, 1],
])('is silent about %s', async (_, given: Given, events) => {
  const { receive, pass, alerts } = await openWatch(given)
  if (events > 0) await receive(events)
  await pass(3 * hour, minute)
  expect(await alerts()).toEqual([])
})

it('raises an alert in the morning for a source of office hours that stopped in the evening', async () => {
  const { receive, pass, alerts } = await openWatch({ start: '2026-11-23T09:50:00.000Z', expectation: { calendar: office } })
  await receive(1)
  await pass(15 * hour, minute)
  expect((await alerts()).map(({ hits }) => hits.lastAt)).toEqual(['2026-11-24T00:35:00.000Z'])
})

it('names a collector that reports no more, and does not call its sources silent', async () => {
  const { receive, report, pass, alerts, state } = await openWatch()
  await receive(1)
  await pass(minute)
  state.reports = false
  await pass(60 * minute)
  expect(await alerts()).toMatchObject([{ agency: 'attt', rule: { id: 'watch:collector' }, group: { collector: 'c1' }, severity: 'high' }])
  state.reports = true
  await report()
  await pass(14 * minute)
  expect(await alerts()).toHaveLength(1)
  await pass(2 * minute)
  expect((await alerts()).map(({ rule }) => rule.id).toSorted()).toEqual(['watch:collector', 'watch:silence'])
})

it('raises an alert for minutes that do not add up after ten minutes, with the events that are missing', async () => {
  const { receive, pass, alerts, notes } = await openWatch({ expectation: { silenceMinutes: 0 } })
  await receive(10, { stored: 7, evaluated: 6, rejected: { unparsed: 1 } })
  await pass(10 * minute)
  expect(await alerts()).toEqual([])
  await pass(2 * minute)
  await receive(10, { evaluated: 8 })
  await pass(30 * minute)
  const found = await alerts()
  expect(found.map(({ rule, group, hits }) => [rule.id, group['gap'], hits.count]).toSorted()).toEqual([
    ['watch:ledger', 'notEvaluated', 2],
    ['watch:ledger', 'notStored', 3],
  ])
  expect((await notes()).map(({ text }) => text).join()).toContain('3 sự kiện chuyển tiếp nhưng không lưu trữ')
  await receive(10)
  await pass(30 * minute)
  expect(await alerts()).toEqual(found)
})

it('takes what a collector or the kernel dropped for a loss, but not what is turned away by wish', async () => {
  const soc = await openWatch({ expectation: { silenceMinutes: 0 } })
  await soc.receive(1)
  soc.state.dropped = [
    { source: 'portal', reason: 'journal-full', count: 4 },
    { source: 'kernel-udp', reason: 'receive-buffer-full', count: 5 },
    { source: 'unknown', reason: 'unknown-token', count: 6 },
  ]
  await soc.pass(20 * minute)
  const found = (await soc.alerts()).map(({ agency, group, hits }) => [agency, group['source'], group['gap'], hits.count])
  expect(found.toSorted()).toEqual([
    ['attt', 'kernel-udp', 'notJournaled', 5],
    ['yte', 'portal', 'notJournaled', 4],
  ])
})

it('does not take what was turned away while the source was paused for a loss when it is no more', async () => {
  const soc = await openWatch({ expectation: { silenceMinutes: 0 }, paused: true })
  const drop = (count: number) => (soc.state.dropped = [{ source: 'portal', reason: 'paused', count }])
  await soc.receive(1)
  drop(4)
  await soc.pass(20 * minute)
  soc.source.paused = false
  await soc.pass(2 * minute)
  drop(7)
  await soc.pass(20 * minute)
  expect((await soc.alerts()).map(({ hits }) => hits.count)).toEqual([3])
  soc.watch = soc.open()
  await soc.pass(20 * minute)
  expect(await soc.alerts()).toHaveLength(1)
})

it('raises an alert for a collector that holds events and forwards none', async () => {
  const { pass, alerts, state } = await openWatch()
  Object.assign(state, { journaled: 50, acknowledged: 20 })
  await pass(9 * minute)
  state.acknowledged = 30
  await pass(9 * minute)
  expect(await alerts()).toEqual([])
  await pass(9 * minute)
  expect(await alerts()).toMatchObject([{ agency: 'attt', group: { collector: 'c1', gap: 'notForwarded' }, hits: { count: 20 } }])
})

it('raises an alert for far too many events at once, and for far too few when the day is over', async () => {
  const { receive, pass, alerts } = await openWatch({ expectation: { eventsPerDay: 100, silenceMinutes: 0, calendar: office } })
  await receive(100)
  await pass(10 * minute, minute)
  expect(await alerts()).toEqual([])
  await receive(301)
  await pass(10 * minute, minute)
  expect(await alerts()).toMatchObject([{ rule: { id: 'watch:volume' }, group: { source: 'portal', volume: 'high' } }])
  await pass(24 * hour, 30 * minute)
  await receive(24)
  await pass(14 * hour, 30 * minute)
  expect((await alerts()).map(({ group }) => group['volume'])).toHaveLength(1)
  await pass(6 * hour, 30 * minute)
  expect((await alerts()).map(({ group }) => group['volume']).toSorted()).toEqual(['high', 'low'])
})

it('judges each hour by what is usual in it, and tells of the hours of a day in one alert', async () => {
  const usual = Array.from({ length: 168 }, (_, hour) => (hour % 24 >= 8 && hour % 24 < 17 ? 100 : 0))
  const expectation = { eventsPerHour: usual, silenceMinutes: 0, calendar: office }
  const soc = await openWatch({ start: '2026-11-23T01:00:00.000Z', expectation, collectorMinutes: 600 })
  // From 8 to 11 as ever, then twice nearly nothing, and far too much in the evening; on Saturday nothing is expected.
  for (const count of [100, 90, 110, 24, 20]) {
    await soc.receive(count)
    await soc.pass(hour, 30 * minute)
  }
  for (let times = 0; times < 4; times++) {
    await soc.receive(80)
    await soc.pass(hour, 30 * minute)
  }
  expect((await soc.alerts()).map(({ group, hits }) => [group['volume'], hits.count])).toEqual([['low', 2]])
  await soc.pass(3 * hour, 30 * minute)
  await soc.receive(101)
  await soc.pass(hour, 30 * minute)
  const found = await soc.alerts()
  expect(found.map(({ group, hits }) => [group['volume'], hits.count, hits.firstAt]).toSorted()).toEqual([
    ['high', 1, '2026-11-22T17:00:00.000Z'],
    ['low', 2, '2026-11-22T17:00:00.000Z'],
  ])
  expect((await soc.notes()).map(({ text }) => text).join()).toContain('nhận 24 sự kiện trong giờ bắt đầu lúc 11:00 23/11/26')
  soc.watch = soc.open()
  await soc.pass(hour, 30 * minute)
  expect(await soc.alerts()).toEqual(found)
})

it('is done by one of two analyzers', async () => {
  const { open, receive, pass, alerts, watch } = await openWatch()
  const other = open()
  await receive(1)
  await watch.tick()
  await pass(20 * minute)
  expect([await other.tick(), (await alerts()).length]).toEqual([0, 1])
})

it('tells what an alert is about, and nothing of other rules', () => {
  expect(findWatchRule('watch:ledger')?.descriptions?.en).toContain('Events received')
  expect([findWatchRule('hunt:1'), emptyCounts().stored]).toEqual([undefined, 0])
})
