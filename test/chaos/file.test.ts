import { appendFile, copyFile, mkdtemp, rename, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { KilledCollector } from '../support/killed-collector.ts'

/** A collector that reads files is killed while they are written and rotated: every line arrives, and each once. */
const rounds = 12
let logs: string
let collector: KilledCollector

beforeEach(async () => {
  logs = await mkdtemp(join(tmpdir(), 'vonggac-killed-files-'))
})
afterEach(async () => {
  await collector.remove()
  await rm(logs, { recursive: true })
})

it('loses nothing and doubles nothing over kill -9, renames and copies', async () => {
  const at = (name: string) => join(logs, name)
  collector = await KilledCollector.make({ files: { folders: [logs] } }, [
    { id: 'tep', transport: 'file', parsers: ['key-value'], paths: [at('*.log*')], everySeconds: 0.05 },
  ])
  let n = 0
  let over = false
  const next = () => `n=${n++} msg="dòng nhật ký của một ứng dụng"\n`
  const burst = (count: number) => Array.from({ length: count }, next).join('')
  const writer = async () => {
    for (let turn = 1; !over; turn++) {
      await appendFile(at('renamed.log'), burst(20))
      await appendFile(at('emptied.log'), burst(20))
      if (turn % 15 === 0) await rename(at('renamed.log'), at(`renamed.log.${turn}`))
      if (turn % 20 === 0) {
        await copyFile(at('emptied.log'), at(`emptied.log.${turn}`))
        await truncate(at('emptied.log'))
      }
      await sleep(10)
    }
  }
  await writeFile(at('emptied.log'), '')
  await collector.start()
  const writing = writer()
  for (let round = 0; round < rounds; round++) {
    await sleep(200 + 37 * round)
    await collector.kill()
    await collector.start()
  }
  over = true
  await writing
  const expected = Array.from({ length: n }, (_, index) => `${index}`)
  await expect.poll(() => collector.analyzer.events.size).toBeGreaterThanOrEqual(n)
  const numbers = collector.values('kv.n').toSorted((a, b) => Number(a) - Number(b))
  expect(numbers.filter((value, index) => value === numbers[index - 1])).toEqual([])
  expect(numbers).toEqual(expected)
})

it('loses and doubles no line of audit events whose lines are mixed', async () => {
  const path = join(logs, 'audit.log')
  collector = await KilledCollector.make({ files: { folders: [logs] } }, [
    { id: 'kiem-toan', transport: 'file', parsers: ['auditd'], paths: [`${path}*`], everySeconds: 0.05 },
  ])
  let serial = 0
  const record = (of: number, type: string, rest: string) => `type=${type} msg=audit(1795320000.123:${of}): ${rest}\n`
  // Three events at a time; of every fifth three, one never ends.
  const mixed = () => {
    const [a, b, c] = [serial++, serial++, serial++]
    const end = a % 5 === 0 ? '' : record(a, 'PROCTITLE', 'proctitle="a"')
    const begun = record(a, 'SYSCALL', 'syscall=59') + record(b, 'SYSCALL', 'syscall=2') + record(a, 'CWD', 'cwd="/"')
    return begun + record(c, 'USER_AUTH', 'res=failed') + record(b, 'PROCTITLE', 'proctitle="b"') + end
  }
  let written = ''
  let over = false
  const writer = async () => {
    for (let turn = 1; !over; turn++) {
      const lines = mixed() + mixed()
      written += lines
      await appendFile(path, lines)
      if (turn % 40 === 0) await rename(path, `${path}.${turn}`)
      await sleep(10)
    }
  }
  await collector.start()
  const writing = writer()
  for (let round = 0; round < rounds; round++) {
    await sleep(200 + 37 * round)
    await collector.kill()
    await collector.start()
  }
  over = true
  await writing
  const said = () => collector.values('event.original').flatMap((text) => text.split('\n'))
  const expected = written.trimEnd().split('\n')
  await expect.poll(() => said().length).toBeGreaterThanOrEqual(expected.length)
  expect(said().toSorted()).toEqual(expected.toSorted())
  // Most are whole: only a kill, a rotation or what never ended leaves parts.
  const whole = collector.values('auditd.message_type').filter((types) => types === 'syscall,proctitle').length
  expect(whole).toBeGreaterThan(serial / 3 / 2)
})
