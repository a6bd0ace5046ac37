import { readdirSync, statSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { rejectedTotal } from '@vonggac/contract'
import { childrenOf, Platform } from '../support/platform.ts'
import { countsOf } from '../support/wait.ts'
import { cpuMicroseconds, percentile, random, report } from './report.ts'

const usage = `npm run bench -- [--events N] [--alerts N] [--seed N] [--json FILE]

Starts the whole platform (collector and analyzer, embedded stores) on an empty folder and measures, over one TCP connection on loopback:
  events a second   from the first byte sent until the ledger shows every event stored and evaluated
  alert latency     from sending one malicious line until the alert arrives on the console's event stream
  CPU               of each process for each of these events: the figure to compare on a machine that has other work
  bytes an event    what the event store's folder holds after a clean stop, for each event`

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '200000' },
    alerts: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(usage)
  process.exit(0)
}
const events = Number(values.events)
const next = random(Number(values.seed))
const pick = <T>(items: readonly T[]): T => items[Math.floor(next() * items.length)]!

/** Four of five lines are nginx's, one is sshd's; nothing in them is malicious. */
function line(): string {
  const now = new Date()
  const address = `192.0.2.${Math.floor(next() * 250) + 1}`
  if (next() < 0.2) {
    const user = pick(['lan', 'minh', 'tuan', 'hoa'])
    const message = `Accepted publickey for ${user} from ${address} port ${40000 + Math.floor(next() * 20000)} ssh2: ED25519 SHA256:abc`
    return `<86>1 ${now.toISOString()} web-0${Math.ceil(next() * 4)} sshd ${Math.floor(next() * 30000)} - - ${message}\n`
  }
  const path = `${pick(['/', '/dich-vu-cong', '/tra-cuu', '/tai-khoan', '/css/cong.css'])}?ma=HS${Math.floor(next() * 1e6)}`
  const agent = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36'
  const time = '22/Nov/2026:17:00:00 +0700'
  const message = `${address} - - [${time}] "GET ${path} HTTP/1.1" 200 ${Math.floor(next() * 9000)} "https://congdan.example.gov.vn/" "${agent}"`
  return `<190>1 ${now.toISOString()} web-0${Math.ceil(next() * 4)} nginx 812 - - ${message}\n`
}

function attackLine(address: string): string {
  const message = `${address} - - [22/Nov/2026:17:00:00 +0700] "GET /tra-cuu?ma=1%27%20UNION%20SELECT%20password%20FROM%20users HTTP/1.1" 500 12 "-" "curl/8"`
  return `<190>1 ${new Date().toISOString()} web-01 nginx 812 - - ${message}\n`
}

async function write(socket: Socket, text: string): Promise<void> {
  if (!socket.write(text)) await new Promise((resolve) => socket.once('drain', resolve))
}

function folderBytes(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
}

/** CPU microseconds since its start of each process under way, by its name. */
function cpuTimes(platform: Platform): Map<string, number> {
  const { collector, analyzer } = platform.children()
  const engine = childrenOf(analyzer!).find(({ command }) => command.includes('engine-process'))?.pid
  const pids = { collector, analyzer, engine }
  return new Map(Object.entries(pids).flatMap(([name, pid]) => (pid === undefined ? [] : [[name, cpuMicroseconds(pid)]])))
}

async function throughput(platform: Platform, socket: Socket): Promise<number> {
  const lines = Array.from({ length: events }, line)
  const started = performance.now()
  for (let i = 0; i < lines.length; i += 500) await write(socket, lines.slice(i, i + 500).join(''))
  for (;;) {
    const counts = await countsOf(platform)
    if (counts.evaluated + rejectedTotal(counts) >= events) break
    if (performance.now() - started > 600_000) throw new Error(`not there after ten minutes: ${JSON.stringify(counts)}`)
    await sleep(200)
  }
  return events / ((performance.now() - started) / 1000)
}

/** Milliseconds of each alert, in the order of arrival. */
async function alertLatencies(platform: Platform, socket: Socket, count: number): Promise<number[]> {
  const sent = new Map<string, number>()
  const latencies: number[] = []
  const stop = new AbortController()
  const listening = platform.client
    .stream((message) => {
      if (message.type !== 'alert') return
      const address = message.alert.entities.source[0] ?? ''
      const at = sent.get(address)
      if (at === undefined) return
      latencies.push(performance.now() - at)
      sent.delete(address)
    }, stop.signal)
    .catch(() => undefined)
  await sleep(500)
  for (let i = 0; i < count; i++) {
    const address = `203.0.${Math.floor(i / 250)}.${(i % 250) + 1}`
    sent.set(address, performance.now())
    await write(socket, attackLine(address))
    await sleep(20 + next() * 60)
  }
  const deadline = performance.now() + 30_000
  while (latencies.length < count && performance.now() < deadline) await sleep(50)
  stop.abort()
  await listening
  if (latencies.length < count) console.warn(`only ${latencies.length} of ${count} alerts arrived`)
  return latencies
}

const platform = await Platform.start()
try {
  await platform.signIn()
  const socket = connect(platform.ports.syslog, '127.0.0.1')
  const before = cpuTimes(platform)
  const rate = await throughput(platform, socket)
  const cpu = [...cpuTimes(platform)].map(([name, time]) => ({
    metric: `CPU of the ${name}`,
    value: (time - (before.get(name) ?? 0)) / events,
    unit: 'µs/event',
  }))
  const latencies = await alertLatencies(platform, socket, Number(values.alerts))
  socket.end()
  const { stored } = await countsOf(platform)
  await platform.stop()
  report(
    [
      { metric: 'TCP to stored and evaluated', value: rate, unit: 'events/s' },
      ...cpu,
      { metric: 'alert latency, median', value: percentile(latencies, 0.5), unit: 'ms' },
      { metric: 'alert latency, p99', value: percentile(latencies, 0.99), unit: 'ms' },
      { metric: 'event store on disk', value: folderBytes(join(platform.dataFolder, 'events')) / stored, unit: 'bytes/event' },
    ],
    values.json,
  )
} finally {
  await platform.dispose()
}
