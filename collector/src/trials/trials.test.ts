import { textOf, type TrialAnswer, type TrialOrder } from '@vonggac/contract'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { productParsers } from '../start.ts'
import { runOnThread } from './on-thread.ts'
import { runTrial } from './trial.ts'
import { Trials } from './trials.ts'

const sshd = '<38>Nov 22 10:00:00 bastion sshd[7]: Failed password for root from 203.0.113.9 port 40000 ssh2'
const yaml = 'description: gì đó\ndataset: thu\nlogsource: {}\nsteps:\n  - regex: { pattern: "^(?P<user>\\\\w+) vào$" }\n'
const order = (more: object) =>
  ({ id: 't1', kind: 'try', yaml, lines: ['an vào', 'không đọc được'], framing: 'plain', ...more }) as TrialOrder

it('shows what a parser makes of each line', async () => {
  const [result] = await runTrial(order({}), productParsers)
  expect(result).toMatchObject({ read: 1, lines: 2 })
  expect(result!.events.map((event) => event['user'] ?? event['error.code'])).toEqual(['an', 'unparsed'])
})

it('names the line of a mistake', async () => {
  const [result] = await runTrial(order({ yaml: `${yaml}  - nothing: {}\n` }), productParsers)
  expect(result!.mistake).toMatch(/^parser\/parser\.yml:6: /)
})

it('finds the parser that is meant before those that read anything', async () => {
  const results = await runTrial(
    order({ kind: 'detect', lines: [sshd], framing: 'syslog', parsers: [{ name: 'cua-toi', yaml }] }),
    productParsers,
  )
  expect(results[0]).toMatchObject({ parser: 'openssh', read: 1, lines: 1 })
  const own = await runTrial(order({ kind: 'detect', lines: ['an vào'], parsers: [{ name: 'cua-toi', yaml }] }), productParsers)
  expect(own.map(({ parser }) => parser)).toContain('cua-toi')
})

it('ends what takes too long', async () => {
  expect(textOf((await runOnThread(order({}), productParsers, 1)).failed!)).toContain('took longer than')
  expect((await runOnThread(order({}), productParsers, 60_000)).results[0]).toMatchObject({ read: 1 })
})

it('asks on when the analyzer was away', async () => {
  const answers: [string, TrialAnswer][] = []
  let asked = 0
  const take = async () => {
    if (++asked === 1) throw new Error('away')
    return asked === 2 ? order({}) : new Promise<undefined>(() => {})
  }
  const run = async () => ({ results: [] })
  const trials = new Trials({
    log: pino({ level: 'silent' }),
    pauseMs: 1,
    take,
    run,
    answer: async (id, answer) => void answers.push([id, answer]),
  })
  trials.start()
  await expect.poll(() => answers).toEqual([['t1', { results: [] }]])
})
