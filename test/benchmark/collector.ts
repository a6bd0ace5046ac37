import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startNullAnalyzer, type NullAnalyzer } from '../fixtures/null-analyzer.ts'
import { freePort } from '../support/free-port.ts'
import { CollectorProcess } from './collector/process.ts'
import { LineCounter, Rsyslog, rsyslogIsInstalled, type Checkpoints } from './collector/rsyslog.ts'
import { sixDevices } from './collector/six-formats.ts'
import { sendOverTcp, SteadySender } from './collector/tcp-sender.ts'
import { UdpSender } from './collector/udp-sender.ts'
import { report, type Metric } from './report.ts'

const parts = ['tcp', 'parsed-tcp', 'udp', 'parsed-udp', 'memory', 'rsyslog', 'kill'] as const
const usage = `npm run bench:collector -- [--frames N] [--seconds N] [--only PART,…] [--seed N] [--json FILE]

The collector's process alone, fed on the loopback by six devices (nginx, OpenSSH, FortiGate, Cisco ASA, ECS as JSON, HAProxy), each a source.
  tcp         TCP until durable in the journal; nobody takes batches
  parsed-tcp  TCP until parsed to ECS, durable and forwarded to an analyzer that only counts, after 100,000 frames that do not count: V8 compiles
              the code of a parser when it has seen what comes
  udp         the highest rate of datagrams that were all made durable, of tries of --seconds N each (default 4)
  parsed-udp  the same, parsed and forwarded as fast as they come
  memory      the most memory while the analyzer is away and --frames N arrive (default 600000), and that all are delivered once it is back
  rsyslog     TCP into a queue on rsyslog's disk, beside TCP to durable in the same run
  kill        what kill -9 costs of 30,000 frames a second: ours, rsyslog's`

const { values } = parseArgs({
  options: {
    frames: { type: 'string', default: '600000' },
    seconds: { type: 'string', default: '4' },
    only: { type: 'string', default: parts.join(',') },
    seed: { type: 'string', default: '1' },
    json: { type: 'string' },
    help: { type: 'boolean' },
  },
})
if (values.help) {
  console.log(usage)
  process.exit(0)
}

const frames = Number(values.frames)
const seconds = Number(values.seconds)
const seed = Number(values.seed)
const devices = sixDevices(seed, Date.now())
const metrics: Metric[] = []
/** Before parsed frames are measured: a collector runs for months. */
const warmUpFrames = 100_000
/** Frames a second before a kill -9, and for how long. */
const steadyRate = 30_000
const steadySeconds = 3
const measures: Readonly<Record<(typeof parts)[number], () => Promise<void>>> = {
  tcp: async () => void (await measureTcp()),
  'parsed-tcp': measureParsedTcp,
  udp: () => measureUdp('away'),
  'parsed-udp': () => measureUdp('there'),
  memory: measureMemory,
  rsyslog: measureRsyslog,
  kill: measureKills,
}

for (const part of parts) if (values.only.split(',').includes(part)) await measures[part]()
report(metrics, values.json)

/** Gives frames a second. */
async function measureTcp(): Promise<number> {
  return withCollector('away', async (collector) => {
    const [before, began] = [collector.cpuMicroseconds(), performance.now()]
    const { bytes } = await sendOverTcp(collector.addresses.syslogTcp.port, devices, frames)
    await collector.reached('journaled_frames_total', frames)
    const elapsed = performance.now() - began
    record('TCP to durable', (frames / elapsed) * 1_000, 'frames/s')
    record('TCP to durable, bytes', bytes / elapsed / 1_000, 'MB/s')
    // Three batches are made ready, whoever takes them.
    record('TCP to durable, CPU', (collector.cpuMicroseconds() - before) / frames, 'µs/frame')
    return (frames / elapsed) * 1_000
  })
}

async function measureParsedTcp(): Promise<void> {
  await withCollector('there', async (collector) => {
    await sendOverTcp(collector.addresses.syslogTcp.port, devices, warmUpFrames)
    await collector.reached('forwarded_frames_total', warmUpFrames)
    const [before, own, began] = [collector.cpuMicroseconds(), process.cpuUsage(), performance.now()]
    await sendOverTcp(collector.addresses.syslogTcp.port, devices, frames)
    await collector.reached('forwarded_frames_total', warmUpFrames + frames)
    record('TCP to parsed, durable and forwarded', (frames / (performance.now() - began)) * 1_000, 'frames/s')
    record('TCP to parsed, durable and forwarded, CPU', (collector.cpuMicroseconds() - before) / frames, 'µs/frame')
    const { user, system } = process.cpuUsage(own)
    record('of the sender and of who takes the batches, CPU', (user + system) / frames, 'µs/frame')
  })
}

/** Raises the rate by steps as long as nothing is lost and, where there is an analyzer, nothing falls behind; lowers it until then. */
async function measureUdp(analyzer: 'away' | 'there'): Promise<void> {
  const goal = analyzer === 'away' ? 120_000 : 60_000
  const name = analyzer === 'away' ? 'UDP to durable, nothing lost' : 'UDP to parsed, durable and forwarded, nothing lost'
  const sender = new UdpSender(seed)
  await withCollector(analyzer, async (collector) => {
    const { port } = collector.addresses.syslogUdp
    await sender.send({ port, rate: 10_000, seconds: 1 })
    let best = 0
    for (let rate = goal; rate > goal / 8;) {
      const [before, forwardedBefore, began] = [
        await collector.settled('journaled_frames_total'),
        await caughtUp(collector, analyzer),
        performance.now(),
      ]
      const cpu = collector.cpuMicroseconds()
      const sent = await sender.send({ port, rate, seconds })
      const sending = (performance.now() - began) / 1_000
      const taken = (await collector.settled('journaled_frames_total')) - before
      if (analyzer === 'there') await collector.reached('forwarded_frames_total', forwardedBefore + taken)
      const behind = (performance.now() - began) / 1_000 - sending
      const kept = taken === sent && behind < seconds / 4 + 1
      const real = sent / sending
      console.log(
        `${name}: ${Math.round(real)}/s asked for ${rate}/s: lost ${sent - taken} of ${sent}, ${behind.toFixed(1)} s behind, ${((collector.cpuMicroseconds() - cpu) / taken).toFixed(1)} µs of CPU each`,
      )
      if (kept) best = Math.max(best, real)
      // The machine may not send as fast as it is asked to.
      if (kept && real < rate * 0.9) break
      if (best > 0 && (!kept || rate < goal)) break
      rate = Math.round(kept ? rate * 1.15 : rate * 0.8)
    }
    record(name, best, 'frames/s')
  })
  sender.stop()
}

async function caughtUp(collector: CollectorProcess, analyzer: 'away' | 'there'): Promise<number> {
  return analyzer === 'there' ? collector.settled('forwarded_frames_total') : 0
}

async function measureMemory(): Promise<void> {
  await withCollector('away', async (collector, end) => {
    await sendOverTcp(collector.addresses.syslogTcp.port, devices, frames)
    await collector.reached('journaled_frames_total', frames)
    record('memory, the analyzer away', collector.peakMegabytes(), 'MB')
    end.refuse = false
    const began = performance.now()
    await collector.reached('forwarded_frames_total', frames)
    record('catching up once it is back', (frames / (performance.now() - began)) * 1_000, 'frames/s')
    record('memory, caught up', collector.peakMegabytes(), 'MB')
    record('delivered of what arrived', (delivered(end) / frames) * 100, '%')
  })
}

/** Positions that the analyzer has, each counted once. */
function delivered(end: NullAnalyzer): number {
  const ranges = new Map(end.batches.map(({ first, count }) => [first, count]))
  return [...ranges.values()].reduce((sum, count) => sum + count, 0)
}

async function measureRsyslog(): Promise<void> {
  if (!rsyslogIsInstalled) return console.log('rsyslogd is not installed: nothing to compare with (apt-get install rsyslog)')
  const own = await measureTcp()
  const nowhere = await freePort()
  await inFolder(async (folder) => {
    const rsyslog = await Rsyslog.start(folder, nowhere, 100)
    const began = performance.now()
    // It closes a connection when it has queued what came over it.
    await sendOverTcp(rsyslog.port, devices, frames)
    const rate = (frames / (performance.now() - began)) * 1_000
    await rsyslog.end('SIGKILL')
    record('rsyslog, TCP into its disk queue', rate, 'frames/s')
    record('ours for each of its frames', own / rate, '')
  })
}

async function measureKills(): Promise<void> {
  await inFolder(async (folder) => {
    const end = await startNullAnalyzer({ keepEvents: false })
    end.refuse = true
    const collector = await CollectorProcess.start(folder, end.port, devices)
    const taken = await sendUntil(collector.addresses.syslogTcp.port, () => collector.end('SIGKILL'))
    const again = await CollectorProcess.start(folder, end.port, devices)
    record('kill -9: lost of what TCP had taken', taken - (await again.settled('journaled_frames_total')), `of ${taken}`)
    await again.end()
    await end.stop()
  })
  if (!rsyslogIsInstalled) return
  await measureRsyslogKill(100)
  await measureRsyslogKill('by default')
}

async function measureRsyslogKill(checkpoints: Checkpoints): Promise<void> {
  await inFolder(async (folder) => {
    const rsyslog = await Rsyslog.start(folder, await freePort(), checkpoints)
    const taken = await sendUntil(rsyslog.port, () => rsyslog.end('SIGKILL'))
    const counter = await LineCounter.start()
    const again = await Rsyslog.start(folder, counter.port, checkpoints)
    record(
      `kill -9: lost by rsyslog, checkpoints ${checkpoints === 100 ? 'every 100 messages' : checkpoints}`,
      taken - (await counter.settled()),
      `of ${taken}`,
    )
    await again.end('SIGKILL')
    counter.stop()
  })
}

async function sendUntil(port: number, kill: () => Promise<void>): Promise<number> {
  const sender = new SteadySender(port, devices, steadyRate)
  await sleep(steadySeconds * 1_000)
  await kill()
  await sender.stop()
  return sender.taken
}

async function withCollector<T>(
  analyzer: 'away' | 'there',
  measure: (collector: CollectorProcess, end: NullAnalyzer) => Promise<T>,
): Promise<T> {
  return inFolder(async (folder) => {
    const end = await startNullAnalyzer({ keepEvents: false })
    end.refuse = analyzer === 'away'
    const collector = await CollectorProcess.start(folder, end.port, devices)
    try {
      return await measure(collector, end)
    } finally {
      await collector.end()
      await end.stop()
    }
  })
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'vonggac-bench-'))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

function record(metric: string, value: number, unit: string): void {
  metrics.push({ metric, value, unit })
}
