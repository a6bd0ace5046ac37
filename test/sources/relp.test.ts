import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Authority } from '@vonggac/analyzer'
import { sourceSchema } from '@vonggac/contract'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { HttpCollector } from '../support/http-sources.ts'
import { describeWith } from '../support/real-program.ts'
import { rsyslog, startRsyslog } from '../support/rsyslog.ts'
import type { RunningProgram } from '../support/running-program.ts'

/** omrelp, rsyslog's own sender, and a sender that behaves as it likes. */
let folder: string
let collector: HttpCollector | undefined
let running: RunningProgram | undefined
const sockets: Socket[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vonggac-relp-'))
})
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await running?.stop()
  await collector?.stop()
  collector = undefined
  await rm(folder, { recursive: true })
})

const sources = [
  { id: 'bastion', transport: 'syslog', parsers: ['openssh'], programs: ['sshd'] },
  { id: 'by-certificate', transport: 'syslog', parsers: ['openssh'], from: ['192.0.2.1'] },
]
const start = async (relp: object = { port: 0 }, analyzer: object = {}) =>
  (collector = await HttpCollector.start({ sources, collector: { relp }, analyzer }))
const said = () => collector!.events.map((event) => String(event['message']))
const sshd = (n: number) => `Failed password for invalid user thử${n} from 198.51.100.7 port ${1024 + n} ssh2`

async function forward(program: string, action: string, count: number): Promise<void> {
  await writeFile(join(folder, 'sshd.log'), Array.from({ length: count }, (_, n) => `${sshd(n)}\n`).join(''))
  running = await startRsyslog(
    program,
    folder,
    `
module(load="imfile" mode="polling" pollingInterval="1")
module(load="omrelp")
input(type="imfile" file="${folder}/sshd.log" tag="sshd[4711]:" ruleset="forward")
ruleset(name="forward") { action(type="omrelp" target="127.0.0.1" template="RSYSLOG_ForwardFormat" action.resumeRetryCount="-1" action.resumeInterval="1" ${action}) }
`,
  )
}

describeWith(rsyslog('omrelp'), (program) => {
  it('takes what omrelp sends, and every line is accounted for', async () => {
    await start()
    await forward(program, `port="${collector!.running.addresses.relp!.port}"`, 500)
    await expect.poll(() => new Set(said()).size).toBe(500)
    expect(collector!.counts('bastion')).toMatchObject({ received: 500, journaled: 500, connections: 1 })
    expect(collector!.events).toHaveLength(500)
    expect(collector!.events.every((event) => event['event.kind'] === 'event')).toBe(true)
    expect(collector!.running.counters().dropped).toEqual([])
  })

  it('takes it over TLS, and a certificate names the source', async () => {
    const authority = await Authority.open(join(folder, 'authority'), { now: () => new Date() })
    await start({ tlsPort: 0 }, { authority })
    const { certificate, key } = await authority.issueClient('by-certificate')
    for (const [name, text] of Object.entries({ ca: authority.certificate, certificate, key })) await writeFile(join(folder, name), text)
    const files = `tls.caCert="${folder}/ca" tls.myCert="${folder}/certificate" tls.myPrivKey="${folder}/key"`
    const names = 'tls.authMode="name" tls.permittedPeer=["localhost", "127.0.0.1"]'
    await forward(program, `port="${collector!.running.addresses.relpTls!.port}" tls="on" ${files} ${names}`, 50)
    await expect.poll(() => new Set(said()).size).toBe(50)
    expect(new Set(collector!.events.map((event) => event['vonggac.source.id']))).toEqual(new Set(['by-certificate']))
  })
})

/** Sends, and gives what is answered until nothing more comes or so many lines did. */
async function talk(text: string | Buffer, lines: number): Promise<string[]> {
  const socket = connect(collector!.running.addresses.relp!.port, '127.0.0.1')
  sockets.push(socket)
  let answer = ''
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString())).on('error', () => {})
  socket.write(text)
  await expect.poll(() => answer.split('\n').length > lines || socket.destroyed || socket.readableEnded).toBe(true)
  return answer.trimEnd().split('\n')
}
const framed = (transaction: number, command: string, data: string) => `${transaction} ${command} ${Buffer.byteLength(data)} ${data}\n`
const opening = framed(1, 'open', 'relp_version=0\nrelp_software=librelp,1.11.0,http://librelp.adiscon.com\ncommands=syslog')
const message = (n: number) => `<38>Nov 22 10:00:00 bastion sshd[7]: ${sshd(n)}`

it('answers in order, tells what it does not offer, and closes when it is asked to', async () => {
  await start()
  const answer = await talk(`${opening}${framed(2, 'syslog', message(1))}3 rebind 0\n4 syslog 0\n5 close 0\n6 syslog 1 x\n`, 20)
  expect(answer).toEqual([
    '1 rsp 59 200 OK',
    'relp_version=0',
    'relp_software=vonggac',
    'commands=syslog',
    '2 rsp 6 200 OK',
    '3 rsp 37 500 the command rebind is not offered',
    '4 rsp 6 200 OK',
    '5 rsp 0',
    '0 serverclose 0',
  ])
  await expect.poll(said).toEqual([sshd(1)])
})

it('answers nothing of a source that is paused', async () => {
  collector = await HttpCollector.start({ collector: { relp: { port: 0 } } })
  const common = { name: { vi: 'Bastion', en: 'Bastion' }, agency: 'attt', parsers: ['openssh'] }
  const source = sourceSchema.parse({ ...common, id: 'assigned', transport: 'syslog', from: [], hosts: [], programs: [] })
  collector.analyzer.assignment = {
    version: 'v1',
    sources: [source],
    paused: ['assigned'],
    tokens: [],
    revoked: [],
    networks: [],
    parsers: [],
  }
  await expect.poll(() => collector!.running.counters().assignment).toBe('v1')
  const answer = await talk(`${opening}${framed(2, 'syslog', message(1))}${framed(3, 'syslog', message(2))}`, 20)
  expect(answer.slice(4)).toEqual(['0 serverclose 0'])
  expect(collector!.running.counters().dropped).toEqual([{ source: 'assigned', reason: 'paused', count: 1 }])
})

it('ends a session that is none, and counts it', async () => {
  await start()
  expect(await talk('GET / HTTP/1.1\r\n\r\n', 20)).toEqual(['0 serverclose 0'])
  expect(await talk('1 syslog 1 x\n', 20)).toEqual(['0 serverclose 0'])
  expect(await talk(Buffer.alloc(1_000_000, 0x20), 20)).toEqual(['0 serverclose 0'])
  expect(collector!.running.counters().dropped).toEqual([{ source: 'relp', reason: 'protocol-error', count: 3 }])
})

it('answers only what is durable: a collector that stops leaves the rest to be sent again', async () => {
  await start()
  const socket = connect(collector!.running.addresses.relp!.port, '127.0.0.1')
  sockets.push(socket)
  let answers = ''
  socket.on('data', (chunk: Buffer) => (answers += chunk.toString())).on('error', () => {})
  socket.write(opening)
  for (let n = 2; n < 2_000 && !socket.destroyed; n++) {
    socket.write(framed(n, 'syslog', message(n)))
    if (n === 1_000) await collector!.stopCollector()
    if (n % 100 === 0) await sleep(5)
  }
  const answered = [...answers.matchAll(/^(\d+) rsp 6 200 OK$/gm)].map(([, n]) => sshd(Number(n)))
  expect(answered.length).toBeGreaterThan(0)
  await collector!.restart()
  await expect.poll(() => said().filter((line) => answered.includes(line))).toHaveLength(answered.length)
})
