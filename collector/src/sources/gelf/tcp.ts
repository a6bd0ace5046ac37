import type { Logger } from 'pino'
import type { RunningServer } from '../../platform/index.ts'
import type { Intake } from '../intake.ts'
import { OneWayConnection } from '../stream/one-way.ts'
import { startStream, type StreamOptions } from '../stream/server.ts'
import { NulSplitter } from './messages.ts'

export interface GelfTcpOptions extends Pick<StreamOptions, 'host' | 'port' | 'maxConnections' | 'tls'> {
  readonly maxMessageBytes: number
}

/** GELF over TCP or TLS: JSON, each ended by NUL. @throws ListenError */
export function startGelfTcp(options: GelfTcpOptions, intake: Intake, log: Logger): Promise<RunningServer> {
  const names: Pick<StreamOptions, 'place' | 'setting'> = options.tls
    ? { place: 'gelf-tls', setting: 'collector.gelf.tlsPort' }
    : { place: 'gelf-tcp', setting: 'collector.gelf.tcpPort' }
  return startStream({ ...options, ...names, transport: 'gelf' }, intake, log, (socket, sender) => {
    return new OneWayConnection(socket, sender, intake, (take) => new NulSplitter(options.maxMessageBytes, take))
  })
}
