import { createServer } from 'node:http'
import type { CollectorCounters } from '@vonggac/contract'
import { Gauge, Registry } from 'prom-client'
import type { LinkState } from './forwarder/index.ts'
import { closeServer, listen, type RunningServer } from './platform/index.ts'

/** What the metrics are made of, read when somebody asks. */
export interface Observed {
  readonly counters: () => CollectorCounters
  readonly link: () => LinkState
  readonly congested: () => boolean
  /** How far files are read. */
  readonly files: () => readonly { readonly source: string; readonly path: string; readonly size: number; readonly offset: number }[]
}

/**
 * `/metrics` for Prometheus and `/healthz` (200, or 503 with the reasons), on the loopback address only: they tell who sends.
 * @throws ListenError
 */
export async function startMetrics(port: number, observed: Observed): Promise<RunningServer> {
  const registry = makeRegistry(observed)
  const server = createServer((request, response) => {
    if (request.url === '/metrics') {
      void registry.metrics().then((text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text))
    } else if (request.url === '/healthz') {
      const health = healthOf(observed)
      response.writeHead(health.ok ? 200 : 503, { 'content-type': 'application/json' }).end(JSON.stringify(health))
    } else {
      response.writeHead(404).end()
    }
  })
  const address = await listen(server, { host: '127.0.0.1', port }, 'collector.metricsPort')
  return {
    address,
    async stop() {
      const closed = closeServer(server)
      server.closeAllConnections()
      await closed
    },
  }
}

function healthOf({ congested, link }: Observed): { ok: boolean; problems: string[] } {
  const problems: string[] = []
  if (congested()) problems.push('the journal takes no more: the disk is slow or full, or the analyzer has been away too long')
  const { up, lastError } = link()
  if (!up) problems.push(`the analyzer does not take batches: ${lastError}`)
  return { ok: problems.length === 0, problems }
}

function makeRegistry(observed: Observed): Registry {
  const registry = new Registry()
  const gauge = (
    name: string,
    help: string,
    labelNames: string[],
    read: (set: (labels: Record<string, string>, value: number) => void) => void,
  ) => {
    const metric = new Gauge({
      name: `vonggac_collector_${name}`,
      help,
      labelNames,
      registers: [],
      collect() {
        this.reset()
        read((labels, value) => this.set(labels, value))
      },
    })
    registry.registerMetric(metric)
  }
  const perSource = (name: string, help: string, pick: (source: CollectorCounters['sources'][number]) => number) =>
    gauge(name, help, ['source', 'agency'], (set) => {
      for (const one of observed.counters().sources) set({ source: one.source, agency: one.agency }, pick(one))
    })
  perSource('received_frames_total', 'Frames that arrived.', (source) => source.received)
  perSource('journaled_frames_total', 'Frames made durable.', (source) => source.journaled)
  perSource('forwarded_frames_total', 'Frames acknowledged by the analyzer.', (source) => source.forwarded)
  perSource('connections', 'Open connections.', (source) => source.connections)
  gauge('dropped_total', 'What never became durable.', ['source', 'reason'], (set) => {
    for (const { source, reason, count } of observed.counters().dropped) set({ source, reason }, count)
  })
  gauge('udp_kernel_drops_total', 'Datagrams that the kernel dropped because a receive buffer was full.', [], (set) => {
    const drops = observed.counters().dropped.filter(({ source }) => source === 'kernel-udp')
    set(
      {},
      drops.reduce((sum, { count }) => sum + count, 0),
    )
  })
  gauge('file_bytes', 'Size of a file that is followed.', ['source', 'path'], (set) => {
    for (const { source, path, size } of observed.files()) set({ source, path }, size)
  })
  gauge('file_read_bytes', 'Bytes of the file that are read; of a packed one, of what is unpacked.', ['source', 'path'], (set) => {
    for (const { source, path, offset } of observed.files()) set({ source, path }, offset)
  })
  gauge('journal_bytes', 'Bytes of the journal on disk.', [], (set) => set({}, observed.counters().journalBytes))
  gauge('journal_waiting_frames', 'Durable frames that the analyzer has not acknowledged.', [], (set) => {
    const { journaled, acknowledged } = observed.counters()
    set({}, journaled - acknowledged)
  })
  gauge('journal_congested', '1 while sources are pushed back.', [], (set) => set({}, observed.congested() ? 1 : 0))
  gauge('link_up', '1 while the analyzer takes batches.', [], (set) => set({}, observed.link().up ? 1 : 0))
  gauge('link_batches_total', 'Batches acknowledged in this run.', [], (set) => set({}, observed.link().batches))
  gauge('link_retries_total', 'Attempts that failed in this run.', [], (set) => set({}, observed.link().retries))
  return registry
}
