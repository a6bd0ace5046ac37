import type { Logger } from 'pino'
import type { RunningServer } from '../../platform/index.ts'
import type { Intake } from '../intake.ts'
import { OneWayConnection } from '../stream/one-way.ts'
import { startStream, type StreamOptions } from '../stream/server.ts'
import { SyslogFramer } from './framing.ts'

export interface SyslogStreamOptions extends Pick<StreamOptions, 'host' | 'port' | 'maxConnections' | 'tls'> {
  readonly maxFrameBytes: number
}

/** Syslog over TCP (RFC 6587) or TLS (RFC 5425). @throws ListenError */
export function startSyslogStream(options: SyslogStreamOptions, intake: Intake, log: Logger): Promise<RunningServer> {
  const names: Pick<StreamOptions, 'place' | 'setting'> = options.tls
    ? { place: 'syslog-tls', setting: 'collector.syslog.tlsPort' }
    : { place: 'syslog-tcp', setting: 'collector.syslog.tcpPort' }
  return startStream({ ...options, ...names, transport: 'syslog' }, intake, log, (socket, sender) => {
    return new OneWayConnection(socket, sender, intake, (take) => new SyslogFramer(options.maxFrameBytes, take))
  })
}
