import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { promisify } from 'node:util'
import { Authority } from '@vonggac/analyzer'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { HttpCollector } from '../support/http-sources.ts'
import { freePort } from '../support/free-port.ts'
import { Platform } from '../support/platform.ts'
import { describeWith } from '../support/real-program.ts'
import { asFile, sentLines } from '../support/sent-lines.ts'
import { made } from '../support/shippers/recipe.ts'
import { pythonLogging } from '../support/shippers/recipes.ts'
import { settled } from '../support/wait.ts'

/** Whether a TLS handshake with the listener comes to its end. */
async function greets(port: number, authority: string): Promise<boolean> {
  const socket = connect({ port, host: '127.0.0.1', ca: await readFile(authority) })
  const greeted = await once(socket, 'secureConnect').then(
    () => true,
    () => false,
  )
  socket.destroy()
  return greeted
}

/** What programs in Python log with: pygelf and graypy for GELF, and the standard library's handler for syslog. */
describeWith(made(pythonLogging), (home) => {
  const from = ['127.0.0.1']
  let collector: HttpCollector
  let authority: Authority
  let certificates: string

  beforeEach(async () => {
    certificates = await mkdtemp(join(tmpdir(), 'vonggac-python-'))
    authority = await Authority.open(join(certificates, 'authority'), { now: () => new Date() })
    collector = await HttpCollector.start({
      sources: [
        { id: 'gelf', transport: 'gelf', parsers: ['gelf'], from },
        { id: 'by-certificate', transport: 'gelf', parsers: ['gelf'], from: ['192.0.2.1'] },
        { id: 'syslog', transport: 'syslog', parsers: ['key-value'], from },
      ],
      collector: { gelf: { udpPort: 0, tcpPort: 0, tlsPort: 0 } },
      analyzer: { authority },
    })
  })
  afterEach(async () => {
    await collector.stop()
    await rm(certificates, { recursive: true })
  })

  async function log(handler: string, port: number, options: object, lines: readonly string[]): Promise<void> {
    const file = join(certificates, 'lines')
    await writeFile(file, asFile(lines))
    const asked = JSON.stringify({ handler, port, ...options })
    const { stderr } = await promisify(execFile)('python3', [join(import.meta.dirname, 'log.py'), file, asked], {
      env: { PATH: process.env['PATH'], PYTHONPATH: home, PYTHONDONTWRITEBYTECODE: '1' },
    })
    expect(stderr).toBe('')
  }

  const messages = () => collector.events.map((event) => event['message'])
  const addresses = () => collector.running.addresses
  const few = sentLines(150)

  it.each([
    ['pygelf', 'packed', { compress: true }],
    ['pygelf', 'as it is', { compress: false }],
    ['graypy', 'packed', {}],
  ])('%s delivers every message over UDP, %s, long ones in chunks', async (library, _, options) => {
    await log(`${library}-udp`, addresses().gelfUdp!.port, options, few)
    await expect.poll(() => messages().toSorted()).toEqual(few.toSorted())
    expect(collector.events[0]).toMatchObject({ 'vonggac.source.id': 'gelf', 'log.level': 'warning', 'event.kind': 'event' })
  })

  it.each(['pygelf', 'graypy'])('%s delivers every message in order over TCP', async (library) => {
    const lines = sentLines(2_000)
    await log(`${library}-tcp`, addresses().gelfTcp!.port, {}, lines)
    await expect.poll(messages).toEqual(lines)
  })

  it.each(['pygelf', 'graypy'])('%s delivers every message in order over TLS, known by its certificate', async (library) => {
    const { certificate, key } = await authority.issueClient('by-certificate')
    const files = { ca: authority.certificate, certificate, key }
    for (const [name, text] of Object.entries(files)) await writeFile(join(certificates, name), text)
    const [ca, cert, own] = Object.keys(files).map((name) => join(certificates, name))
    const options = { validate: true, ca_certs: ca, certfile: cert, keyfile: own }
    await log(`${library}-tls`, addresses().gelfTls!.port, options, few)
    await expect.poll(messages).toEqual(few)
    expect(new Set(collector.events.map((event) => event['vonggac.source.id']))).toEqual(new Set(['by-certificate']))
  })

  it.each(['udp', 'tcp'] as const)('the standard library delivers every message as syslog over %s', async (transport) => {
    const { syslogUdp, syslogTcp } = addresses()
    await log(`syslog-${transport}`, (transport === 'udp' ? syslogUdp : syslogTcp).port, {}, few)
    const originals = () => collector.events.map((event) => event['event.original'])
    await expect.poll(originals).toEqual(few.map((line) => `<12>app[7]: ${line}`))
    expect(collector.events[7]).toMatchObject({ 'process.name': 'app', 'process.pid': 7, 'kv.n': '7', 'event.kind': 'event' })
  })

  it('loses no last message of programs that end at once, over TLS to the product as it is started', async () => {
    const [console, link, http, metrics, syslog, tlsPort] = [
      await freePort(),
      await freePort(),
      await freePort(),
      await freePort(),
      await freePort(),
      await freePort(),
    ]
    const name = { vi: 'Chương trình', en: 'Programs' }
    const platform = await Platform.start({
      ports: { console, link, http, metrics, syslog },
      prepare: () => ({
        collector: { syslog: { udpPort: syslog, tcpPort: syslog }, http: { port: http }, metricsPort: metrics, gelf: { tlsPort } },
        sources: [{ id: 'programs', name, agency: 'congdan', transport: 'gelf', parsers: ['gelf'], from }],
      }),
    })
    try {
      await platform.signIn()
      const ca = join(platform.dataFolder, 'secrets/authority.crt')
      const lines = sentLines(500)
      // The collector asks the analyzer for its certificate, and again after a while where it was the first to start.
      await expect.poll(() => greets(tlsPort, ca)).toBe(true)
      for (let run = 0; run < 6; run++) await log('graypy-tls', tlsPort, { validate: true, ca_certs: ca }, lines)
      expect(await settled(platform, 6 * lines.length, 'programs')).toMatchObject({ received: 6 * lines.length })
    } finally {
      await platform.dispose()
    }
  })
})
