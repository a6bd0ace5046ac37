import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { tokenPlaceholder, type Shipper } from '@vonggac/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Installation } from '../support/installation.ts'
import { freePort } from '../support/platform.ts'

/** What the console tells an administrator to put into rsyslog's configuration, given to rsyslog itself. */
const program = ['/usr/sbin/rsyslogd', '/sbin/rsyslogd'].find((path) => existsSync(path))
const modules = ['/usr/lib/x86_64-linux-gnu/rsyslog', '/usr/lib/aarch64-linux-gnu/rsyslog', '/usr/lib/rsyslog', '/usr/lib64/rsyslog']
const has = (module: string) => program !== undefined && modules.some((folder) => existsSync(join(folder, module)))
const lines = 200

let folder: string
let place: Installation
let rsyslog: ChildProcess | undefined

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vonggac-snippets-'))
  const [syslogTls, httpTls] = [await freePort(), await freePort()]
  place = await Installation.start({ syslog: { udpPort: 0, tcpPort: 0, tlsPort: syslogTls }, http: { port: 0, tlsPort: httpTls } })
  const person = { name: 'Nguyễn Văn An' }
  const name = { vi: 'Máy chủ', en: 'Server' }
  const draft = { name: 'Cổng', agency: 'congdan', level: 3, owner: person, operator: person }
  const { id: system } = await place.client.call('createSystem', { body: draft })
  for (const transport of ['syslog', 'http'] as const) {
    const parsers = [transport === 'syslog' ? 'openssh' : 'ecs-json']
    const shared = { id: `qua-${transport}`, name, agency: 'congdan', parsers }
    const config = transport === 'http' ? { ...shared, transport } : { ...shared, transport, from: ['192.0.2.1'] }
    await place.client.call('registerSource', { body: { config, system } })
  }
}, 60_000)
afterAll(async () => {
  await stop()
  await place.dispose()
  await rm(folder, { recursive: true })
})

async function stop(): Promise<void> {
  if (rsyslog?.exitCode !== null) return
  rsyslog.kill('SIGTERM')
  await once(rsyslog, 'exit')
}

/** The snippet as an administrator uses it, with the authority's certificate in this folder; before it, what rsyslog.conf holds elsewhere. */
async function configured(transport: string, input: string, token = tokenPlaceholder): Promise<string> {
  const source = `qua-${transport}`
  const { text, others } = await place.client.call('readSnippet', { params: { id: source, shipper: 'rsyslog' satisfies Shipper } })
  const own = join(folder, transport)
  mkdirSync(own, { recursive: true })
  for (const { file, text: pem } of others) await writeFile(join(own, basename(file)), pem)
  const snippet = text.replaceAll('/etc/vonggac', own).replaceAll(tokenPlaceholder, token)
  const file = join(own, 'rsyslog.conf')
  await writeFile(file, `global(workDirectory="${own}")\n${input}\n${snippet}`)
  return file
}

async function deliver(transport: string, token?: string): Promise<void> {
  const port = await freePort()
  const input = `module(load="imtcp")\ninput(type="imtcp" port="${port}" address="127.0.0.1")`
  const file = await configured(transport, input, token)
  rsyslog = spawn(program!, ['-n', '-f', file, '-i', join(folder, 'pid')], { stdio: ['ignore', 'inherit', 'inherit'] })
  const connect = async () => {
    const socket = createConnection({ host: '127.0.0.1', port })
    await once(socket, 'connect')
    return socket
  }
  await expect
    .poll(
      () =>
        connect().then(
          (socket) => socket.destroy() !== undefined,
          () => false,
        ),
      { timeout: 40_000 },
    )
    .toBe(true)
  const socket = await connect()
  for (let index = 0; index < lines; index++)
    socket.write(`<38>Nov 22 10:00:00 bastion sshd[7]: Failed password for root from 203.0.113.${index} port ${40_000 + index} ssh2\n`)
  socket.end()
}

const received = (source: string) => place.collector.counters().sources.find((one) => one.source === source)?.journaled ?? 0

describe.skipIf(!has('lmnsd_gtls.so'))('rsyslog over TLS', () => {
  it('finds nothing wrong with the snippet', async () => {
    await promisify(execFile)(program!, ['-N1', '-f', await configured('syslog', '')])
  })

  it('delivers every line by it, known by its certificate', async () => {
    const { certificate, key } = await place.client.call('issueCertificate', { params: { id: 'qua-syslog' } })
    mkdirSync(join(folder, 'syslog'), { recursive: true })
    await writeFile(join(folder, 'syslog', 'qua-syslog.crt'), certificate)
    await writeFile(join(folder, 'syslog', 'qua-syslog.key'), key)
    await expect.poll(() => place.collector.counters().assignment, { timeout: 40_000 }).not.toBe('none')
    await deliver('syslog')
    await expect.poll(() => received('qua-syslog'), { timeout: 40_000 }).toBe(lines)
    await stop()
    const evaluated = async () => (await place.client.call('checkSource', { params: { id: 'qua-syslog' } })).lastHour.evaluated
    await expect.poll(evaluated, { timeout: 40_000 }).toBe(lines)
  }, 120_000)
})

describe.skipIf(!has('omelasticsearch.so'))('rsyslog over HTTPS', () => {
  it('finds nothing wrong with the snippet', async () => {
    await promisify(execFile)(program!, ['-N1', '-f', await configured('http', '')])
  })

  it('delivers every line by it', async () => {
    const { token } = await place.client.call('issueToken', { params: { id: 'qua-http' } })
    const trouble = async () => (await place.client.call('checkSource', { params: { id: 'qua-http' } })).trouble
    await expect.poll(trouble, { timeout: 40_000 }).toEqual([])
    await deliver('http', token)
    await expect.poll(() => received('qua-http'), { timeout: 40_000 }).toBe(lines)
  }, 120_000)
})
