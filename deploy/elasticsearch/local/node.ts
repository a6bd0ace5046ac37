import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface NodeOptions {
  /** The assembled server. */
  readonly home: string
  readonly jdk: string
  /** Data, logs and temporary files of this node. */
  readonly folder: string
  readonly heapMegabytes: number
  readonly settings: Readonly<Record<string, string>>
  /** Of the user elastic, where security is on. */
  readonly password: string | undefined
}

/** One server process. It ends with this one, however this one ends: it watches its standard input. */
export class LocalNode {
  readonly #options: NodeOptions
  #process: ChildProcess | undefined

  constructor(options: NodeOptions) {
    this.#options = options
  }

  get isRunning(): boolean {
    return this.#process !== undefined && this.#process.exitCode === null && this.#process.signalCode === null
  }

  start(): void {
    if (this.isRunning) return
    const { folder, home, jdk, heapMegabytes, password, settings } = this.#options
    for (const name of ['data', 'logs', 'tmp']) mkdirSync(join(folder, name), { recursive: true })
    const output = openSync(this.#log, 'a')
    const all = {
      'path.data': join(folder, 'data'),
      'path.logs': join(folder, 'logs'),
      'path.repo': join(folder, 'snapshots'),
      ...settings,
    }
    const keyValues = Object.entries(all).map(([key, value]) => `${key}=${value}`)
    this.#process = spawn(join(jdk, 'bin/java'), [...javaOptions(home, folder, heapMegabytes), 'LocalNode', home, ...keyValues], {
      stdio: ['pipe', output, output],
      env: { ...process.env, ...(password !== undefined && { ELASTIC_PASSWORD: password }) },
    })
    closeSync(output)
  }

  /** Sends the signal and waits until the process is gone: SIGTERM is an orderly end, SIGKILL a crash. */
  async end(signal: NodeJS.Signals): Promise<void> {
    if (!this.isRunning) return
    const gone = once(this.#process!, 'exit')
    this.#process!.kill(signal)
    await gone
  }

  /** The last lines that the process wrote. */
  lastWords(): string {
    return existsSync(this.#log) ? readFileSync(this.#log, 'utf8').trimEnd().split('\n').slice(-12).join('\n') : ''
  }

  get #log(): string {
    return join(this.#options.folder, 'output.log')
  }
}

function javaOptions(home: string, folder: string, heapMegabytes: number): string[] {
  const heap = `${heapMegabytes}m`
  return [
    `-Xms${heap}`,
    `-Xmx${heap}`,
    '-XX:+UseSerialGC',
    `-Djava.io.tmpdir=${join(folder, 'tmp')}`,
    '-Djava.awt.headless=true',
    '-Des.distribution.type=zip',
    // Both are needed for native code to load at all, which zstd is; vector search is not in the published jars.
    `-Des.path.home=${home}`,
    '-Dorg.elasticsearch.nativeaccess.enableVectorLibrary=false',
    '-Dlog4j2.disable.jmx=true',
    '--enable-native-access=ALL-UNNAMED',
    '--add-modules=jdk.net,jdk.management.agent,jdk.incubator.vector',
    '-cp',
    `${join(home, 'classes')}:${join(home, 'lib', '*')}`,
  ]
}
