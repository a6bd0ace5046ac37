import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Config } from '@vonggac/contract'
import { Failure } from './failure.ts'

interface Port {
  /** Its place in the configuration. */
  readonly setting: string
  readonly transport: 'tcp' | 'udp'
  readonly host: string
  readonly port: number
}

export function portsOf({ console, link, collector: { syslog, relp, lumberjack, gelf, http, metricsPort } }: Config): Port[] {
  const ports: Port[] = [
    { setting: 'console.port', transport: 'tcp', host: console.host, port: console.port },
    { setting: 'link.port', transport: 'tcp', host: link.host, port: link.port },
    { setting: 'collector.syslog.udpPort', transport: 'udp', host: syslog.host, port: syslog.udpPort },
    { setting: 'collector.syslog.tcpPort', transport: 'tcp', host: syslog.host, port: syslog.tcpPort },
    ...optional('collector.syslog.tlsPort', syslog.host, syslog.tlsPort),
    ...optional('collector.gelf.udpPort', gelf.host, gelf.udpPort, 'udp'),
    ...optional('collector.gelf.tcpPort', gelf.host, gelf.tcpPort),
    ...optional('collector.gelf.tlsPort', gelf.host, gelf.tlsPort),
    ...optional('collector.lumberjack.port', lumberjack.host, lumberjack.port),
    ...optional('collector.lumberjack.tlsPort', lumberjack.host, lumberjack.tlsPort),
    ...optional('collector.relp.port', relp.host, relp.port),
    ...optional('collector.relp.tlsPort', relp.host, relp.tlsPort),
    { setting: 'collector.http.port', transport: 'tcp', host: http.host, port: http.port },
    ...optional('collector.http.tlsPort', http.host, http.tlsPort),
    { setting: 'collector.metricsPort', transport: 'tcp', host: '127.0.0.1', port: metricsPort },
  ]
  return ports.filter(({ port }) => port !== 0)
}

/** null: nobody listens. */
function optional(setting: string, host: string, port: number | null, transport: Port['transport'] = 'tcp'): Port[] {
  return port === null ? [] : [{ setting, transport, host, port }]
}

/**
 * Takes every port for a moment, so that one in use is told before anything starts. All are held until the last is checked:
 * two settings with the same port show as well. After a kill, the former processes are given `patienceMs` to let go.
 */
export async function checkPorts(ports: readonly Port[], patienceMs = 0): Promise<void> {
  const held: (Port & { release: () => Promise<void> })[] = []
  try {
    for (const port of ports) held.push({ ...port, release: await take(port, held, Date.now() + patienceMs) })
  } finally {
    await Promise.all(held.map(({ release }) => release()))
  }
}

async function take(port: Port, held: readonly Port[], deadline: number): Promise<() => Promise<void>> {
  for (;;) {
    try {
      return await (port.transport === 'tcp' ? takeTcp(port) : takeUdp(port))
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      const twin = held.find((other) => other.transport === port.transport && other.port === port.port)
      if (code === 'EADDRINUSE' && !twin && Date.now() < deadline) await sleep(100)
      else throw new Failure('portInUse', sentence(port, code, twin))
    }
  }
}

function sentence({ setting, transport, host, port }: Port, code: string | undefined, twin: Port | undefined): string {
  const which = `${transport.toUpperCase()} port ${port} on ${host} (${setting})`
  if (twin) return `${setting} and ${twin.setting} are both port ${port}. Give one of them another.`
  if (code === 'EADDRINUSE') return `${which} is in use. Stop the program that uses it, or set ${setting} to another port.`
  if (code === 'EACCES') return `${which} needs rights that your user does not have. Set ${setting} to a port above 1023.`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `${which} cannot be opened: this machine has no address ${host}. Correct the host beside ${setting}.`
  return `${which} cannot be opened (${code}).`
}

function takeTcp({ host, port }: Port): Promise<() => Promise<void>> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen({ host, port, exclusive: true }, () => resolve(() => new Promise((done) => server.close(() => done()))))
  })
}

function takeUdp({ host, port }: Port): Promise<() => Promise<void>> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
    socket.once('error', reject)
    socket.bind({ address: host, port, exclusive: true }, () => resolve(() => new Promise((done) => socket.close(() => done()))))
  })
}
