import { readFile } from 'node:fs/promises'
import type { CollectorAddresses } from '@vonggac/collector'
import { fields, rejectedKind, type FlatEvent } from '@vonggac/contract'
import { expect } from 'vitest'
import type { NullAnalyzerOptions } from '../fixtures/null-analyzer.ts'
import { KilledCollector } from './killed-collector.ts'
import { patience } from './noise.ts'

const mostMegabytes = 512

/** What came out of a source. */
interface Heard {
  read: number
  readonly rejected: Record<string, number>
  /** Characters of the longest frame that was kept. */
  longest: number
}

/** What noise is to come to. */
export interface Account {
  /** Frames that were sent. */
  readonly frames: number
  /** Why some of them may be refused. */
  readonly refusals?: readonly string[]
  /** Connections that were ended for breaking the protocol, and where they are counted. */
  readonly broken?: { readonly place: string; readonly connections: number }
  /** What is kept of a frame. */
  readonly keptBytes: number
}

/** A collector as a process of its own that is sent malformed frames, and what becomes of each. */
export class NoisyCollector {
  readonly process: KilledCollector
  readonly addresses: CollectorAddresses
  readonly #heard: ReadonlyMap<string, Heard>
  readonly #startedMs = performance.now()

  private constructor(process: KilledCollector, addresses: CollectorAddresses, heard: ReadonlyMap<string, Heard>) {
    this.process = process
    this.addresses = addresses
    this.#heard = heard
  }

  static async start(settings: object, sources: readonly object[], analyzer: NullAnalyzerOptions = {}): Promise<NoisyCollector> {
    const heard = new Map<string, Heard>()
    const onEvent = (event: FlatEvent) => hear(heard, event)
    const process = await KilledCollector.make({ journal: {}, ...settings }, sources, { ...analyzer, keepEvents: false, onEvent })
    return new NoisyCollector(process, await process.start(), heard)
  }

  /** By its metrics, so that a sender of datagrams can wait until they are read. */
  async metric(name: string, source = ''): Promise<number> {
    const text = await (await fetch(`http://127.0.0.1:${this.addresses.metrics.port}/metrics`)).text()
    const labels = source === '' ? '' : `\\{[^}]*source="${source}"[^}]*\\}`
    return Number(new RegExp(`^vonggac_collector_${name}${labels} (\\d+)`, 'm').exec(text)?.[1] ?? 0)
  }

  /** Resolves when so many datagrams of the source were journaled, or dropped by the kernel: nobody else can push a sender back. */
  async datagramsRead(source: string, count: number): Promise<void> {
    while ((await this.metric('journaled_frames_total', source)) + (await this.metric('udp_kernel_drops_total')) < count) {
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }

  /** Frames of a source that the collector knows of, by its last report. */
  received(source: string): number {
    return this.process.analyzer.counters?.sources.find((one) => one.source === source)?.received ?? 0
  }

  /** What never became an event, by reason, under the name of a source or of a place; by its last report. */
  drops(of: string): Record<string, number> {
    const dropped = this.process.analyzer.counters?.dropped.filter(({ source }) => source === of) ?? []
    return Object.fromEntries(dropped.map(({ reason, count }) => [reason, count]))
  }

  /** Frames that are journaled and not forwarded; -1 before the first report. */
  get waiting(): number {
    const { counters } = this.process.analyzer
    return counters ? counters.journaled - counters.acknowledged : -1
  }

  /** What the events of a source say. */
  heard(source: string): Heard {
    return this.#heard.get(source) ?? { read: 0, rejected: {}, longest: 0 }
  }

  /** What the batches say of a source. */
  rejectedByTallies(source: string): Record<string, number> {
    const rejected: Record<string, number> = {}
    const batches = new Map(this.process.analyzer.batches.map((batch) => [batch.first, batch]))
    const tallies = [...batches.values()].flatMap((batch) => batch.tallies.filter((tally) => tally.source === source))
    for (const tally of tallies) for (const [reason, count] of Object.entries(tally.rejected)) add(rejected, reason, count)
    return rejected
  }

  /** Of memory, in MB, at its peak. */
  async peak(): Promise<number> {
    return Number(/VmHWM:\s+(\d+) kB/.exec(await readFile(`/proc/${this.process.pid}/status`, 'utf8'))![1]) / 1024
  }

  get seconds(): number {
    return (performance.now() - this.#startedMs) / 1_000
  }
}

/** Each frame is counted: read, rejected by reason, refused by reason, or, of datagrams, dropped by the kernel. And each is kept within bounds, of memory too. */
export async function expectCounted(collector: NoisyCollector, source: string, account: Account): Promise<void> {
  const { frames, refusals = [], broken, keptBytes } = account
  const lost = () => collector.drops('kernel-udp')['receive-buffer-full'] ?? 0
  await expect.poll(() => collector.received(source) + lost(), { timeout: patience / 3, interval: 250 }).toBe(frames)
  await expect.poll(() => collector.waiting, { timeout: patience / 3, interval: 250 }).toBe(0)

  const { read, rejected, longest } = collector.heard(source)
  const refused = collector.drops(source)
  expect(Object.keys(refused).filter((reason) => !refusals.includes(reason))).toEqual([])
  expect(read + sum(rejected) + sum(refused) + lost()).toBe(frames)
  expect(rejected).toEqual(collector.rejectedByTallies(source))
  if (broken) expect(collector.drops(broken.place)).toEqual({ 'protocol-error': broken.connections })
  expect(longest).toBeLessThanOrEqual(keptBytes)
  expect(collector.process.isRunning).toBe(true)
  const [peak, { currentTestName }] = [await collector.peak(), expect.getState()]
  console.log(`${currentTestName}: ${frames} malformed frames, ${Math.round(peak)} MB, ${collector.seconds.toFixed(1)} s`)
  expect(peak).toBeLessThan(mostMegabytes)
}

function hear(heard: Map<string, Heard>, event: FlatEvent): void {
  const source = String(event[fields.source])
  const one = heard.get(source) ?? { read: 0, rejected: {}, longest: 0 }
  heard.set(source, one)
  if (event[fields.kind] === rejectedKind) add(one.rejected, String(event[fields.rejectReason]), 1)
  else one.read++
  one.longest = Math.max(one.longest, String(event[fields.original]).length)
}

function add(counts: Record<string, number>, key: string, count: number): void {
  counts[key] = (counts[key] ?? 0) + count
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0)
}
