import {
  addCounts,
  emptyCounts,
  fields,
  ledgerGaps,
  systemScope,
  VonggacError,
  type Alert,
  type CollectorCounters,
  type EventBatch,
  type FlatEvent,
  type LedgerCounts,
} from '@vonggac/contract'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { alertKind, createHitRecorder } from '../alerts/index.ts'
import { openCorrelation } from '../correlation/index.ts'
import { correlationStateKind, stateId } from '../correlation/state.ts'
import { batchOf, inlineDetector, ruleIn, rulesFrom, type TestBatch, type TestFrame } from '../detection/testing.ts'
import { ledgerHourKind, ledgerTotalKind } from '../ledger/kind.ts'
import { Ledger } from '../ledger/index.ts'
import type { LinkReceiver } from '../platform/index.ts'
import type { DocumentStore } from '../storage/index.ts'
import { openTestDocuments } from '../storage/testing.ts'
import { createIngest } from './ingest.ts'

const traversal = '11111111-1111-4111-8111-111111111111'
const often = '22222222-2222-4222-8222-222222222222'
const rules = rulesFrom(
  `
title: Traversal
id: ${traversal}
logsource: { category: webserver }
detection: { selection: { url.original|contains: '../' }, condition: selection }
level: high
vonggac: { group_by: [source.ip] }
`,
  `
title: Often
id: ${often}
level: critical
correlation:
  type: event_count
  rules: [${traversal}]
  group-by: [source.ip]
  timespan: 20m
  generate: true
  condition: { gte: 3 }
`,
)
const scope = systemScope('test')
const clock = { now: () => new Date('2026-11-22T03:00:30.000Z') }
/** After everything that is received: the correlator believes the times of receipt. */
const later = { now: () => new Date('2026-11-23T00:00:00.000Z') }
const silent = { announce: () => {} }

/** What stays when the process is killed: both stores, and nothing else. */
class Machine {
  readonly documents = openTestDocuments()
  readonly lines: string[] = []
  readonly #positions = new Map<string, number>()
  /** Called before and after each durable step; it throws where the process is to be killed. */
  step: () => void = () => {}

  /** A fresh process on this machine. */
  async start(): Promise<LinkReceiver> {
    const documents = this.#cut(this.documents)
    const ledger = await Ledger.open({ documents, announcer: silent, operator: 'attt' })
    const hits = createHitRecorder({ documents, announcer: silent, clock })
    const deps = { documents, hits, rules: { find: (id: string) => ruleIn(rules, id) }, clock: later, operator: 'attt' }
    const correlation = await openCorrelation(deps, rules)
    const events = { append: async (batch: EventBatch) => this.#append(batch) }
    return createIngest({ detector: inlineDetector(rules), events, hits, correlation, ledger })
  }

  #append({ collector, bytes, last }: EventBatch): { stored: number } {
    this.step()
    const stored: string[] = []
    if (last > (this.#positions.get(collector) ?? -1)) {
      stored.push(...new TextDecoder().decode(bytes).trimEnd().split('\n'))
      this.#positions.set(collector, last)
    }
    this.lines.push(...stored)
    this.step()
    return { stored: stored.length }
  }

  #cut(documents: DocumentStore): DocumentStore {
    return new Proxy(documents, {
      get: (store, name: keyof DocumentStore) => {
        const method = (store[name] as (...args: unknown[]) => Promise<unknown>).bind(store)
        if (name !== 'writeAll' && name !== 'write') return method
        return async (...args: unknown[]) => {
          this.step()
          const result = await method(...args)
          this.step()
          return result
        }
      },
    })
  }

  async alerts(): Promise<readonly Alert[]> {
    const page = await this.documents.find(scope, alertKind, { all: [] }, { orderBy: 'id', direction: 'ascending', limit: 1_000 })
    return page.items.map(({ value }) => value)
  }

  async totals(): Promise<Readonly<Record<string, LedgerCounts>>> {
    const page = await this.documents.find(scope, ledgerTotalKind, { all: [] }, { orderBy: 'source', direction: 'ascending', limit: 1_000 })
    return Object.fromEntries(page.items.map(({ value }) => [value.source, value.counts]))
  }

  async byMinute(): Promise<Readonly<Record<string, LedgerCounts>>> {
    const page = await this.documents.find(scope, ledgerHourKind, { all: [] }, { orderBy: 'source', direction: 'ascending', limit: 1_000 })
    return Object.fromEntries(
      page.items.flatMap(({ id, value }) => Object.entries(value.minutes).map(([minute, counts]) => [`${id} ${minute}`, counts])),
    )
  }
}

const attack = (ip: string): TestFrame => ({
  event: { 'url.original': '/../', 'source.ip': ip, 'vonggac.logsource.category': 'webserver' },
})
const idsOf = (lines: readonly string[]) => lines.map((line) => (JSON.parse(line) as FlatEvent)[fields.id])
const copy = ({ header, bytes }: TestBatch): [TestBatch['header'], Uint8Array] => [header, bytes.slice()]

it('stores, alerts, counts, and gives a receipt; a repeat changes nothing', async () => {
  const machine = new Machine()
  const ingest = await machine.start()
  const batch = batchOf('c1', 0, [attack('203.0.113.7'), {}, attack('203.0.113.7'), { line: 'garbage' }])
  expect(await ingest.receive(...copy(batch))).toEqual({ collector: 'c1', last: 3, stored: 4, rejected: 1 })
  const before = [await machine.alerts(), await machine.totals(), await machine.byMinute()]
  expect(await ingest.receive(...copy(batch))).toEqual({ collector: 'c1', last: 3, stored: 0, rejected: 1 })
  expect([await machine.alerts(), await machine.totals(), await machine.byMinute()]).toEqual(before)
  expect((await machine.alerts())[0]).toMatchObject({
    severity: 'high',
    status: 'new',
    hits: { count: 2, upTo: { c1: 2 } },
    group: { 'source.ip': '203.0.113.7' },
  })
  expect((await machine.totals())['portal']).toEqual({
    received: 4,
    journaled: 4,
    forwarded: 4,
    stored: 4,
    evaluated: 3,
    rejected: { 'bad-event': 1 },
  })
})

it('adds the hits of later batches and of other collectors to the alert', async () => {
  const machine = new Machine()
  const ingest = await machine.start()
  await ingest.receive(...copy(batchOf('c1', 0, [attack('203.0.113.7')])))
  await ingest.receive(...copy(batchOf('c1', 1, [attack('203.0.113.7')])))
  await ingest.receive(...copy(batchOf('c2', 0, [attack('203.0.113.7')])))
  expect((await machine.alerts()).map(({ hits }) => [hits.count, hits.upTo, hits.events.length])).toEqual([[3, { c1: 1, c2: 0 }, 3]])
})

it('takes one batch of a collector at a time', async () => {
  const ingest = await new Machine().start()
  const first = ingest.receive(...copy(batchOf('c1', 0, [{}])))
  await expect(ingest.receive(...copy(batchOf('c1', 1, [{}])))).rejects.toMatchObject({ code: 'busy' })
  await ingest.receive(...copy(batchOf('c2', 0, [{}])))
  await first
  expect(await ingest.receive(...copy(batchOf('c1', 1, [{}])))).toMatchObject({ stored: 1 })
})

it('counts what a collector dropped as received and not journaled, once', async () => {
  const machine = new Machine()
  const ingest = await machine.start()
  const counters = (count: number) => ({
    collector: 'c1',
    at: '2026-11-22T03:00:10.000Z',
    journaled: 0,
    acknowledged: 0,
    journalBytes: 0,
    assignment: 'none',
    trouble: [],
    dropped: [{ source: 'portal', reason: 'kernel-udp', count }],
    sources: [{ source: 'portal', agency: 'stttt', received: count, journaled: 0, forwarded: 0, lastReceived: null, connections: 1 }],
  })
  await ingest.counters(counters(5))
  await (await machine.start()).counters(counters(7))
  expect(ledgerGaps((await machine.totals())['portal']!)).toEqual({ notJournaled: 7, notForwarded: 0, notStored: 0, notEvaluated: 0 })
})

/** What correlation remembers. */
async function correlated(machine: Machine) {
  return (await machine.documents.read(scope, correlationStateKind, stateId))?.value
}

const frame: fc.Arbitrary<TestFrame> = fc
  .record({
    kind: fc.constantFrom('attack', 'attack', 'attack', 'ordinary', 'garbage', 'unparsed'),
    source: fc.constantFrom('portal', 'ssh'),
    ip: fc.constantFrom('203.0.113.7', '203.0.113.8'),
    minute: fc.oneof(fc.integer({ min: 55, max: 65 }), fc.integer({ min: 0, max: 90 })),
  })
  .map(({ kind, source, ip, minute }) => {
    const receivedMs = Date.UTC(2026, 10, 22, 3) + minute * 60_000
    if (kind === 'garbage') return { source, receivedMs, line: 'garbage' }
    if (kind === 'unparsed') return { source, receivedMs, event: { 'event.kind': 'pipeline_error', 'error.code': 'unparsed' } }
    return { source, receivedMs, ...(kind === 'attack' ? attack(ip) : {}) }
  })

const flow = fc.array(fc.record({ collector: fc.constantFrom('c1', 'c2'), frames: fc.array(frame, { minLength: 1, maxLength: 6 }) }), {
  minLength: 1,
  maxLength: 6,
})

function batchesOf(drawn: readonly { readonly collector: string; readonly frames: readonly TestFrame[] }[]): readonly TestBatch[] {
  const next = new Map<string, number>()
  return drawn.map(({ collector, frames }) => {
    const first = next.get(collector) ?? 0
    next.set(collector, first + frames.length)
    return batchOf(collector, first, frames)
  })
}

/** Every collector says that nothing more is under way: correlation need not wait. */
const quiet = (collector: string): CollectorCounters => ({
  collector,
  at: '2026-11-22T12:00:00.000Z',
  journaled: 0,
  acknowledged: 0,
  journalBytes: 0,
  assignment: 'none',
  trouble: [],
  dropped: [],
  sources: [],
})

it('raises the alert of a correlation when the collector says that all is recorded, and once', async () => {
  const machine = new Machine()
  const ingest = await machine.start()
  await ingest.receive(...copy(batchOf('c1', 0, [attack('203.0.113.7'), {}, attack('203.0.113.7')])))
  await ingest.receive(...copy(batchOf('c1', 3, [attack('203.0.113.7')])))
  const ofOften = async () => (await machine.alerts()).filter(({ rule }) => rule.id === often)
  expect(await ofOften()).toEqual([])
  await ingest.counters({ ...quiet('c1'), journaled: 5, acknowledged: 4 })
  expect(await ofOften()).toEqual([])
  await ingest.counters(quiet('c1'))
  const expected = { severity: 'critical', agency: 'stttt', group: { 'source.ip': '203.0.113.7' }, sources: ['portal'] }
  expect(await ofOften()).toMatchObject([
    { ...expected, hits: { count: 3, upTo: { correlation: 1 } }, entities: { source: ['203.0.113.7'] } },
  ])
  expect((await ofOften())[0]?.hits.events.map((id) => id.slice(-2))).toEqual(['00', '02', '03'])
  await (await machine.start()).counters(quiet('c1'))
  expect((await ofOften()).map(({ hits }) => hits.count)).toEqual([3])
})

it('leaves each event, alert and count once, wherever the process is killed and however often', async () => {
  await fc.assert(
    fc.asyncProperty(flow, fc.array(fc.integer({ min: 0, max: 16 }), { maxLength: 8 }), async (drawn, cuts) => {
      const batches = batchesOf(drawn)
      const calm = new Machine()
      const ingest = await calm.start()
      for (const batch of batches) await ingest.receive(...copy(batch))
      await ingest.counters(quiet('c1'))

      const stormy = new Machine()
      const pending = [...cuts]
      const untilDone = async (send: (to: LinkReceiver) => Promise<unknown>) => {
        for (let done = false; !done;) {
          let steps = pending.shift() ?? Infinity
          stormy.step = () => {
            if (steps-- === 0) throw new VonggacError('store-failed', 'killed')
          }
          const fresh = await stormy.start()
          done = await send(fresh).then(
            () => true,
            () => false,
          )
        }
      }
      for (const batch of batches) await untilDone((to) => to.receive(...copy(batch)))
      await untilDone((to) => to.counters(quiet('c1')))

      expect(idsOf(stormy.lines)).toEqual(idsOf(calm.lines))
      expect(new Set(idsOf(stormy.lines)).size).toBe(batches.reduce((sum, { header }) => sum + header.count, 0))
      expect(await stormy.alerts()).toEqual(await calm.alerts())
      expect(await correlated(stormy)).toEqual(await correlated(calm))
      expect(await stormy.totals()).toEqual(await calm.totals())
      expect(await stormy.byMinute()).toEqual(await calm.byMinute())
      const whole = Object.values(await stormy.totals()).reduce((sum, counts) => addCounts(sum, counts), emptyCounts())
      expect(ledgerGaps(whole)).toEqual({ notJournaled: 0, notForwarded: 0, notStored: 0, notEvaluated: 0 })
    }),
    { numRuns: 60 },
  )
})
