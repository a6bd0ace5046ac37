import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Child, type Ready } from './child.ts'
import type { Configuration } from './configuration.ts'
import { linkSecret, prepareDataFolder } from './data-folder.ts'
import { lockDataFolder } from './lock.ts'
import { LogFile } from './log-file.ts'
import { checkPorts, portsOf } from './ports.ts'

export interface Platform {
  readonly console: string
  /** Ends both processes, waits for them, and gives the data folder free. */
  stop(): Promise<void>
  /** At once; the data is safe, what was under way is done again at the next start. */
  kill(): void
}

export interface PlatformOptions {
  readonly configuration: Configuration
  readonly environment: NodeJS.ProcessEnv
  readonly say: (sentence: string) => void
  /** Takes a start back that is still under way. */
  readonly signal: AbortSignal
}

/** Each package's process stands beside its entry. */
const entries = {
  collector: fileURLToPath(new URL('main.js', import.meta.resolve('@vonggac/collector'))),
  analyzer: fileURLToPath(new URL('main.js', import.meta.resolve('@vonggac/analyzer'))),
}
/** How the collector's process speaks TLS, unless the operator says so. */
const collectorTls = fileURLToPath(new URL('../openssl.cnf', import.meta.resolve('@vonggac/collector')))
/** After a kill -9 the former processes notice within a moment that nobody minds them. */
const patienceAfterKillMs = 10_000

/** Starts collector and analyzer and keeps them running. Throws a `Failure` for what a person has to put right first, or the signal's reason. */
export async function startPlatform({ configuration, environment, say, signal }: PlatformOptions): Promise<Platform> {
  const { config, file, dataFolder } = configuration
  prepareDataFolder(dataFolder)
  const lock = lockDataFolder(dataFolder)
  const children: Child[] = []
  const logs: LogFile[] = []
  const stop = async () => {
    await Promise.all(children.map((child) => child.stop()))
    for (const log of logs) log.close()
    lock.release()
  }
  try {
    await checkPorts(portsOf(config), lock.takenOver ? patienceAfterKillMs : 0)
    const childEnvironment = {
      ...environment,
      // YAML text, as every override: quoted, a path is a path whatever it holds.
      VONGGAC_DATA_FOLDER: JSON.stringify(dataFolder),
      VONGGAC_LINK_SECRET: linkSecret(dataFolder),
    }
    const environments = { analyzer: childEnvironment, collector: { OPENSSL_CONF: collectorTls, ...childEnvironment } }
    let latest: Ready = { ready: true }
    const start = (name: keyof typeof entries) => {
      const log = new LogFile(join(dataFolder, 'logs', `${name}.log`))
      logs.push(log)
      const onReady = (ready: Ready, restarted: boolean) => {
        if (name === 'analyzer') latest = ready
        if (restarted) sayRestarted(say, name, ready)
      }
      children.push(
        new Child({ name, entry: entries[name], arguments: ['--config', file], environment: environments[name], log, onReady, say }),
      )
    }
    start('analyzer')
    start('collector')
    await Promise.race([Promise.all(children.map((child) => child.ready)), aborted(signal)])
    const address = latest.console ?? `http://${config.console.host}:${config.console.port}`
    sayStarted(say, configuration, address, latest.setup)
    return { console: address, stop, kill: () => children.forEach((child) => child.kill()) }
  } catch (error) {
    await stop()
    throw error
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const abort = () => reject(signal.reason as Error)
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
  })
}

function sayStarted(
  say: (sentence: string) => void,
  { config, dataFolder, shownFile }: Configuration,
  address: string,
  setup: string | undefined,
): void {
  const { syslog, http } = config.collector
  const tokens = config.sources.some(({ transport }) => transport === 'http' || transport === 'journald')
    ? ` (tokens: ${join(dataFolder, 'secrets', 'source-*.token')})`
    : ''
  say(`Vọng Gác is running.

  Console    ${address}${setup === undefined ? '' : `\n  Set-up     ${setup}\n             (makes the first administrator; works once, for 24 hours)`}
  Receives   syslog at udp://${syslog.host}:${syslog.udpPort} and tcp://${syslog.host}:${syslog.tcpPort}, NDJSON at http://${http.host}:${http.port}/v1/events${tokens}
  Data       ${dataFolder} (configuration: ${shownFile})

Ctrl-C stops it.`)
}

function sayRestarted(say: (sentence: string) => void, name: string, { setup }: Ready): void {
  say(`The ${name} is running again.${setup === undefined ? '' : ` The new set-up link: ${setup}`}`)
}
