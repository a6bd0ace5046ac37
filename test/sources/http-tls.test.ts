import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request, type RequestOptions } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Authority } from '@vonggac/analyzer'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { HttpCollector } from '../support/http-sources.ts'
import { journalUpload } from '../support/journal-upload.ts'
import { describeWith } from '../support/real-program.ts'
import { rsyslog, startRsyslog } from '../support/rsyslog.ts'

/** The HTTP sources over TLS, with the platform's own authority. */
const clock = { now: () => new Date() }
let folder: string
let authority: Authority
let collector: HttpCollector

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vonggac-https-'))
  authority = await Authority.open(join(folder, 'authority'), clock)
  collector = await HttpCollector.start({
    analyzer: { authority },
    collector: { http: { port: 0, tlsPort: 0 } },
    sources: [{ id: 'may-chu', transport: 'journald', parsers: ['journald'], from: ['192.0.2.1'] }],
  })
})
afterEach(async () => {
  await collector.stop()
  await rm(folder, { recursive: true })
})

const port = () => collector.running.addresses.https!.port

function post(path: string, body: string, options: RequestOptions = {}): Promise<number> {
  const { headers, ...more } = options
  return new Promise((resolve, reject) => {
    const sending = request(
      {
        host: '127.0.0.1',
        port: port(),
        path,
        method: 'POST',
        ca: authority.certificate,
        headers: { authorization: `Bearer ${collector.token}`, ...headers },
        ...more,
      },
      (response) => {
        response.resume()
        resolve(response.statusCode!)
      },
    )
    sending.on('error', reject).end(body)
  })
}

const received = async (count: number) => {
  await expect.poll(() => collector.analyzer.events.size).toBe(count)
}

it('takes events and bulk requests; a certificate of a stranger is turned away and counted', async () => {
  expect(await post('/v1/events', '{"a":1}')).toBe(202)
  expect(await post('/_bulk', '{"create":{}}\n{"a":2}\n')).toBe(200)
  expect(await post('/v1/events', '{}', { headers: { authorization: 'Bearer wrong' } })).toBe(401)
  const stranger = await Authority.open(join(folder, 'stranger'), clock)
  const { certificate: cert, key } = await stranger.issueClient('may-chu')
  await expect(post('/v1/events', '{}', { cert, key })).rejects.toThrow(/socket|TLS|ECONNRESET|EPIPE/)
  await expect.poll(() => collector.running.counters().dropped).toContainEqual({ source: 'http-tls', reason: 'bad-certificate', count: 1 })
  await received(3)
})

describeWith(journalUpload, ({ upload }) => {
  it('knows the machine that uploads its journal by its certificate', async () => {
    const { certificate, key } = await authority.issueClient('may-chu')
    const files = { trust: authority.certificate, cert: certificate, key }
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
    await writeFile(join(folder, 'entries'), '__REALTIME_TIMESTAMP=1795320000000000\n_HOSTNAME=ho-so-01\nMESSAGE=xin chào\n\n')
    const options = Object.keys(files).map((name) => `--${name}=${join(folder, name)}`)
    await promisify(execFile)(upload, [`--url=https://127.0.0.1:${port()}`, ...options, join(folder, 'entries')])
    await received(1)
    expect(collector.events[0]).toMatchObject({ message: 'xin chào', 'host.name': 'ho-so-01', 'vonggac.source.id': 'may-chu' })
  })
})

describeWith(rsyslog('omelasticsearch'), (program) => {
  it('takes what it sends', async () => {
    const authorityFile = join(folder, 'authority.pem')
    await writeFile(authorityFile, authority.certificate)
    await writeFile(join(folder, 'lines.log'), 'one\ntwo\n')
    const running = await startRsyslog(
      program,
      folder,
      `
module(load="imfile" mode="polling" pollingInterval="1")
module(load="omelasticsearch")
template(name="line" type="string" string="{\\"message\\":\\"%msg%\\"}")
input(type="imfile" file="${folder}/lines.log" tag="app:")
action(type="omelasticsearch" server="127.0.0.1" serverport="${port()}" usehttps="on" tls.cacert="${authorityFile}"
       uid="rsyslog" pwd="${collector.token}" template="line" bulkmode="on" searchType="" action.resumeRetryCount="-1" action.resumeInterval="1")
`,
    )
    try {
      await received(2)
      expect(collector.events.map((event) => event['message'])).toEqual(['one', 'two'])
    } finally {
      await running.stop()
    }
  })
})
