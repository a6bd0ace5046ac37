import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Child, type ChildOptions, type Ready } from './child.ts'
import { LogFile } from './log-file.ts'
import { temporaryFolder } from './testing.ts'

let folder: ReturnType<typeof temporaryFolder>
let log: LogFile
let child: Child | undefined
let said: string[]
let ready: { message: Ready; restarted: boolean }[]

beforeEach(() => {
  folder = temporaryFolder()
  log = new LogFile(join(folder.path, 'app.log'))
  said = []
  ready = []
})
afterEach(async () => {
  await child?.stop()
  child = undefined
  folder.dispose()
})

/** Starts a process with this program. */
function start(program: string, options: Partial<ChildOptions> = {}): Child {
  child = new Child({
    name: 'analyzer',
    entry: folder.file('app.mjs', program),
    arguments: ['--config', 'x.yml'],
    environment: { ...process.env, VONGGAC_LINK_SECRET: 'hidden' },
    log,
    say: (sentence) => said.push(sentence),
    onReady: (message, restarted) => ready.push({ message, restarted }),
    firstDelayMs: 20,
    longestDelayMs: 60,
    ...options,
  })
  return child
}

const runs = `process.send({ ready: true, console: 'http://c', setup: process.argv[3] }); setInterval(() => {}, 1000);`

test('a process is ready when it says so, and stops when asked to', async () => {
  const running = start(
    `console.log('hello ' + process.env.VONGGAC_LINK_SECRET.length); process.on('SIGTERM', () => { console.log('bye'); process.exit(0) }); ${runs}`,
  )
  await running.ready
  expect(ready).toEqual([{ message: { ready: true, console: 'http://c', setup: 'x.yml' }, restarted: false }])
  await running.stop()
  expect(running.pid).toBeUndefined()
  expect(said).toEqual([])
  expect(readFileSync(log.path, 'utf8')).toBe('hello 6\nbye\n')
})

test('a process that is killed is started again, and it is said', async () => {
  const running = start(runs)
  await running.ready
  const first = running.pid!
  process.kill(first, 'SIGKILL')
  await expect.poll(() => ready).toHaveLength(2)
  expect(ready[1]!.restarted).toBe(true)
  expect(running.pid).not.toBe(first)
  expect(said).toEqual([`The analyzer was ended by SIGKILL; it is started again in 0.02 s. Its log: ${log.path}`])
})

test('one that ends again and again is started ever more slowly, never given up', async () => {
  start('process.exit(1)')
  await expect.poll(() => said.length).toBeGreaterThanOrEqual(4)
  expect(said.slice(0, 4).map((sentence) => /again in (\S+) s/.exec(sentence)![1])).toEqual(['0.02', '0.04', '0.06', '0.06'])
  expect(said[0]).toContain('ended by itself (exit code 1)')
})

test('one that finds its configuration wrong at the start ends the start with its own words', async () => {
  const running = start(`console.error('{"level":30}\\nvonggac.yml:3: there is no parser "ngnix"'); process.exit(2)`)
  await expect(running.ready).rejects.toMatchObject({ name: 'Failure', exitCode: 2, message: 'vonggac.yml:3: there is no parser "ngnix"' })
  expect(said).toEqual([])
})

test('one that does not stop is killed', async () => {
  const running = start(`process.on('SIGTERM', () => {}); ${runs}`, { stopPatienceMs: 50 })
  await running.ready
  await running.stop()
  expect(said).toEqual(['The analyzer does not stop; it is killed.'])
})

test('stopping between two tries tries no more', async () => {
  const running = start('process.exit(1)', { firstDelayMs: 50 })
  await expect.poll(() => said).toHaveLength(1)
  await running.stop()
  await new Promise((resolve) => setTimeout(resolve, 150))
  expect(said).toHaveLength(1)
})
