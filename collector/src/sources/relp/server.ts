import type { Logger } from 'pino'
import type { RunningServer } from '../../platform/index.ts'
import type { Intake } from '../intake.ts'
import { startStream, type StreamOptions } from '../stream/server.ts'
import { RelpConnection } from './connection.ts'
import { UnansweredFrames } from './unanswered.ts'

export interface RelpOptions extends Pick<StreamOptions, 'host' | 'port' | 'maxConnections' | 'tls'> {
  readonly maxFrameBytes: number
}

/** Syslog over RELP: an answer to each frame once it is durable. @throws ListenError */
export function startRelp(options: RelpOptions, intake: Intake, log: Logger): Promise<RunningServer> {
  const names: Pick<StreamOptions, 'place' | 'setting'> = options.tls
    ? { place: 'relp-tls', setting: 'collector.relp.tlsPort' }
    : { place: 'relp', setting: 'collector.relp.port' }
  const parts = { intake, unanswered: new UnansweredFrames(intake.now), log }
  return startStream({ ...options, ...names, transport: 'syslog' }, intake, log, (socket, sender) => {
    return new RelpConnection(socket, sender, options.maxFrameBytes, parts)
  })
}
