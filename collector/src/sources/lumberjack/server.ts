import type { Logger } from 'pino'
import type { RunningServer } from '../../platform/index.ts'
import type { Intake } from '../intake.ts'
import type { RepeatGuard } from '../repeats/index.ts'
import { startStream, type StreamOptions } from '../stream/server.ts'
import { LumberjackConnection } from './connection.ts'

export interface LumberjackOptions extends Pick<StreamOptions, 'host' | 'port' | 'maxConnections' | 'tls'> {
  readonly maxEventBytes: number
  /** Of a packed frame, unpacked. */
  readonly maxBatchBytes: number
}

/** What Beats and Logstash send to Logstash: Lumberjack 2 (and 1). @throws ListenError */
export function startLumberjack(options: LumberjackOptions, intake: Intake, guard: RepeatGuard, log: Logger): Promise<RunningServer> {
  const { tls, maxEventBytes: eventBytes, maxBatchBytes: unpackedBytes } = options
  const bounds = { eventBytes, unpackedBytes, packedBytes: Math.min(unpackedBytes, 64 * 1024 * 1024) }
  const names: Pick<StreamOptions, 'place' | 'setting'> = tls
    ? { place: 'lumberjack-tls', setting: 'collector.lumberjack.tlsPort' }
    : { place: 'lumberjack', setting: 'collector.lumberjack.port' }
  return startStream({ ...options, ...names, transport: 'lumberjack' }, intake, log, (socket, sender) => {
    return new LumberjackConnection(socket, sender, bounds, { intake, guard, log })
  })
}
