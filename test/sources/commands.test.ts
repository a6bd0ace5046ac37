import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, expect, it } from 'vitest'
import { HttpCollector } from '../support/http-sources.ts'
import { describeWith, packagesRequired, type RealProgram } from '../support/real-program.ts'
import { SendingSite } from '../support/sending-site.ts'
import { asFile, sentLine, sentLines } from '../support/sent-lines.ts'

/** The commands of every Linux with which a script sends: util-linux's logger, and curl by the script that the console gives. */
const run = promisify(execFile)
const command = (name: string, found: string, install: string): RealProgram<string> => ({
  name,
  found: existsSync(found) ? found : undefined,
  install: `apt-get install ${install}`,
  required: packagesRequired,
})

describeWith(command('logger', '/usr/bin/logger', 'bsdutils'), (logger) => {
  let collector: HttpCollector
  afterEach(() => collector.stop())

  it.each([
    ['RFC 5424 over TCP with octet counting', ['--tcp', '--octet-count', '--rfc5424'], 2_000],
    ['RFC 5424 over TCP with lines', ['--tcp', '--rfc5424'], 2_000],
    ['RFC 3164 over TCP', ['--tcp', '--rfc3164'], 2_000],
    // So few that the smallest receive buffer of a kernel holds them, however busy the collector is.
    ['RFC 5424 over UDP', ['--udp', '--rfc5424'], 99],
    ['RFC 3164 over UDP', ['--udp', '--rfc3164'], 99],
  ])('delivers every line in order: %s', async (_, options, count) => {
    collector = await HttpCollector.start({
      sources: [{ id: 'may', transport: 'syslog', parsers: ['key-value'], programs: ['quầy', 'quay'] }],
    })
    const lines = Array.from({ length: count }, (__, n) => sentLine(n + 1))
    const file = join(collector.folder, 'lines')
    await writeFile(file, asFile(lines))
    const { syslogTcp, syslogUdp } = collector.running.addresses
    const { port } = options.includes('--udp') ? syslogUdp : syslogTcp
    const to = ['--server', '127.0.0.1', '--port', String(port), '--size', '16KiB', '--tag', 'quay', '--file', file]
    await run(logger, [...options, ...to])
    const texts = () => collector.events.map((event) => String(event['event.original']))
    await expect.poll(() => texts().length).toBe(lines.length)
    expect(texts().map((text, n) => (text.endsWith(` ${lines[n]}`) ? lines[n] : text))).toEqual(lines)
    expect(collector.events[6]).toMatchObject({ 'process.name': 'quay', 'kv.n': '7', 'vonggac.source.id': 'may', 'event.kind': 'event' })
  })
})

describeWith(command('curl', '/usr/bin/curl', 'curl'), () => {
  it('delivers a file of events by the script of the console', async () => {
    const site = await SendingSite.start()
    try {
      const { source, folder, text } = await site.configured('http', 'curl', 'ecs-json')
      const lines = sentLines(3_000)
      await writeFile(join(folder, 'events.ndjson'), asFile(lines.map((message) => JSON.stringify({ message }))))
      await writeFile(join(folder, 'send.sh'), text)
      const { stdout } = await run('sh', ['send.sh'], { cwd: folder })
      expect(JSON.parse(stdout)).toMatchObject({ accepted: lines.length, rejectedTotal: 0 })
      await expect.poll(async () => (await site.events(source)).map(({ message }) => message)).toEqual(lines)
      await writeFile(join(folder, 'send.sh'), text.replace(/Bearer \S+'/, "Bearer wrong'"))
      await expect(run('sh', ['send.sh'], { cwd: folder })).rejects.toThrow(/401/)
    } finally {
      await site.stop()
    }
  })
})
