import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { describeWith } from '../support/real-program.ts'
import { rsyslog, startRsyslog } from '../support/rsyslog.ts'
import type { RunningProgram } from '../support/running-program.ts'
import { SendingSite } from '../support/sending-site.ts'
import { asFile, sentLines } from '../support/sent-lines.ts'

/** What the console tells an administrator to put into rsyslog's configuration, given to rsyslog itself. */
const lines = sentLines(500)
let site: SendingSite
let running: RunningProgram | undefined

beforeAll(async () => {
  site = await SendingSite.start()
})
afterEach(() => running?.stop())
afterAll(() => site.stop())

async function deliver(program: string, transport: 'syslog' | 'http', parser: string): Promise<void> {
  const { source, folder, text } = await site.configured(transport, 'rsyslog', parser)
  const file = join(folder, 'snippet.conf')
  await writeFile(file, text)
  // It finds nothing wrong with the text as it stands.
  await promisify(execFile)(program, ['-N1', '-f', file])
  await writeFile(join(folder, 'app.log'), asFile(lines))
  const input = `module(load="imfile" mode="polling" pollingInterval="1")\ninput(type="imfile" file="${folder}/app.log" tag="app:")\n`
  running = await startRsyslog(program, folder, `${input}${text}`)
  await expect.poll(() => site.taken(source), { timeout: 40_000 }).toBe(lines.length)
  const { client } = site.place
  const evaluated = async () => (await client.call('checkSource', { params: { id: source } })).lastHour.evaluated
  await expect.poll(evaluated, { timeout: 40_000 }).toBe(lines.length)
  const texts = (await site.events(source)).map((event) => (transport === 'http' ? event['message'] : event['event.original']))
  expect(texts.map((one, n) => (String(one).endsWith(lines[n]!) ? lines[n] : one))).toEqual(lines)
}

describeWith(rsyslog('lmnsd_gtls'), (program) => {
  it('delivers every line over TLS by the snippet, known by its certificate', () => deliver(program, 'syslog', 'key-value'))
})

describeWith(rsyslog('omelasticsearch'), (program) => {
  it('delivers every line over HTTPS by the snippet', () => deliver(program, 'http', 'ecs-json'))
})
