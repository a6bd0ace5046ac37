import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { KilledCollector } from '../support/killed-collector.ts'
import { rsyslogWith } from '../support/rsyslog.ts'

/** rsyslog sends over RELP while the collector is killed again and again: every line arrives. */
const program = rsyslogWith('omrelp')
const rounds = 5
let folder: string
let collector: KilledCollector
let rsyslog: ChildProcess | undefined

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vonggac-relp-crash-'))
})
afterEach(async () => {
  if (rsyslog?.exitCode === null) {
    rsyslog.kill('SIGTERM')
    await once(rsyslog, 'exit')
  }
  await collector.remove()
  await rm(folder, { recursive: true })
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

it.skipIf(!program)('loses nothing that rsyslog sends over RELP, over kill -9', async () => {
  const port = await freePort()
  collector = await KilledCollector.make({ relp: { port } }, [{ id: 'may', transport: 'syslog', parsers: ['key-value'] }])
  await collector.start()
  await writeFile(
    join(folder, 'rsyslog.conf'),
    `module(load="imfile" mode="polling" pollingInterval="1")
module(load="omrelp")
global(workDirectory="${folder}")
input(type="imfile" file="${folder}/app.log" tag="app:" ruleset="forward")
ruleset(name="forward") { action(type="omrelp" target="127.0.0.1" port="${port}" template="RSYSLOG_ForwardFormat"
  queue.type="LinkedList" action.resumeRetryCount="-1" action.resumeInterval="1") }
`,
  )
  await writeFile(join(folder, 'app.log'), '')
  rsyslog = spawn(program!, ['-n', '-f', join(folder, 'rsyslog.conf'), '-i', join(folder, 'pid')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  let n = 0
  for (let round = 0; round < rounds; round++) {
    for (let burst = 0; burst < 10; burst++) {
      await appendFile(join(folder, 'app.log'), Array.from({ length: 500 }, () => `n=${n++} msg="một dòng"\n`).join(''))
      await sleep(150)
    }
    await collector.kill()
    await collector.start()
  }
  await expect.poll(() => new Set(collector.values('kv.n')).size, { timeout: 60_000, interval: 500 }).toBe(n)
  // What was under way when it was killed comes twice: RELP has no names for frames.
  expect(collector.analyzer.events.size).toBeLessThan(n * 1.1)
})
