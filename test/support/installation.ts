import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startAnalyzer, type RunningAnalyzer } from '@vonggac/analyzer'
import { startCollector, type RunningCollector } from '@vonggac/collector'
import { configSchema } from '@vonggac/contract'
import { ApiClient } from './client.ts'
import { silentLogger } from './silent-logger.ts'

const linkSecret = 'a secret for this test alone'
const administrator = { userName: 'quantri', displayName: 'Quản trị viên', password: 'mat-khau-rat-dai-2026' }

/** An analyzer and a collector of this process with an administrator signed in, on ports of their own; each can be stopped and started again. */
export class Installation {
  readonly folder = mkdtempSync(join(tmpdir(), 'vonggac-installation-'))
  readonly #collector: object
  #linkPort = 0
  #analyzer: RunningAnalyzer | undefined
  #running: RunningCollector | undefined
  #client: ApiClient | undefined

  private constructor(collector: object) {
    this.#collector = collector
  }

  /** `collector` is merged into that section of the configuration. */
  static async start(collector: object = {}): Promise<Installation> {
    const made = new Installation(collector)
    await made.startAnalyzer()
    await made.startCollector()
    return made
  }

  get collector(): RunningCollector {
    return this.#running!
  }

  get client(): ApiClient {
    return this.#client!
  }

  async startAnalyzer(): Promise<void> {
    this.#analyzer = await startAnalyzer(this.#config(), { linkSecret, logger: silentLogger })
    this.#linkPort = Number(new URL(this.#analyzer.link).port)
    this.#client = new ApiClient(this.#analyzer.console)
    const token = this.#analyzer.setup === undefined ? undefined : new URL(this.#analyzer.setup).hash.replace('#token=', '')
    await (token === undefined
      ? this.#client.call('signIn', { body: administrator })
      : this.#client.call('setup', { body: { token, ...administrator } }))
  }

  async stopAnalyzer(): Promise<void> {
    await this.#analyzer?.close()
  }

  async startCollector(): Promise<void> {
    this.#running = await startCollector(this.#config(), { linkSecret })
  }

  async stopCollector(): Promise<void> {
    await this.#running?.stop()
  }

  async dispose(): Promise<void> {
    await this.stopCollector()
    await this.stopAnalyzer()
    rmSync(this.folder, { recursive: true, force: true })
  }

  #config() {
    return configSchema.parse({
      dataFolder: this.folder,
      console: { port: 0 },
      link: { port: this.#linkPort },
      agencies: [{ id: 'congdan', name: { vi: 'Cổng thông tin công dân', en: 'Portal for citizens' } }],
      collector: { syslog: { udpPort: 0, tcpPort: 0 }, http: { port: 0, tlsPort: 0 }, metricsPort: 0, ...this.#collector },
    })
  }
}
