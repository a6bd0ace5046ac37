import { createSocket, type Socket as DatagramSocket } from 'node:dgram'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** One recorded log line: `at` in milliseconds since the recording began. Format: rules/packs/citizen-portal/samples/README.md. */
export interface RecordedLine {
  readonly at: number
  readonly host: string
  readonly program: string
  readonly pid: number
  readonly message: string
}

export interface ReplayTarget {
  readonly host: string
  readonly tcpPort: number
  readonly udpPort: number
}

export interface ReplayOptions {
  /** 2 plays twice as fast as recorded; Infinity does not wait. */
  readonly speed: number
  readonly signal?: AbortSignal
  readonly onProgress?: (sent: number, total: number) => void
}

export function parseRecording(text: string): RecordedLine[] {
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as RecordedLine)
}

/**
 * Sends the lines to the collector's syslog ports as the portal itself would: nginx by RFC 5424 over TCP, with octet counts;
 * sshd by RFC 3164 over UDP. Times are those of now. Resolves when the last line has left this machine's buffers.
 */
export async function replay(lines: readonly RecordedLine[], target: ReplayTarget, options: ReplayOptions): Promise<number> {
  const tcp = await openTcp(target)
  const udp = createSocket('udp4')
  const started = Date.now()
  let sent = 0
  try {
    for (const line of lines) {
      const wait = line.at / options.speed - (Date.now() - started)
      if (wait > 1) await sleep(wait, undefined, options.signal ? { signal: options.signal } : {})
      options.signal?.throwIfAborted()
      const now = new Date()
      if (line.program === 'nginx') await sendTcp(tcp, octetCounted(rfc5424(line, now)))
      else await sendUdp(udp, target, rfc3164(line, now))
      sent++
      options.onProgress?.(sent, lines.length)
    }
  } finally {
    await new Promise<void>((resolve) => tcp.end(resolve))
    udp.close()
  }
  return sent
}

/** Facility local7, severity informational: what nginx's own syslog logger sends. */
function rfc5424(line: RecordedLine, now: Date): string {
  return `<190>1 ${now.toISOString()} ${line.host} ${line.program} ${line.pid} - - ${withTime(line.message, now)}`
}

/** Facility authpriv, severity informational; the time is the portal's local one, without year and zone. */
function rfc3164(line: RecordedLine, now: Date): string {
  const { day, month, time } = localTime(now)
  return `<86>${month} ${day.padStart(2, ' ')} ${time} ${line.host} ${line.program}[${line.pid}]: ${line.message}`
}

/** RFC 6587 section 3.4.1: the length in bytes, a space, the frame. */
function octetCounted(frame: string): Buffer {
  const bytes = Buffer.from(frame)
  return Buffer.concat([Buffer.from(`${bytes.length} `), bytes])
}

const accessLogTime = /\[\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\]/

/** The time inside nginx's line, replaced by now's. */
function withTime(message: string, now: Date): string {
  const { day, month, year, time } = localTime(now)
  return message.replace(accessLogTime, `[${day.padStart(2, '0')}/${month}/${year}:${time} +0700]`)
}

const format = new Intl.DateTimeFormat('en-US', {
  timeZone: 'Asia/Ho_Chi_Minh',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
})

function localTime(now: Date): { day: string; month: string; year: string; time: string } {
  const part = Object.fromEntries(format.formatToParts(now).map(({ type, value }) => [type, value])) as Record<string, string>
  return { day: part['day']!, month: part['month']!, year: part['year']!, time: `${part['hour']}:${part['minute']}:${part['second']}` }
}

function openTcp(target: ReplayTarget): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: target.host, port: target.tcpPort })
    socket.once('connect', () => resolve(socket)).once('error', reject)
  })
}

function sendTcp(socket: Socket, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => socket.write(bytes, (error) => (error ? reject(error) : resolve())))
}

function sendUdp(socket: DatagramSocket, target: ReplayTarget, frame: string): Promise<void> {
  return new Promise((resolve, reject) => socket.send(frame, target.udpPort, target.host, (error) => (error ? reject(error) : resolve())))
}
