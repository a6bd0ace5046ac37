import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const program = ['/usr/sbin/rsyslogd', '/sbin/rsyslogd'].find((path) => existsSync(path))

export const rsyslogIsInstalled = program !== undefined

/**
 * How rsyslog's queue notes its place on the disk: by default only when it ends, so that a crash takes the whole queue; or every so many messages.
 */
export type Checkpoints = 'by default' | 100

/** rsyslog that takes lines over TCP into a queue on the disk and sends them on to a port. */
export class Rsyslog {
  readonly port: number
  readonly #child: ChildProcess

  private constructor(child: ChildProcess, port: number) {
    this.#child = child
    this.port = port
  }

  static async start(folder: string, forwardTo: number, checkpoints: Checkpoints): Promise<Rsyslog> {
    await mkdir(join(folder, 'queue'), { recursive: true })
    const portFile = join(folder, 'port')
    await writeFile(portFile, '')
    const path = join(folder, 'rsyslog.conf')
    await writeFile(
      path,
      `global(workDirectory="${join(folder, 'queue')}")
module(load="imtcp")
input(type="imtcp" address="127.0.0.1" port="0" listenPortFileName="${portFile}" ruleset="keep")
ruleset(name="keep" queue.type="Disk" queue.filename="kept" queue.checkpointInterval="${checkpoints === 'by default' ? 0 : checkpoints}" queue.size="20000000" queue.maxDiskSpace="8g") {
  action(type="omfwd" target="127.0.0.1" port="${forwardTo}" protocol="tcp" action.resumeRetryCount="-1" action.resumeInterval="1")
}
`,
    )
    const child = spawn(program!, ['-n', '-f', path, '-i', join(folder, 'pid')], { stdio: 'ignore' })
    for (let tries = 0; tries < 100; tries++) {
      const port = Number(await readFile(portFile, 'utf8'))
      if (port > 0) return new Rsyslog(child, port)
      if (child.exitCode !== null) break
      await sleep(50)
    }
    child.kill('SIGKILL')
    throw new Error(`rsyslogd did not start with ${path}`)
  }

  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const ended = once(this.#child, 'exit')
    this.#child.kill(signal)
    await ended
  }
}

/** Counts the lines that come over TCP. */
export class LineCounter {
  readonly #server: Server
  lines = 0

  private constructor() {
    this.#server = createServer((socket) => {
      socket.on('data', (chunk) => {
        for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) this.lines++
      })
      socket.on('error', () => {})
    })
  }

  static async start(): Promise<LineCounter> {
    const counter = new LineCounter()
    counter.#server.listen(0, '127.0.0.1')
    await once(counter.#server, 'listening')
    return counter
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** The lines once none has come for three seconds. */
  async settled(): Promise<number> {
    for (let before = -1; before !== this.lines;) {
      before = this.lines
      await sleep(3_000)
    }
    return this.lines
  }

  stop(): void {
    this.#server.close()
  }
}
