import type { Logger } from 'pino'
import { frameFlags } from '../../frame.ts'
import type { RunningServer } from '../../platform/index.ts'
import type { Intake } from '../intake.ts'
import { startDatagrams } from '../stream/datagrams.ts'

export interface SyslogUdpOptions {
  readonly host: string
  readonly port: number
  readonly maxFrameBytes: number
}

/**
 * Syslog over UDP (RFC 5426): a datagram is a frame. What the journal cannot take is refused and counted.
 * @throws ListenError
 */
export function startSyslogUdp({ host, port, maxFrameBytes }: SyslogUdpOptions, intake: Intake, log: Logger): Promise<RunningServer> {
  return startDatagrams({ host, port, setting: 'collector.syslog.udpPort' }, intake, log, (datagram, peer) => {
    const sender = { transport: 'syslog', peer } as const
    const cut = datagram.length > maxFrameBytes
    const frame = cut ? datagram.subarray(0, maxFrameBytes) : withoutLineEnd(datagram)
    if (intake.congested) intake.refuseFrom(sender, frame, 'journal-full')
    else intake.acceptFrom(sender, frame, cut ? frameFlags.oversize : 0, intake.now())
  })
}

function withoutLineEnd(datagram: Buffer): Buffer {
  let end = datagram.length
  while (end > 0 && (datagram[end - 1] === 10 || datagram[end - 1] === 13 || datagram[end - 1] === 0)) end--
  return datagram.subarray(0, end)
}
