import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { ApiClient } from './client.ts'
import { freePort } from './free-port.ts'

const root = join(import.meta.dirname, '../..')

export interface Ports {
  readonly console: number
  readonly link: number
  readonly syslog: number
  readonly http: number
  readonly metrics: number
}

export interface PlatformOptions {
  /** An existing folder to start on again; a new one by default, removed by `dispose`. */
  readonly folder?: string
  readonly ports?: Ports
  readonly command?: 'start' | 'demo'
  readonly environment?: Record<string, string>
  /** Puts files into the folder before the first start; what it gives is merged into the configuration. */
  readonly prepare?: (folder: string) => object
}

/** Whom `signIn` makes at the first start. */
export const administrator = { userName: 'quantri', displayName: 'Quản trị viên', password: 'mat-khau-rat-dai-2026' }

/** The whole product as an operator runs it: `vonggac start` on a folder and ports of its own, from the built files. */
export class Platform {
  readonly folder: string
  readonly ports: Ports
  readonly output: string[] = []
  readonly client: ApiClient
  readonly #process: ChildProcess

  private constructor(folder: string, ports: Ports, child: ChildProcess) {
    this.folder = folder
    this.ports = ports
    this.#process = child
    this.client = new ApiClient(this.url)
    for (const stream of [child.stdout!, child.stderr!]) stream.setEncoding('utf8').on('data', (text: string) => this.output.push(text))
  }

  get url(): string {
    return `http://127.0.0.1:${this.ports.console}`
  }

  get text(): string {
    return this.output.join('')
  }

  get dataFolder(): string {
    return join(this.folder, 'data')
  }

  static async start(options: PlatformOptions = {}): Promise<Platform> {
    const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'vonggac-test-'))
    const ports = options.ports ?? {
      console: await freePort(),
      link: await freePort(),
      syslog: await freePort(),
      http: await freePort(),
      metrics: await freePort(),
    }
    const config = join(folder, 'vonggac.yml')
    const more = options.prepare?.(folder) ?? {}
    if (!options.folder) writeFileSync(config, stringify({ ...configuration(folder, ports), ...more }))
    const main = join(root, 'deploy/standalone/dist/main.js')
    const child = spawn(process.execPath, [main, options.command ?? 'start', '--config', config], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...options.environment },
    })
    const platform = new Platform(folder, ports, child)
    try {
      await platform.#ready()
    } catch (error) {
      child.kill('SIGKILL')
      throw error
    }
    return platform
  }

  /** The one-time link as printed, while there is no administrator. */
  get setupLink(): string | undefined {
    return /https?:\/\/\S+\/setup\S*/.exec(this.text)?.[0]
  }

  /** Goes through the set-up link at the first start, signs in at a later one. */
  async signIn(): Promise<ApiClient> {
    const { needed } = await this.client.call('setupState')
    if (needed) {
      const token = /token=([\w-]+)/.exec(this.setupLink ?? '')?.[1]
      if (!token) throw new Error(`no set-up link in:\n${this.text}`)
      await this.client.call('setup', { body: { token, ...administrator } })
    } else {
      await this.client.call('signIn', { body: administrator })
    }
    return this.client
  }

  /** Process ids of the supervisor's children, by what they run. */
  children(): { collector: number | undefined; analyzer: number | undefined } {
    const tree = childrenOf(this.#process.pid!)
    const pid = (name: string) => tree.find(({ command }) => command.includes(`${name}/dist/main.js`))?.pid
    return { collector: pid('collector'), analyzer: pid('analyzer') }
  }

  async stop(signal: 'SIGINT' | 'SIGTERM' = 'SIGINT'): Promise<number | null> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return this.#process.exitCode
    const exited = once(this.#process, 'exit')
    this.#process.kill(signal)
    await exited
    return this.#process.exitCode
  }

  /** kill -9 of the supervisor itself. */
  async kill(): Promise<void> {
    const exited = once(this.#process, 'exit')
    this.#process.kill('SIGKILL')
    await exited
  }

  async dispose(): Promise<void> {
    await this.stop()
    rmSync(this.folder, { recursive: true, force: true })
  }

  async #ready(): Promise<void> {
    const deadline = Date.now() + 60_000
    while (Date.now() < deadline) {
      if (this.#process.exitCode !== null) throw new Error(`the platform ended with ${this.#process.exitCode}:\n${this.text}`)
      // The address is printed when both processes are ready.
      if (this.text.includes(`127.0.0.1:${this.ports.console}`)) return
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    throw new Error(`the platform was not ready in a minute:\n${this.text}`)
  }
}

function configuration(folder: string, ports: Ports): object {
  const name = (text: string) => ({ vi: text, en: text })
  const agency = 'congdan'
  return {
    dataFolder: join(folder, 'data'),
    console: { port: ports.console },
    link: { port: ports.link },
    collector: { syslog: { udpPort: ports.syslog, tcpPort: ports.syslog }, http: { port: ports.http }, metricsPort: ports.metrics },
    agencies: [
      { id: agency, name: name('Cổng thông tin công dân') },
      { id: 'khodulieu', name: name('Kho dữ liệu dùng chung') },
    ],
    sources: [
      { id: 'congdan-nginx', name: name('nginx'), agency, transport: 'syslog', parsers: ['nginx'], programs: ['nginx'] },
      { id: 'congdan-sshd', name: name('OpenSSH'), agency, transport: 'syslog', parsers: ['openssh'], programs: ['sshd'] },
      { id: 'kho-api', name: name('API kho dữ liệu'), agency: 'khodulieu', transport: 'http', parsers: ['ecs-json'] },
    ],
  }
}

/** From /proc: the tests run on Linux. */
export function childrenOf(pid: number): { pid: number; command: string }[] {
  const ids = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
  return ids.map((id) => ({ pid: id, command: readFileSync(`/proc/${id}/cmdline`, 'utf8').replaceAll('\0', ' ') }))
}
