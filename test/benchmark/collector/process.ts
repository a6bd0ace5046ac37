import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { CollectorAddresses } from '@vonggac/collector'
import { cpuMicroseconds } from '../report.ts'
import type { Device } from './six-formats.ts'

const main = fileURLToPath(new URL('../../../collector/dist/main.js', import.meta.url))

/** The collector's process, as `npm start` runs it, with each device as a source. A second one on the same folder goes on where the first one ended. */
export class CollectorProcess {
  readonly addresses: CollectorAddresses
  readonly #child: ChildProcess

  private constructor(child: ChildProcess, addresses: CollectorAddresses) {
    this.#child = child
    this.addresses = addresses
  }

  static async start(folder: string, linkPort: number, devices: readonly Device[]): Promise<CollectorProcess> {
    await mkdir(folder, { recursive: true })
    const config = join(folder, 'vonggac.yml')
    const source = ({ source: id, address }: Device) =>
      `  - { id: ${id}, name: { vi: ${id}, en: ${id} }, agency: attt, transport: syslog, parsers: [${id}], from: [${address}] }\n`
    await writeFile(
      config,
      `dataFolder: ${join(folder, 'data')}\nlink: { port: ${linkPort} }\n` +
        `collector: { syslog: { udpPort: 0, tcpPort: 0 }, http: { port: 0 }, metricsPort: 0 }\nsources:\n${devices.map(source).join('')}`,
    )
    const environment = { ...process.env, VONGGAC_LINK_SECRET: 'link-secret', VONGGAC_LOG_LEVEL: 'error' }
    const child = spawn(process.execPath, [main, '--config', config], { env: environment, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    const [message] = (await once(child, 'message')) as [{ addresses: CollectorAddresses }]
    return new CollectorProcess(child, message.addresses)
  }

  /** Sum of a metric over its labels; `vonggac_collector_` stands before the name. */
  async read(metric: string): Promise<number> {
    const text = await (await fetch(`http://127.0.0.1:${this.addresses.metrics.port}/metrics`)).text()
    const rows = text.split('\n').filter((row) => row.startsWith(`vonggac_collector_${metric}{`))
    return rows.reduce((sum, row) => sum + Number(row.slice(row.lastIndexOf(' '))), 0)
  }

  /** Resolves when the metric has reached `least`. */
  async reached(metric: string, least: number): Promise<void> {
    while ((await this.read(metric)) < least) await sleep(100)
  }

  /** The metric once it has not changed for half a second. */
  async settled(metric: string): Promise<number> {
    for (let before = -1; ; await sleep(500)) {
      const now = await this.read(metric)
      if (now === before) return now
      before = now
    }
  }

  cpuMicroseconds(): number {
    return cpuMicroseconds(this.#child.pid!)
  }

  /** The most that was resident since the start, in MB. */
  peakMegabytes(): number {
    const status = readFileSync(`/proc/${this.#child.pid}/status`, 'latin1')
    return (Number(/VmHWM:\s+(\d+) kB/.exec(status)![1]) * 1024) / 1e6
  }

  async end(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const ended = once(this.#child, 'exit')
    this.#child.kill(signal)
    await ended
  }
}
