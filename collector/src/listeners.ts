import type { AddressInfo } from 'node:net'
import type { Config } from '@vonggac/contract'
import type { Logger } from 'pino'
import type { RunningServer } from './platform/index.ts'
import {
  Reception,
  startGelfTcp,
  startGelfUdp,
  startHttpSource,
  startHttpsSource,
  startLumberjack,
  startRelp,
  startSyslogStream,
  startSyslogUdp,
  type Intake,
  type RepeatGuard,
  type Tokens,
} from './sources/index.ts'
import type { IdentityKeeper } from './tls/index.ts'

/** Where it listens; undefined where it does not. */
export interface ListenerAddresses {
  readonly syslogUdp: AddressInfo
  readonly syslogTcp: AddressInfo
  readonly syslogTls: AddressInfo | undefined
  readonly http: AddressInfo
  readonly https: AddressInfo | undefined
  readonly gelfUdp: AddressInfo | undefined
  readonly gelfTcp: AddressInfo | undefined
  readonly gelfTls: AddressInfo | undefined
  readonly lumberjack: AddressInfo | undefined
  readonly lumberjackTls: AddressInfo | undefined
  readonly relp: AddressInfo | undefined
  readonly relpTls: AddressInfo | undefined
}

export interface ListenerParts {
  readonly intake: Intake
  readonly guard: RepeatGuard
  readonly tokens: Tokens
  readonly keeper: IdentityKeeper
  /** Serial numbers of client certificates that count no more. */
  readonly revoked: () => ReadonlySet<string>
  readonly log: Logger
  /** Waits for a server to listen, and stops it when the collector stops. */
  readonly run: (starting: Promise<RunningServer>) => Promise<AddressInfo>
}

type Settings = Config['collector']

/** Opens every port of the configuration. @throws ListenError */
export async function startListeners(settings: Settings, parts: ListenerParts): Promise<ListenerAddresses> {
  const { syslog, relp, lumberjack, gelf, http } = settings
  const { intake, guard, tokens, keeper, revoked, log, run } = parts
  const ifWanted = async (port: number | null, start: (port: number) => Promise<RunningServer>) =>
    port === null ? undefined : run(start(port))
  const tls = { ...settings.tls, keeper, revoked }
  const reception = new Reception(http, tokens, intake, guard)
  return {
    syslogUdp: await run(startSyslogUdp({ ...syslog, port: syslog.udpPort }, intake, log)),
    syslogTcp: await run(startSyslogStream({ ...syslog, port: syslog.tcpPort }, intake, log)),
    syslogTls: await ifWanted(syslog.tlsPort, (port) => startSyslogStream({ ...syslog, port, tls }, intake, log)),
    http: await run(startHttpSource(http, reception, log)),
    https: await ifWanted(http.tlsPort, (port) => startHttpsSource({ ...http, port, tls }, reception, log)),
    gelfUdp: await ifWanted(gelf.udpPort, (port) => startGelfUdp({ ...gelf, port }, intake, log)),
    gelfTcp: await ifWanted(gelf.tcpPort, (port) => startGelfTcp({ ...gelf, port }, intake, log)),
    gelfTls: await ifWanted(gelf.tlsPort, (port) => startGelfTcp({ ...gelf, port, tls }, intake, log)),
    lumberjack: await ifWanted(lumberjack.port, (port) => startLumberjack({ ...lumberjack, port }, intake, guard, log)),
    lumberjackTls: await ifWanted(lumberjack.tlsPort, (port) => startLumberjack({ ...lumberjack, port, tls }, intake, guard, log)),
    relp: await ifWanted(relp.port, (port) => startRelp({ ...relp, port }, intake, log)),
    relpTls: await ifWanted(relp.tlsPort, (port) => startRelp({ ...relp, port, tls }, intake, log)),
  }
}

/** Whether the collector needs a certificate. */
export function usesTls({ syslog, http, relp, lumberjack, gelf }: Settings): boolean {
  return [syslog, http, relp, lumberjack, gelf].some(({ tlsPort }) => tlsPort !== null)
}
