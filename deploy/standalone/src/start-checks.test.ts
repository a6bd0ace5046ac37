import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { configSchema } from '@vonggac/contract'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readConfiguration } from './configuration.ts'
import { linkSecret, prepareDataFolder } from './data-folder.ts'
import { Failure } from './failure.ts'
import { lockDataFolder } from './lock.ts'
import { LogFile } from './log-file.ts'
import { checkPorts, portsOf } from './ports.ts'
import { temporaryFolder } from './testing.ts'

let folder: ReturnType<typeof temporaryFolder>
beforeEach(() => {
  folder = temporaryFolder()
})
afterEach(() => folder.dispose())

function failureOf(work: () => unknown): Failure {
  try {
    work()
  } catch (error) {
    if (error instanceof Failure) return error
    throw error
  }
  throw new Error('it did not fail')
}

describe('configuration', () => {
  test('without a file the built-in defaults hold, with the data where it is started', () => {
    const { config, dataFolder, shownFile } = readConfiguration(undefined, {}, folder.path)
    expect(config.sources.map(({ id }) => id)).toEqual(['congdan-nginx', 'congdan-sshd', 'kho-api'])
    expect(config.agencies.map(({ id }) => id)).toEqual(['attt', 'congdan', 'khodulieu'])
    expect(dataFolder).toBe(join(folder.path, 'data'))
    expect(shownFile).toBe('vonggac.default.yml (built in)')
  })

  test('vonggac.yml in the working folder is taken, a file that is named before it', () => {
    folder.file('vonggac.yml', 'console: { port: 1111 }')
    mkdirSync(join(folder.path, 'etc'))
    folder.file('etc/other.yml', 'console: { port: 2222 }\ndataFolder: ../store')
    expect(readConfiguration(undefined, {}, folder.path).config.console.port).toBe(1111)
    const other = readConfiguration('etc/other.yml', {}, folder.path)
    expect([other.config.console.port, other.dataFolder]).toEqual([2222, join(folder.path, 'store')])
  })

  test('each mistake names its line and what is expected', () => {
    folder.file(
      'vonggac.yml',
      'console:\n  port: eighty\nsources:\n  - id: web\n    agency: nowhere\n    name: { vi: a, en: b }\n    transport: http\n    parsers: []\n',
    )
    const failure = failureOf(() => readConfiguration(undefined, {}, folder.path))
    expect(failure.exitCode).toBe(2)
    expect(failure.message.split('\n')).toEqual([
      'vonggac.yml:2: console.port: Invalid input: expected number, received string',
      'vonggac.yml:8: sources.0.parsers: Too small: expected array to have >=1 items',
    ])
  })

  test('a setting that does not exist, a file that does not exist, a value of the environment', () => {
    folder.file('vonggac.yml', 'dataFolder: data\nconsole:\n  prot: 1\n')
    expect(failureOf(() => readConfiguration(undefined, {}, folder.path)).message).toMatch(/^vonggac\.yml:[23]: console\.prot: /)
    expect(failureOf(() => readConfiguration('gone.yml', {}, folder.path))).toMatchObject({
      exitCode: 2,
      message: 'There is no file gone.yml. Name the configuration with --config.',
    })
    folder.file('vonggac.yml', 'operator: attt')
    expect(failureOf(() => readConfiguration(undefined, { VONGGAC_LINK_PORT: 'x' }, folder.path)).message).toMatch(
      /^vonggac\.yml: link\.port: /,
    )
  })
})

describe('data folder', () => {
  test('it is made, and its secret with it, once and for its owner alone', () => {
    const data = join(folder.path, 'a', 'data')
    prepareDataFolder(data)
    const secret = linkSecret(data)
    expect(secret).toMatch(/^[\w-]{43}$/)
    expect(linkSecret(data)).toBe(secret)
    expect(statSync(join(data, 'secrets/link.secret')).mode & 0o777).toBe(0o600)
    expect([data, join(data, 'secrets')].map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o700])
  })

  test('one that cannot be made is told with its reason', () => {
    folder.file('file', '')
    const failure = failureOf(() => prepareDataFolder(join(folder.path, 'file', 'data')))
    expect(failure).toMatchObject({ exitCode: 4 })
    expect(failure.message).toMatch(/^The data folder .*file\/data cannot be written to \(ENOTDIR\)\. Give your user the right to/)
  })

  test.skipIf(process.getuid?.() === 0)('one without the right to write is told', () => {
    chmodSync(folder.path, 0o500)
    expect(failureOf(() => prepareDataFolder(folder.path)).message).toContain('(EACCES)')
  })

  test('an empty secret is told rather than used', () => {
    prepareDataFolder(folder.path)
    writeFileSync(join(folder.path, 'secrets/link.secret'), '')
    expect(failureOf(() => linkSecret(folder.path)).message).toContain('Delete the file')
  })
})

describe('lock', () => {
  test('a second start on the same folder is refused while the first lives', () => {
    const lock = lockDataFolder(folder.path)
    expect(lock.takenOver).toBe(false)
    expect(failureOf(() => lockDataFolder(folder.path))).toMatchObject({
      exitCode: 5,
      message: `Vọng Gác is already running on ${folder.path} (process ${process.pid}). Stop it first, or give this one another dataFolder.`,
    })
    lock.release()
    lockDataFolder(folder.path).release()
    expect(existsSync(join(folder.path, 'vonggac.lock'))).toBe(false)
  })

  test('a lock that a killed process left behind holds nothing', async () => {
    const gone = spawn(process.execPath, ['-e', ''])
    await once(gone, 'exit')
    folder.file('vonggac.lock', JSON.stringify({ pid: gone.pid, started: '1' }))
    expect(lockDataFolder(folder.path).takenOver).toBe(true)
  })

  test('nor does one whose process id another program has been given', () => {
    folder.file('vonggac.lock', JSON.stringify({ pid: process.ppid, started: '1' }))
    expect(lockDataFolder(folder.path).takenOver).toBe(true)
  })

  test('nor one that was half written', () => {
    folder.file('vonggac.lock', '{"pid":')
    expect(lockDataFolder(folder.path).takenOver).toBe(true)
  })
})

describe('ports', () => {
  const config = (console: number, syslog: number) =>
    configSchema.parse({
      console: { port: console },
      link: { port: 0 },
      collector: { syslog: { udpPort: 0, tcpPort: syslog }, http: { port: 0 }, metricsPort: 0 },
    })

  test('one in use is told with its setting', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    await expect(checkPorts(portsOf(config(port, 0)))).rejects.toMatchObject({
      exitCode: 3,
      message: `TCP port ${port} on 127.0.0.1 (console.port) is in use. Stop the program that uses it, or set console.port to another port.`,
    })
    const waiting = checkPorts(portsOf(config(port, 0)), 5_000)
    server.close()
    await waiting
    await checkPorts(portsOf(config(port, 0)))
  })

  test('two settings with the same port are told', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    server.close()
    await once(server, 'close')
    await expect(checkPorts(portsOf(config(port, port)))).rejects.toThrow(
      `collector.syslog.tcpPort and console.port are both port ${port}.`,
    )
  })

  test('an address that is not this machine’s is told', async () => {
    const elsewhere = [{ setting: 'link.port', transport: 'tcp', host: '192.0.2.1', port: 1 }] as const
    await expect(checkPorts([...elsewhere])).rejects.toThrow('this machine has no address 192.0.2.1. Correct the host beside link.port.')
  })
})

test('a log file starts anew at its bound and the former ones are kept, a few', () => {
  const log = new LogFile(join(folder.path, 'app.log'))
  const megabytes = Buffer.alloc(6 * 1024 * 1024, 'x')
  for (let i = 0; i < 7; i++) log.write(megabytes)
  log.write(Buffer.from('last'))
  log.close()
  expect(readdirSync(folder.path).toSorted()).toEqual(['app.log', 'app.log.1', 'app.log.2', 'app.log.3', 'app.log.4'])
  expect(readFileSync(join(folder.path, 'app.log'), 'utf8').endsWith('xlast')).toBe(true)
})
