import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { freePort } from '../../../test/support/free-port.ts'
import { isRunning } from './lock.ts'
import { temporaryFolder } from './testing.ts'

/** The built command, as `npm start` runs it: `npm test` builds it first. */
const command = join(import.meta.dirname, '../dist/main.js')

let folder: ReturnType<typeof temporaryFolder>
const running: Run[] = []
beforeEach(() => {
  folder = temporaryFolder()
})
afterEach(async () => {
  for (const run of running.splice(0)) await run.end('SIGTERM')
  folder.dispose()
})

class Run {
  readonly child: ChildProcess
  text = ''
  readonly closed: Promise<unknown>

  constructor(arguments_: readonly string[]) {
    this.child = spawn(process.execPath, [command, ...arguments_], { cwd: folder.path, stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [this.child.stdout!, this.child.stderr!])
      stream.setEncoding('utf8').on('data', (chunk: string) => (this.text += chunk))
    this.closed = once(this.child, 'close')
    running.push(this)
  }

  async end(signal: NodeJS.Signals): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill(signal)
    await this.closed
    return this.child.exitCode
  }

  async result(): Promise<{ code: number | null; text: string }> {
    await this.closed
    return { code: this.child.exitCode, text: this.text.trim() }
  }

  async until(text: string | RegExp): Promise<void> {
    const deadline = Date.now() + 40_000
    while (Date.now() < deadline) {
      if (typeof text === 'string' ? this.text.includes(text) : text.test(this.text)) return
      if (this.child.exitCode !== null) break
      await sleep(30)
    }
    throw new Error(`"${text}" was not said, but:\n${this.text}\n${logs()}`)
  }

  /** Process ids of what it started, from /proc. */
  children(): Record<'collector' | 'analyzer', number | undefined> {
    const { pid } = this.child
    const ids = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
    const find = (name: string) => ids.find((id) => readFileSync(`/proc/${id}/cmdline`, 'utf8').includes(`${name}/dist/main.js`))
    return { collector: find('collector'), analyzer: find('analyzer') }
  }
}

function logs(): string {
  try {
    const path = join(folder.path, 'data/logs')
    return readdirSync(path)
      .map((name) => `--- ${name}\n${readFileSync(join(path, name), 'utf8').slice(-3_000)}`)
      .join('\n')
  } catch {
    return ''
  }
}

async function configure(more = ''): Promise<{ console: number }> {
  const console = await freePort()
  folder.file(
    'vonggac.yml',
    `console: { port: ${console} }
link: { port: ${await freePort()} }
collector:
  syslog: { udpPort: ${await freePort()}, tcpPort: ${await freePort()} }
  http: { port: ${await freePort()} }
  metricsPort: ${await freePort()}
${more}`,
  )
  return { console }
}

describe('what keeps it from starting is one sentence and an exit code', () => {
  test('a wrong line of the configuration', async () => {
    folder.file('vonggac.yml', 'operator: attt\nconsole:\n  port: eighty\n')
    expect(await new Run(['start']).result()).toEqual({
      code: 2,
      text: 'vonggac.yml:3: console.port: Invalid input: expected number, received string',
    })
    expect((await new Run(['check-config']).result()).code).toBe(2)
  })

  test('a port in use', async () => {
    const { console } = await configure()
    const other = createServer().listen(console, '127.0.0.1')
    await once(other, 'listening')
    const result = await new Run(['start']).result()
    other.close()
    expect(result).toEqual({
      code: 3,
      text: `TCP port ${console} on 127.0.0.1 (console.port) is in use. Stop the program that uses it, or set console.port to another port.`,
    })
  })

  test('a data folder that cannot be made', async () => {
    folder.file('data', 'a file')
    expect(await new Run(['start']).result()).toEqual({
      code: 4,
      text: `The data folder ${join(folder.path, 'data')} cannot be written to (ENOTDIR). Give your user the right to, or set dataFolder to another one.`,
    })
  })

  test('a parser that does not exist', async () => {
    await configure('sources:\n  - { id: web, name: { vi: a, en: b }, agency: attt, transport: syslog, parsers: [ngnix] }')
    const { code, text } = await new Run(['start']).result()
    expect(code).toBe(2)
    expect(text).toMatch(/^vonggac\.yml:8: sources\.0\.parsers\.0: there is no parser "ngnix"; parsers are: .*nginx/)
  })

  test('a network that is none, which only the collector can tell', async () => {
    await configure(
      "sources: [{ id: web, name: { vi: a, en: b }, agency: attt, transport: syslog, parsers: [nginx], from: ['10.0.0.0/99'] }]",
    )
    const { code, text } = await new Run(['start']).result()
    expect(code).toBe(2)
    expect(text).toContain('10.0.0.0/99')
    expect(text).not.toContain('    at ')
  })
})

test('check-config says what the configuration comes to', async () => {
  const { code, text } = await new Run(['check-config']).result()
  expect([code, text]).toEqual([0, `vonggac.default.yml (built in) is right: 3 sources, 3 agencies, data in ${join(folder.path, 'data')}.`])
})

describe('running', () => {
  test('it starts, gives the set-up link once, stops at Ctrl-C, and starts again on the same data', async () => {
    const { console } = await configure()
    const address = `http://127.0.0.1:${console}`
    const first = new Run(['start'])
    await first.until('Ctrl-C stops it.')
    const token = new RegExp(`${address}/setup#token=([\\w-]{43})`).exec(first.text)![1]!
    const children = first.children()

    const second = await new Run(['start']).result()
    expect(second.code).toBe(5)
    expect(second.text).toBe(
      `Vọng Gác is already running on ${join(folder.path, 'data')} (process ${first.child.pid}). Stop it first, or give this one another dataFolder.`,
    )

    const user = { userName: 'quan.tri', password: 'mật khẩu đủ dài' }
    const setup = await post(`${address}/api/setup`, { token, displayName: 'Quản trị', ...user })
    expect(setup.status).toBe(200)
    expect(await first.end('SIGINT')).toBe(0)
    expect(first.text).toContain('Stopped. All data is kept.')
    expect([isRunning(children.collector!), isRunning(children.analyzer!)]).toEqual([false, false])

    const again = new Run(['start'])
    await again.until('Ctrl-C stops it.')
    expect(again.text).not.toContain('/setup')
    expect((await post(`${address}/api/session`, user)).status).toBe(200)
    expect(await again.end('SIGTERM')).toBe(0)
  })

  test('a process that is killed is started again; after a kill of the command itself the next start takes over', async () => {
    const { console } = await configure()
    const run = new Run(['start'])
    await run.until('Ctrl-C stops it.')
    const before = run.children()
    process.kill(before.analyzer!, 'SIGKILL')
    await run.until('The analyzer was ended by SIGKILL; it is started again in 0.2 s.')
    await run.until(/The analyzer is running again\. The new set-up link: \S+\/setup#token=/)
    process.kill(before.collector!, 'SIGKILL')
    await run.until('The collector is running again.')
    const after = run.children()
    expect(after.analyzer).not.toBe(before.analyzer)
    expect((await fetch(`http://127.0.0.1:${console}/healthz`)).status).toBe(200)

    await run.end('SIGKILL')
    const next = new Run(['start'])
    await next.until('Ctrl-C stops it.')
    await expect.poll(() => [isRunning(after.collector!), isRunning(after.analyzer!)]).toEqual([false, false])
  })
})

test('backs up and verifies while it runs and while not, restores elsewhere, and tells of damage', async () => {
  const { console } = await configure()
  const user = { userName: 'quan.tri', password: 'mật khẩu đủ dài' }
  const run = new Run(['start'])
  await run.until('Ctrl-C stops it.')
  const token = /setup#token=([\w-]{43})/.exec(run.text)![1]!
  await post(`http://127.0.0.1:${console}/api/setup`, { token, displayName: 'Quản trị', ...user })
  const command = (...arguments_: string[]) => new Run(arguments_).result()
  expect(await command('backup', 'saved')).toEqual({
    code: 0,
    text: expect.stringMatching(/^Backed up \d+ events and all documents to .*\/saved \(\d+ files, \d+ MB\)\. Secrets are not in it/),
  })
  const whole = 'Every file is as it was written, and every audit chain is whole.'
  expect(await command('verify')).toEqual({ code: 0, text: whole })
  expect((await command('restore', 'saved')).code).toBe(5)
  expect(await run.end('SIGTERM')).toBe(0)

  expect(await command('verify')).toEqual({ code: 0, text: whole })
  expect((await command('backup', 'saved')).code).toBe(0)
  expect(await command('verify', 'saved')).toMatchObject({ code: 0, text: expect.stringMatching(/^The back-up of .* is whole/) })
  expect(await command('restore', 'saved')).toMatchObject({ code: 4, text: expect.stringContaining('nothing in it is overwritten') })

  folder.file('other.yml', `dataFolder: other\n${readFileSync(join(folder.path, 'vonggac.yml'), 'utf8')}`)
  expect(await command('restore', 'saved', '-c', 'other.yml')).toMatchObject({
    code: 0,
    text: expect.stringMatching(/^Restored \d+ events/),
  })
  const restored = new Run(['start', '-c', 'other.yml'])
  await restored.until('Ctrl-C stops it.')
  expect(restored.text).not.toContain('/setup')
  expect((await post(`http://127.0.0.1:${console}/api/session`, user)).status).toBe(200)
  expect(await restored.end('SIGTERM')).toBe(0)

  const [own] = readdirSync(join(folder.path, 'saved')).filter((name) => /^\d/.test(name))
  folder.file(`saved/${own}/documents/documents.db`, 'torn')
  expect(await command('verify', 'saved')).toMatchObject({
    code: 6,
    text: expect.stringMatching(/documents\.db is damaged: its checksum differs\.$/),
  })
  folder.file('third.yml', 'dataFolder: third\n')
  expect(await command('restore', 'saved', '-c', 'third.yml')).toMatchObject({
    code: 4,
    text: expect.stringMatching(/^Nothing was restored\./),
  })
  folder.file('data/documents/documents.db', 'torn')
  expect((await command('verify')).code).toBe(4)
})

function post(url: string, body: object): Promise<Response> {
  return fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
}
