import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { appendFile, copyFile, mkdir, mkdtemp, readFile, rename, rm, symlink, truncate, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { HttpCollector } from '../support/http-sources.ts'

let logs: string
let collector: HttpCollector | undefined

beforeEach(async () => {
  logs = await mkdtemp(join(tmpdir(), 'vonggac-files-'))
})
afterEach(async () => {
  await collector?.stop()
  collector = undefined
  await rm(logs, { recursive: true })
})

const at = (name: string) => join(logs, name)
const start = async (options: object = {}) =>
  (collector = await HttpCollector.start({
    collector: { files: { folders: [logs] } },
    sources: [
      { id: 'tep', transport: 'file', parsers: ['key-value'], paths: [at('*.log'), at('*.log.*')], everySeconds: 0.05, ...options },
    ],
  }))
const said = () => collector!.events.map((event) => String(event['event.original']))
const line = (n: number) => `n=${n} msg="thử việc ghi nhật ký số ${n}"`
const lines = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => line(from + n))
const text = (from: number, to: number) =>
  lines(from, to)
    .map((one) => `${one}\n`)
    .join('')
const received = async (expected: string[]) => await expect.poll(said).toEqual(expected)
const receivedInAnyOrder = async (expected: string[]) => await expect.poll(() => said().toSorted()).toEqual(expected.toSorted())

/** The collector has met the file, and stands at its end. */
const stoodAtTheEndOf = async (name: string) => {
  const size = (await readFile(at(name))).length
  const metrics = async () => await (await fetch(`http://127.0.0.1:${collector!.running.addresses.metrics.port}/metrics`)).text()
  const expected = `vonggac_collector_file_read_bytes{source="tep",path="${at(name)}"} ${size}`
  await expect.poll(metrics).toContain(expected)
}

it('reads what is there and what is added, a line when it is whole, and says where each is from', async () => {
  await writeFile(at('ứng dụng.log'), text(0, 20))
  await start()
  await received(lines(0, 20))
  await appendFile(at('ứng dụng.log'), 'n=20 nửa')
  await sleep(200)
  expect(said()).toHaveLength(20)
  await appendFile(at('ứng dụng.log'), ' dòng\n')
  await received([...lines(0, 20), 'n=20 nửa dòng'])
  expect(collector!.events[0]).toMatchObject({ 'log.file.path': at('ứng dụng.log'), 'vonggac.source.id': 'tep', 'event.kind': 'event' })
  await stoodAtTheEndOf('ứng dụng.log')
})

it('goes on behind the last line after a restart, also in a file that was renamed meanwhile', async () => {
  await writeFile(at('a.log'), text(0, 10))
  await start({ paths: [at('*.log')] })
  await received(lines(0, 10))
  await collector!.stopCollector()
  await appendFile(at('a.log'), text(10, 15))
  await rename(at('a.log'), at('a.old'))
  await writeFile(at('a.log'), text(15, 18))
  await collector!.restart()
  await receivedInAnyOrder(lines(0, 18))
})

it('follows a file that is renamed to where no path finds it, until it is written no more', async () => {
  await writeFile(at('a.log'), text(0, 10))
  await start({ paths: [at('*.log')] })
  await received(lines(0, 10))
  await rename(at('a.log'), at('a.old'))
  await appendFile(at('a.old'), text(10, 12))
  await writeFile(at('a.log'), text(12, 20))
  await receivedInAnyOrder(lines(0, 20))
  await appendFile(at('a.old'), text(20, 25))
  await receivedInAnyOrder(lines(0, 25))
})

it('reads on in the copy of a file that was emptied, packed or not, and each line once', async () => {
  await writeFile(at('a.log'), text(0, 50))
  await start()
  await received(lines(0, 50))
  await copyFile(at('a.log'), at('a.log.1'))
  await sleep(150)
  expect(said()).toHaveLength(50)
  await truncate(at('a.log'))
  await sleep(150)
  await appendFile(at('a.log'), text(50, 60))
  await received(lines(0, 60))
  await writeFile(at('a.log.2.gz'), gzipSync(await readFile(at('a.log.1'))))
  await unlink(at('a.log.1'))
  await writeFile(at('b.log.gz'), gzipSync(text(60, 70)))
  await received(lines(0, 70))
  await collector!.restart()
  await appendFile(at('a.log'), text(70, 71))
  await received(lines(0, 71))
})

it('takes an inode that begins otherwise for another file', async () => {
  await writeFile(at('a.log'), text(0, 30))
  await start()
  await received(lines(0, 30))
  await writeFile(at('a.log'), text(30, 90))
  await received(lines(0, 90))
})

it('joins lines, and gives the last frame up when nothing more comes', async () => {
  await writeFile(at('a.log'), 'ERROR one\n  at a\n  at b\nERROR two\n  at c\n')
  await start({ multiline: { pattern: '^\\S', timeoutSeconds: 0.5 } })
  await received(['ERROR one\n  at a\n  at b', 'ERROR two\n  at c'])
})

const record = (type: string, serial: number, rest = '') => `type=${type} msg=audit(1795320000.123:${serial}): ${rest}\n`
const typesOf = (serial: number) =>
  collector!.events.filter((event) => event['auditd.sequence'] === serial).map((event) => event['auditd.message_type'])

it('joins the lines of a key, also where others stand between them, over a restart', async () => {
  const title = Buffer.from('cat\0hồ sơ.txt').toString('hex').toUpperCase()
  await writeFile(at('audit.log'), record('SYSCALL', 1, 'syscall=59') + record('SYSCALL', 2, 'syscall=2') + record('CWD', 1, 'cwd="/"'))
  await start({ parsers: ['auditd'], multiline: { key: ':(\\d+)\\)', end: 'type=(PROCTITLE|USER_AUTH) ', timeoutSeconds: 3_600 } })
  // Whatever was read so far.
  await collector!.stopCollector()
  await appendFile(
    at('audit.log'),
    record('PROCTITLE', 2) + record('USER_AUTH', 3, 'res=failed') + record('PROCTITLE', 1, `proctitle=${title}`) + record('SYSCALL', 4),
  )
  await collector!.restart()
  await expect.poll(() => typesOf(1)).toEqual([['syscall', 'cwd', 'proctitle']])
  expect(collector!.events.find((event) => event['auditd.sequence'] === 1)).toMatchObject({ 'process.command_line': 'cat hồ sơ.txt' })
  expect([typesOf(2), typesOf(3), typesOf(4)]).toEqual([[['syscall', 'proctitle']], ['user_auth'], []])
})

it('joins lines as the parser has it, and gives both parts of an event that a rotation cuts', async () => {
  await writeFile(at('audit.log'), record('CWD', 1) + record('PROCTITLE', 1) + record('SYSCALL', 2))
  await start({ parsers: ['auditd'] })
  await expect.poll(() => typesOf(1)).toEqual([['cwd', 'proctitle']])
  await rename(at('audit.log'), at('audit.log.1'))
  await writeFile(at('audit.log'), record('PROCTITLE', 2) + record('USER_AUTH', 3))
  await expect.poll(() => typesOf(3)).toEqual(['user_auth'])
  await expect.poll(() => typesOf(2).toSorted()).toEqual(['proctitle', 'syscall'])
})

it('reads lines by the heading of their file, also behind a restart and in the middle of a file', async () => {
  const head = (fields: string) => `#Version: 1.0\r\n#Fields: ${fields}\r\n`
  const paths = () => collector!.events.flatMap((event) => event['url.path'] ?? [])
  await writeFile(at('before.log'), `${head('time date cs-uri-stem')}04:00:00 2026-11-22 /before\r\n`)
  await start({ parsers: ['iis'], startAt: 'end' })
  await stoodAtTheEndOf('before.log')
  await appendFile(at('before.log'), '04:00:01 2026-11-22 /1\r\n')
  await expect.poll(paths).toEqual(['/1'])
  await writeFile(at('after.log'), `${head('cs-uri-stem date time')}/2 2026-11-22 04:00:02\r\n`)
  await expect.poll(paths).toEqual(['/1', '/2'])
  await collector!.stopCollector()
  await appendFile(at('after.log'), `/3 2026-11-22 04:00:03\r\n${head('date cs-uri-stem time')}2026-11-22 /4 04:00:04\r\n`)
  await collector!.restart()
  await expect.poll(paths).toEqual(['/1', '/2', '/3', '/4'])
  const last = collector!.events.find((event) => event['url.path'] === '/4')
  expect(last).toMatchObject({ '@timestamp': '2026-11-22T04:00:04.000Z', 'event.original': '2026-11-22 /4 04:00:04' })
})

it('reads other encodings, and cuts what is too long', async () => {
  await writeFile(at('w.log'), Buffer.concat([Buffer.from('msg='), Buffer.from([0xd0, 0xea, 0xcc, 0x0a])]))
  await start({ encoding: 'windows-1258', maxLineBytes: 256 })
  await received(['msg=Đề'])
  await appendFile(at('w.log'), `${'x'.repeat(300)}\nmsg=sau\n`)
  await received(['msg=Đề', 'x'.repeat(256), 'msg=sau'])
  expect(collector!.events[1]!['tags']).toContain('oversize')
})

it('reads below its folders alone, and says what it does not', async () => {
  const secret = await mkdtemp(join(tmpdir(), 'vonggac-secret-'))
  await writeFile(join(secret, 'key'), 'a secret\n')
  await symlink(join(secret, 'key'), at('key.log'))
  await mkdir(at('folder.log'))
  await promisify(execFile)('mkfifo', [at('pipe.log')])
  await writeFile(at('a.log'), text(0, 3))
  await start()
  await received(lines(0, 3))
  expect(collector!.running.counters().trouble).toEqual([
    { source: 'tep', message: `${at('key.log')}: it stands below none of the folders that collector.files.folders allows: ${logs}` },
  ])
  await rm(secret, { recursive: true })
})

it('reads noise and files that are not what they are called, and goes on with the others', async () => {
  await writeFile(at('noise.log'), Buffer.concat([randomBytes(300_000), Buffer.from('\n')]))
  await writeFile(at('broken.log.1.gz'), randomBytes(5_000))
  await writeFile(at('cut.log.2.gz'), gzipSync(randomBytes(50_000).toString('base64')).subarray(0, 20_000))
  await start({ maxLineBytes: 1_000 })
  await writeFile(at('a.log'), text(0, 10))
  await expect.poll(() => said().filter((one) => one.startsWith('n='))).toEqual(lines(0, 10))
  const paths = () => collector!.running.counters().trouble.map(({ message }) => message.slice(0, message.indexOf(':')))
  await expect.poll(() => paths().toSorted()).toEqual([at('broken.log.1.gz'), at('cut.log.2.gz')])
  await expect.poll(() => collector!.events.some((event) => typeof event['vonggac.raw'] === 'string')).toBe(true)
})

it('begins at the end of what is there, where it is told so', async () => {
  await writeFile(at('a.log'), text(0, 10))
  await start({ startAt: 'end' })
  await stoodAtTheEndOf('a.log')
  await appendFile(at('a.log'), text(10, 12))
  await writeFile(at('b.log'), text(12, 15))
  await receivedInAnyOrder(lines(10, 15))
})

const logrotate = ['/usr/sbin/logrotate', '/sbin/logrotate'].find((path) => existsSync(path))
it.skipIf(!logrotate).each(['copytruncate', 'create', 'create\n compress', 'copytruncate\n compress'])(
  'loses and doubles nothing while logrotate rotates with %s',
  async (how) => {
    await start()
    const config = at('logrotate.conf')
    await writeFile(config, `${at('a.log')} {\n rotate 20\n ${how}\n nomail\n}\n`, { mode: 0o644 })
    let n = 0
    for (let round = 0; round < 4; round++) {
      for (let burst = 0; burst < 20; burst++) {
        await appendFile(at('a.log'), text(n, (n += 25)))
        await sleep(5)
      }
      // What is written while logrotate copies is lost to everybody: nothing is, here.
      await promisify(execFile)(logrotate!, ['-f', '-s', at('state'), config])
    }
    await appendFile(at('a.log'), text(n, (n += 25)))
    await receivedInAnyOrder(lines(0, n))
  },
)
