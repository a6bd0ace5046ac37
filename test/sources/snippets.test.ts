import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type { Shipper } from '@vonggac/contract'
import { describeWith } from '../support/real-program.ts'
import { rsyslog, startRsyslog } from '../support/rsyslog.ts'
import type { RunningProgram } from '../support/running-program.ts'
import { SendingSite } from '../support/sending-site.ts'
import { asFile, sentLines } from '../support/sent-lines.ts'
import { made } from '../support/shippers/recipe.ts'
import { pythonLogging } from '../support/shippers/recipes.ts'

/** What the console tells an administrator to put into the configuration of rsyslog, or beside a program in Python, given to the real ones. */
const lines = sentLines(500)
let site: SendingSite
let running: RunningProgram | undefined

beforeAll(async () => {
  site = await SendingSite.start()
})
afterEach(() => running?.stop())
afterAll(() => site.stop())

async function deliver(program: string, transport: 'syslog' | 'http', parser: string, shipper: Shipper = 'rsyslog'): Promise<void> {
  const { source, folder, text: told } = await site.configured(transport, shipper, parser)
  // The collector of a test listens on IPv4 alone.
  const text = told.replace('target="localhost"', 'target="127.0.0.1"')
  const file = join(folder, 'snippet.conf')
  await writeFile(file, text)
  // It finds nothing wrong with the text as it stands.
  await promisify(execFile)(program, ['-N1', '-f', file])
  await writeFile(join(folder, 'app.log'), asFile(lines))
  const input = `module(load="imfile" mode="polling" pollingInterval="1")\ninput(type="imfile" file="${folder}/app.log" tag="app:")\n`
  running = await startRsyslog(program, folder, `${input}${text}`)
  await expect.poll(() => site.taken(source)).toBe(lines.length)
  const { client } = site.place
  const evaluated = async () => (await client.call('checkSource', { params: { id: source } })).lastHour.evaluated
  await expect.poll(evaluated).toBe(lines.length)
  const texts = (await site.events(source)).map((event) => (transport === 'http' ? event['message'] : event['event.original']))
  expect(texts.map((one, n) => (String(one).endsWith(lines[n]!) ? lines[n] : one))).toEqual(lines)
}

describeWith(rsyslog('lmnsd_gtls'), (program) => {
  it('delivers every line over TLS by the snippet, known by its certificate', () => deliver(program, 'syslog', 'key-value'))
})

describeWith(rsyslog('omelasticsearch'), (program) => {
  it('delivers every line over HTTPS by the snippet', () => deliver(program, 'http', 'ecs-json'))
})

describeWith(rsyslog('omrelp'), (program) => {
  it('delivers every line over RELP with TLS by the snippet, known by its certificate', () =>
    deliver(program, 'syslog', 'key-value', 'rsyslog-relp'))
})

describeWith(made(pythonLogging), (home) => {
  it('delivers every message as GELF over TLS by the snippet, known by its certificate', async () => {
    const { source, folder, text } = await site.configured('gelf', 'python', 'gelf')
    await writeFile(join(folder, 'vonggac_logging.py'), text)
    await writeFile(join(folder, 'lines'), asFile(lines))
    const program = `
import logging, sys, vonggac_logging
with open(sys.argv[1], encoding="utf-8", newline="\\n") as lines:
    for line in lines:
        logging.getLogger("quầy").warning("%s", line.removesuffix("\\n"), extra={"desk": 5})
logging.shutdown()
`
    const env = { PATH: process.env['PATH'], PYTHONPATH: `${home}:${folder}`, PYTHONDONTWRITEBYTECODE: '1' }
    const { stderr } = await promisify(execFile)('python3', ['-c', program, join(folder, 'lines')], { env })
    expect(stderr).toBe('')
    await expect.poll(async () => (await site.events(source)).map(({ message }) => message)).toEqual(lines)
    const [event] = await site.events(source)
    expect(event).toMatchObject({ 'log.level': 'warning', 'gelf._desk': 5, 'vonggac.source.id': source, 'event.kind': 'event' })
  })
})
