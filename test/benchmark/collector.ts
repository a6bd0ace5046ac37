import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { CollectorAddresses } from '@vonggac/collector'
import { startNullAnalyzer } from '../fixtures/null-analyzer.ts'
import { cpuMicroseconds, random, report, type Metric } from './report.ts'

const usage = `npm run bench:collector -- [--frames N] [--seed N] [--json FILE]

The collector's process alone, fed over one TCP connection on loopback:
  TCP to durable                nobody takes batches, so only acceptance is measured
  TCP to parsed and forwarded   to an analyzer that only counts; --frames N of them (default 300000)`

const { values } = parseArgs({
  options: {
    frames: { type: 'string', default: '300000' },
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
const next = random(Number(values.seed))
const main = fileURLToPath(new URL('../../collector/dist/main.js', import.meta.url))
const metrics: Metric[] = []

await measure('away')
await measure('forwarding')
report(metrics, values.json)

/** `away`: nobody takes batches, so only acceptance is measured; then, in `forwarding`, everything. */
async function measure(analyzer: 'away' | 'forwarding'): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'vonggac-bench-'))
  const end = await startNullAnalyzer({ keepEvents: false })
  end.refuse = analyzer === 'away'
  const { child, addresses } = await startProcess(folder, end.port)
  const before = cpuMicroseconds(child.pid!)
  const started = performance.now()
  const bytes = await send(addresses.syslogTcp.port)
  await until(async () => (await read(addresses.metrics.port, 'journaled_frames_total')) >= frames)
  const journaled = performance.now() - started
  if (analyzer === 'away') {
    record('TCP to durable', (frames / journaled) * 1000, 'frames/s')
    record('TCP to durable', bytes / journaled / 1000, 'MB/s')
    record('TCP to durable, CPU', (cpuMicroseconds(child.pid!) - before) / frames, 'µs/frame')
  } else {
    await until(async () => (await read(addresses.metrics.port, 'forwarded_frames_total')) >= frames)
    record('TCP to parsed and forwarded', (frames / (performance.now() - started)) * 1000, 'frames/s')
    record('TCP to parsed and forwarded, CPU', (cpuMicroseconds(child.pid!) - before) / frames, 'µs/frame')
  }
  child.kill('SIGTERM')
  await once(child, 'exit')
  await end.stop()
  await rm(folder, { recursive: true })
}

async function startProcess(folder: string, linkPort: number) {
  const config = join(folder, 'vonggac.yml')
  const source = (id: string, parser: string, program: string) =>
    `  - { id: ${id}, name: { vi: ${id}, en: ${id} }, agency: attt, transport: syslog, parsers: [${parser}], programs: [${program}] }\n`
  await writeFile(
    config,
    `dataFolder: ${folder}\nlink: { port: ${linkPort} }\ncollector: { syslog: { udpPort: 0, tcpPort: 0 }, http: { port: 0 }, metricsPort: 0 }\nsources:\n` +
      source('portal', 'nginx', 'nginx') +
      source('bastion', 'openssh', 'sshd'),
  )
  const environment = { ...process.env, VONGGAC_LINK_SECRET: 'link-secret', VONGGAC_LOG_LEVEL: 'error' }
  const child = spawn(process.execPath, [main, '--config', config], { env: environment, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const [message] = (await once(child, 'message')) as [{ addresses: CollectorAddresses }]
  return { child, addresses: message.addresses }
}

async function send(port: number): Promise<number> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  const stamp = new Date().toISOString()
  const chunk: string[] = []
  for (let index = 0; index < 1000; index++) {
    const address = `203.0.113.${Math.floor(next() * 250)}`
    chunk.push(
      index % 4 === 3
        ? `<38>1 ${stamp} bastion sshd ${index} - - Failed password for invalid user u${index} from ${address} port ${1024 + index} ssh2\n`
        : `<190>1 ${stamp} web01 nginx - - - ${address} - - [22/Nov/2026:11:00:00 +0700] "GET /ho-so/${index}?trang=2 HTTP/1.1" 200 5120 "https://portal.example.vn/" "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36"\n`,
    )
  }
  const bytes = Buffer.from(chunk.join(''))
  for (let sent = 0; sent < frames; sent += 1000) if (!socket.write(bytes)) await once(socket, 'drain')
  socket.end()
  return (bytes.length * frames) / 1000
}

async function read(port: number, metric: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  const rows = text.split('\n').filter((row) => row.startsWith(`vonggac_collector_${metric}{`))
  return rows.reduce((sum, row) => sum + Number(row.slice(row.lastIndexOf(' '))), 0)
}

async function until(met: () => Promise<boolean>): Promise<void> {
  while (!(await met())) await new Promise((resolve) => setTimeout(resolve, 50))
}

function record(metric: string, value: number, unit: string): void {
  metrics.push({ metric, value, unit })
}
