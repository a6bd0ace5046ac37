import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { HttpCollector } from '../support/http-sources.ts'
import { journalUpload } from '../support/journal-upload.ts'
import { describeWith } from '../support/real-program.ts'
import { RunningProgram } from '../support/running-program.ts'

/** systemd-journal-upload, the real program, sends a journal file that systemd-journal-remote wrote. */
const run = promisify(execFile)

let collector: HttpCollector
let token: string
let uploading: RunningProgram | undefined

beforeEach(async () => {
  collector = await HttpCollector.start({ sources: [{ id: 'may-chu', transport: 'journald', parsers: ['openssh', 'journald'] }] })
  token = await collector.tokenOf('may-chu')
})
afterEach(async () => {
  await uploading?.stop()
  await collector.stop()
})

const received = async (count: number) => {
  await expect.poll(() => collector.analyzer.events.size).toBe(count)
}

function entry(n: number, message: string): string {
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(Buffer.byteLength(message)))
  const field = message.includes('\n')
    ? `MESSAGE\n${length.toString('latin1')}${Buffer.from(message).toString('latin1')}`
    : `MESSAGE=${Buffer.from(message).toString('latin1')}`
  return `__REALTIME_TIMESTAMP=${1_795_320_000_000_000 + n * 1000}\n__MONOTONIC_TIMESTAMP=${n + 1}\n_BOOT_ID=91c1d2e3f4a5b6c7d8e9fa0b1c2d3e4f\n_HOSTNAME=ho-so-01\nPRIORITY=6\nSYSLOG_FACILITY=10\nSYSLOG_IDENTIFIER=sshd\n_PID=4711\nN=${n}\n${field}\n\n`
}

async function writeJournal(remote: string, path: string, entries: readonly string[]): Promise<void> {
  await writeFile(`${path}.export`, entries.join(''), 'latin1')
  await run(remote, ['-o', path, `${path}.export`])
}

const failed = (n: number) => entry(n, `Failed password for an from 198.51.100.${n % 250} port ${1024 + n} ssh2`)

describeWith(journalUpload, ({ upload, remote }) => {
  const address = () => `http://vonggac:${token}@127.0.0.1:${collector.port}`

  it('sends a whole journal; parsers of syslog read it; what is sent again is not taken again', async () => {
    const path = join(collector.folder, 'test.journal')
    const entries = Array.from({ length: 500 }, (_, n) => failed(n))
    await writeJournal(remote, path, [...entries, entry(500, 'hai\ndòng')])
    for (const _ of [1, 2])
      await run(upload, [`--url=${address()}`, `--file=${path}`, '--follow=no', `--save-state=${collector.folder}/state-${_}`])
    await received(501)
    expect(collector.events[7]).toMatchObject({
      '@timestamp': '2026-11-22T04:00:00.007Z',
      'event.dataset': 'openssh.sshd',
      'event.outcome': 'failure',
      'host.name': 'ho-so-01',
      'process.name': 'sshd',
      'user.name': 'an',
      'source.ip': '198.51.100.7',
      'vonggac.source.id': 'may-chu',
    })
    expect(collector.events[500]).toMatchObject({ message: 'hai\ndòng', 'event.dataset': 'openssh.sshd' })
    expect(collector.counts('may-chu')).toMatchObject({ received: 501 })
  })

  it('follows a journal', async () => {
    const path = join(collector.folder, 'test.journal')
    await writeJournal(remote, path, [failed(1)])
    uploading = RunningProgram.start(upload, [
      `--url=${address()}`,
      `--directory=${collector.folder}`,
      '--follow=yes',
      `--save-state=${collector.folder}/state`,
    ])
    await received(1)
    await writeJournal(remote, path, [failed(2)])
    await received(2)
  })
})

it('takes each entry when it comes, in a request that does not end', async () => {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/vnd.fdo.journal' }
  const sending = request(`${collector.url}/upload`, { method: 'POST', headers }).on('error', () => {})
  sending.write('MESSAGE=one\n\nMESSA')
  await received(1)
  expect(collector.counts('may-chu').connections).toBe(1)
  sending.write('GE=two\n\n')
  await received(2)
  sending.destroy()
  await expect.poll(() => collector.counts('may-chu').connections).toBe(0)
})

it('tells who has no right to send, and what is no journal', async () => {
  const send = (headers: Record<string, string>, body = 'MESSAGE=x\n\n') =>
    collector.fetch('/upload', { method: 'POST', body, headers: { 'content-type': 'application/vnd.fdo.journal', ...headers } })
  expect((await send({})).status).toBe(401)
  expect((await send({ authorization: `Bearer ${token}` })).status).toBe(202)
  expect((await send({ authorization: `Bearer ${token}`, 'content-type': 'text/plain' })).status).toBe(400)
  const broken = await send({ authorization: `Bearer ${token}` }, 'MESSAGE=taken\n\nMESSAGE=cut')
  expect([broken.status, await broken.text()]).toEqual([400, 'The body is no journal export: the stream ends within a field.\n'])
  await received(4)
  expect(collector.events.find((event) => event['error.code'] === 'bad-framing')!['event.original']).toBe('{"":"MESSAGE=cut"}')
})
