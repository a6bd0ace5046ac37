/** What the commands do with files that are odd, and with what happens seldom. */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runCommand } from './run.ts'
import { run } from './testing/run.ts'

const rule = `title: Whoami
id: 11111111-2222-4333-8444-555555555555
name: whoami
logsource: { product: linux }
detection:
  selection: { CommandLine|endswith: whoami }
  filter: { User: root }
  condition: selection and not filter
`
const burst = `title: Whoami Again and Again
id: 11111111-2222-4333-8444-666666666666
correlation:
  type: event_count
  rules: [whoami]
  group-by: [user]
  timespan: 5m
  condition: { gte: 2 }
`

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sigma-edges-'))
})
afterEach(() => rm(folder, { recursive: true }))

const at = (name: string) => join(folder, name)
const write = (name: string, content: string | Uint8Array) => writeFile(at(name), content)

describe('sigma check', () => {
  it('lists findings by file and place, with what may have been meant', async () => {
    await write('b.yml', rule.replace('endswith', 'endswth').replace('User:', 'User|contians:'))
    await write('a.yml', rule.replace('11111111', '21111111').replace('condition: selection', 'condition: selektion'))
    const { out } = await run('check', '--no-lint', folder)
    const lines = out.trimEnd().split('\n')
    expect(lines).toHaveLength(3)
    expect(lines[0]).toMatch(/a\.yml:8:14: error .* Did you mean "selection"\?$/)
    expect(lines[1]).toMatch(/b\.yml:6:.* Did you mean "endswith"\?$/)
    expect(lines[2]).toMatch(/b\.yml:7:.* Did you mean "contains"\?$/)
  })

  it('says how many rules cannot work on their log source', async () => {
    await write(
      'security.yml',
      rule.replace('product: linux', 'category: process_creation, product: windows').replace('User', 'OriginalFileName'),
    )
    const { code, err } = await run('check', '--no-lint', '--pipeline', 'ecs-windows', '--pipeline', 'windows-security', folder)
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('1 rule not applicable') as unknown })
  })
})

describe('sigma match', () => {
  it('finds nothing in an empty file', async () => {
    await write('rule.yml', rule)
    for (const [name, content] of [
      ['empty.ndjson', ''],
      ['empty.gz', gzipSync('')],
    ] as const) {
      await write(name, content)
      expect(await run('match', '--json', '--rules', folder, at(name))).toMatchObject({ code: 0, out: '' })
    }
  })

  it('reads packed files of many chunks', async () => {
    await write('rule.yml', rule)
    const filler = Array.from({ length: 40 }, () => JSON.stringify({ x: randomBytes(20_000).toString('base64') }))
    await write('big.gz', gzipSync([...filler, '{"CommandLine":"whoami"}'].join('\n')))
    expect((await run('match', '--json', '--rules', folder, at('big.gz'))).out).toBe(
      '{"event":40,"rule":"11111111-2222-4333-8444-555555555555"}\n',
    )
  })

  it('tells people of correlations, and leaves out events without a time', async () => {
    await write('rule.yml', rule)
    await write('burst.yml', burst)
    const events = ['1970-01-01T00:00:01Z', '1970-01-01T00:00:02Z', 'soon', undefined].map((time) =>
      JSON.stringify({ when: time, CommandLine: 'whoami', user: 'An' }),
    )
    await write('events.ndjson', events.join('\n'))
    const { out } = await run('match', '--correlate', '--time', 'when', '--rules', folder, at('events.ndjson'))
    expect(out).toBe(
      '1970-01-01T00:00:01.000Z to 1970-01-01T00:00:02.000Z: Whoami Again and Again (11111111-2222-4333-8444-666666666666) user=An: 2\n',
    )
  })

  it('writes the cache anew when the pipelines or the edition change', async () => {
    await write('rule.yml', rule)
    await write('events.ndjson', '{"process.command_line":"whoami"}')
    await write('names.yaml', 'transformations: [{ id: a, type: field_name_mapping, mapping: { CommandLine: process.command_line } }]')
    const match = (...more: string[]) =>
      run('match', '--json', '--cache', at('cache'), '--rules', at('rule.yml'), ...more, at('events.ndjson'))
    expect((await match()).out).toBe('')
    expect((await match('--pipeline', at('names.yaml'))).out).toContain('"event":0')
    expect((await match('--edition', '2.2')).out).toBe('')
  })
})

describe('sigma test', () => {
  it('names what a rule does not exclude, and rules without proof', async () => {
    await write('rule.yml', rule)
    await write(
      'rule.test.yml',
      'match: [{ event: { CommandLine: whoami } }]\nignore: [{ title: [x], event: { CommandLine: whoami, User: an } }]',
    )
    await write('other.yml', rule.replace('11111111', '21111111').replace('name: whoami\n', ''))
    const { code, out, err } = await run('test', folder)
    expect(code).toBe(1)
    expect(out).toMatch(/rule\.test\.yml:2: must not match, but does, by CommandLine, not User: line 2/)
    expect(err).toContain('other.yml: "Whoami" has no proof')
    expect(err).toContain('1 example holds, 1 failed, 1 rule without proof')
  })

  it.each([
    ['', 'A proof holds the keys'],
    ['match: [', 'yaml-syntax'],
    ['match: [7]\nignore: [{ event: 8 }]', 'needs a "title" and an "event"'],
  ])('says what is wrong with the proof %j', async (text, message) => {
    await write('rule.yml', rule)
    await write('rule.test.yml', text)
    expect(await run('test', folder)).toMatchObject({ code: 1, out: expect.stringContaining(message) as unknown })
  })
})

it.each(['just text', 'pipelines: ecs-linux', 'pipelines: [[ecs-linux]]', 'id: web'])(
  'a pack.yml that says %j names no pipelines',
  async (text) => {
    await write('pack.yml', text)
    await write('rule.yml', rule)
    expect((await run('convert', '--to', 'kql', folder)).out).toContain('CommandLine: *whoami')
  },
)

it('sigma convert leaves advice to sigma check', async () => {
  await write('rule.yml', rule.replace('11111111-2222', 'x'))
  expect(await run('convert', '--to', 'kql', folder)).toMatchObject({ code: 0, err: '' })
})

it('sigma coverage lists techniques in order', async () => {
  await write('rule.yml', `${rule}tags: [attack.t1087, attack.t1033, attack.t1057]\n`)
  const { techniques } = JSON.parse((await run('coverage', folder)).out) as { techniques: { techniqueID: string }[] }
  expect(techniques.map(({ techniqueID }) => techniqueID)).toEqual(['T1033', 'T1057', 'T1087'])
})

it('what is nobody’s mistake is not told as one', async () => {
  await write('rule.yml', rule)
  const io = { out: () => Promise.reject(new Error('the disk is full')), err: () => undefined, isTerminal: false }
  await expect(runCommand(['coverage', folder], io)).rejects.toThrow('the disk is full')
})
