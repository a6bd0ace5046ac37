import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FlatEvent } from '@vonggac/contract'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeWith } from '../support/real-program.ts'
import type { RunningProgram } from '../support/running-program.ts'
import { SendingSite, type Configured } from '../support/sending-site.ts'
import { asFile, sentLines } from '../support/sent-lines.ts'
import { made } from '../support/shippers/recipe.ts'
import { syslogNg } from '../support/shippers/recipes.ts'
import { startSyslogNg, syslogNgPreamble } from '../support/syslog-ng.ts'

/** syslog-ng, the real program, with the configuration that the console gives for it, and with its driver for Elasticsearch. */
describeWith(made(syslogNg), (home) => {
  const lines = sentLines(3_000)
  let site: SendingSite
  let running: RunningProgram | undefined
  const textOf = (event: FlatEvent) => String(event['MESSAGE'] ?? event['message'] ?? '')

  beforeAll(async () => {
    site = await SendingSite.start()
  })
  afterAll(() => site.stop())

  /** The lines as those of the program nginx; `destination` is what an administrator adds to syslog-ng.conf. */
  async function send(folder: string, destination: string): Promise<void> {
    const log = join(folder, 'access.log')
    const config = join(folder, 'syslog-ng.conf')
    const source = `source s_src { file("${log}" follow-freq(0.1) program-override("nginx") flags(no-parse)); };\n`
    await writeFile(config, `${syslogNgPreamble(home)}${source}${destination.replaceAll('/var/lib/syslog-ng', folder)}`)
    await writeFile(log, asFile(lines))
    running = startSyslogNg(home, config, folder)
  }

  /** Everything that is stored of the source, once each line is there. */
  async function received({ source }: Configured) {
    const stored = async () => new Set((await site.events(source)).map(textOf)).size
    try {
      await expect.poll(stored).toBe(lines.length)
    } finally {
      await running?.stop()
    }
    return site.events(source)
  }

  it('delivers every line over TLS, known by its certificate', async () => {
    const configured = await site.configured('syslog', 'syslog-ng', 'key-value')
    await send(configured.folder, configured.text)
    const events = await received(configured)
    expect(events.map(textOf)).toEqual(lines)
    expect(events[7]).toMatchObject({ 'process.name': 'nginx', 'kv.n': '7', 'kv.name': 'Nguyễn Thị Ánh', 'event.kind': 'event' })
  })

  it('delivers every line over HTTPS', async () => {
    const configured = await site.configured('http', 'syslog-ng', 'ecs-json')
    await send(configured.folder, configured.text)
    const events = await received(configured)
    expect(events.map(textOf)).toEqual(lines)
    expect(events[7]).toMatchObject({ 'process.name': 'nginx', 'event.kind': 'event' })
  })

  it('delivers every line as GELF over TLS, known by its certificate', async () => {
    const configured = await site.configured('gelf', 'syslog-ng', 'gelf')
    await send(configured.folder, configured.text)
    const events = await received(configured)
    expect(events.map(textOf)).toEqual(lines)
    expect(events[7]).toMatchObject({ 'gelf._program': 'nginx', 'event.dataset': 'gelf.message', 'event.kind': 'event' })
  })

  it('delivers every line once by its driver for Elasticsearch, while the collector restarts', async () => {
    const configured = await site.configured('http', 'syslog-ng', 'ecs-json')
    const [, url] = /url\("(.+)\/v1\/events"\)/.exec(configured.text)!
    const [, authorization] = /(Authorization: [^"]+)/.exec(configured.text)!
    await send(
      configured.folder,
      `options { use-uniqid(yes); };
      log { source(s_src); destination { elasticsearch-http(url("${url}/_bulk") index("logs") type("") custom-id("$UNIQID") workers(1)
        headers("Content-Type: application/x-ndjson", "${authorization}") tls(ca-file("${configured.folder}/vonggac-ca.crt") peer-verify(yes))); }; };`,
    )
    await expect.poll(() => site.taken(configured.source), { interval: 20 }).toBeGreaterThan(100)
    await site.restartCollector()
    const events = await received(configured)
    expect(events.map(({ MESSAGE }) => MESSAGE)).toEqual(lines)
  })
})
