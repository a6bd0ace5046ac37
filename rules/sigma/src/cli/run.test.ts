import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCommand } from './run.ts'
import { run } from './testing/run.ts'

const whoami = `title: Whoami
id: 11111111-2222-4333-8444-555555555555
name: whoami
level: low
status: test
tags: [attack.discovery, attack.t1033]
logsource: { product: linux }
detection:
  selection: { CommandLine|endswith: whoami }
  condition: selection
`
const burst = `title: Whoami Again and Again
id: 11111111-2222-4333-8444-666666666666
level: high
status: test
tags: [attack.t1033, attack.t1087.001]
correlation:
  type: event_count
  rules: [whoami]
  group-by: [user]
  timespan: 5m
  condition: { gte: 2 }
`
const proof = `defaults: { product: linux }
match:
  - title: with its path
    event: { CommandLine: /usr/bin/whoami }
ignore:
  - title: a listing
    event: { CommandLine: ls }
`

let folder: string
const at = (name: string) => join(folder, name)
const write = (files: Readonly<Record<string, string | Uint8Array>>) =>
  Promise.all(Object.entries(files).map(([name, text]) => writeFile(at(name), text)))

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sigma-cli-'))
  await write({ 'whoami.yml': whoami, 'burst.yml': burst, 'whoami.test.yml': proof })
})
afterAll(() => rm(folder, { recursive: true }))

describe('sigma', () => {
  it('tells how to use it', async () => {
    expect(await run('--help')).toMatchObject({ code: 0, out: expect.stringContaining('coverage') })
    for (const command of ['check', 'convert', 'match', 'test', 'coverage']) {
      expect(await run(command, '--help')).toMatchObject({ code: 0, out: expect.stringContaining(`sigma ${command}`) })
    }
    expect(await run()).toMatchObject({ code: 2 })
    expect(await run('check')).toMatchObject({ code: 2, err: expect.stringContaining('Name a folder') })
    expect(await run('find')).toMatchObject({ code: 2, err: expect.stringContaining('no command "find"') })
    expect(await run('check', '--quick')).toMatchObject({ code: 2, err: expect.stringContaining('--quick') })
    expect(await run('check', at('nowhere'))).toMatchObject({ code: 2, err: expect.stringContaining('nowhere') })
  })
})

describe('sigma check', () => {
  it('accepts good rules', async () => {
    const { code, err } = await run('check', '--no-lint', folder)
    expect({ code, err }).toEqual({ code: 0, err: '1 rule, 1 correlation, 0 filters; 0 errors, 0 warnings\n' })
  })

  it('says where a rule is wrong', async () => {
    const other = await mkdtemp(join(tmpdir(), 'sigma-cli-'))
    const file = join(other, 'wrong.yml')
    await writeFile(file, whoami.replace('condition: selection', 'condition: selektion'))
    const { code, out } = await run('check', '--no-lint', other)
    expect(code).toBe(1)
    expect(out).toContain(`${file}:10:14: error `)
    expect(JSON.parse((await run('check', '--json', other)).out)).toMatchObject({ rules: 0, errors: 1 })
    await rm(other, { recursive: true })
  })

  it('gives advice on what loads, at its place', async () => {
    const { out } = await run('check', '--json', at('whoami.yml'))
    const { diagnostics } = JSON.parse(out) as { diagnostics: { code: string; line: number }[] }
    expect(diagnostics).toContainEqual(
      expect.objectContaining({ severity: 'warning', code: 'falsepositives-missing', file: at('whoami.yml') }),
    )
    expect(diagnostics.map(({ line }) => line)).toEqual(diagnostics.map(({ line }) => line).toSorted((a, b) => a - b))
  })

  it('counts warnings where asked to be strict', async () => {
    expect((await run('check', folder)).code).toBe(0)
    expect((await run('check', '--strict', folder)).code).toBe(1)
    expect((await run('check', '--edition', '2.2', folder)).code).toBe(0)
    expect(await run('check', '--edition', '3', folder)).toMatchObject({ code: 2, err: expect.stringContaining('no edition 3') })
  })
})

describe('sigma match', () => {
  const lines = ['{"product":"linux","CommandLine":"whoami"}', 'nonsense', '', '{"product":"windows","CommandLine":"whoami"}']
  const rule = '11111111-2222-4333-8444-555555555555'

  it('finds matches in plain and gzip files, numbers events through all of them, and rejects what is no event', async () => {
    await write({ 'a.ndjson': lines.join('\n'), 'b.ndjson.gz': gzipSync(`${lines.join('\r\n')}\n`) })
    const { code, out, err } = await run('match', '--json', '--rules', folder, at('a.ndjson'), at('b.ndjson.gz'))
    expect(out).toBe(`{"event":0,"rule":"${rule}"}\n{"event":4,"rule":"${rule}"}\n`)
    expect(err).toContain(`${at('a.ndjson')}:2: no event: malformed`)
    expect(err).toContain('6 events, 2 matches, 2 lines rejected')
    expect(code).toBe(1)
  })

  it('tries every rule where asked', async () => {
    const { out } = await run('match', '--json', '--all', '--rules', folder, at('a.ndjson'))
    expect(out).toBe(`{"event":0,"rule":"${rule}"}\n{"event":3,"rule":"${rule}"}\n`)
  })

  it('tells people the line and the title', async () => {
    const { out } = await run('match', '--rules', folder, at('a.ndjson'))
    expect(out).toBe(`${at('a.ndjson')}:1: Whoami (${rule})\n`)
  })

  it('survives lines longer than a chunk', async () => {
    const long = JSON.stringify({ CommandLine: `${'x'.repeat(600_000)}whoami`, product: 'linux' })
    const tooLong = JSON.stringify({ CommandLine: `${'x'.repeat(3_000_000)}whoami` })
    await write({ 'long.ndjson': `${long}\n${tooLong}\n${lines[0]}` })
    const { out, err } = await run('match', '--json', '--rules', folder, at('long.ndjson'))
    expect(out).toBe(`{"event":0,"rule":"${rule}"}\n{"event":2,"rule":"${rule}"}\n`)
    expect(err).toContain('long.ndjson:2: no event: oversized')
  })

  it('evaluates correlations where asked', async () => {
    const events = [0, 400, 500].map((second) => {
      const time = new Date(second * 1000).toISOString()
      return JSON.stringify({ '@timestamp': time, product: 'linux', CommandLine: 'whoami', user: 'An' })
    })
    await write({ 'times.ndjson': events.toReversed().join('\n') })
    const { out } = await run('match', '--json', '--correlate', '--rules', folder, at('times.ndjson'))
    expect(
      out
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([
      {
        events: [1, 0],
        rule: '11111111-2222-4333-8444-666666666666',
        group: { user: 'An' },
        from: '1970-01-01T00:06:40.000Z',
        to: '1970-01-01T00:08:20.000Z',
        value: 2,
      },
    ])
  })

  it('keeps loaded rules, and loads them anew when they change', async () => {
    const match = () => run('match', '--json', '--cache', at('rules.cache'), '--rules', at('whoami.yml'), at('a.ndjson'))
    const first = await match()
    expect((await match()).out).toBe(first.out)
    await write({ 'whoami.yml': whoami.replace('endswith: whoami', 'endswith: id') })
    expect((await match()).out).toBe('')
    await write({ 'whoami.yml': whoami, 'rules.cache': 'damaged' })
    expect((await match()).out).toBe(first.out)
  })

  it('says which file cannot be read', async () => {
    await write({ 'torn.gz': gzipSync('{}\n'.repeat(1000)).subarray(0, 20) })
    expect(await run('match', '--rules', folder, at('torn.gz'))).toMatchObject({
      code: 2,
      err: expect.stringContaining('torn.gz cannot be read'),
    })
    expect(await run('match', '--rules', folder, at('missing'))).toMatchObject({
      code: 2,
      err: expect.stringContaining('missing cannot be read'),
    })
  })
})

describe('sigma test', () => {
  it('passes when every example holds', async () => {
    expect(await run('test', folder)).toMatchObject({ code: 0, out: '', err: '2 examples hold, 0 failed\n' })
  })

  it('says which do not, and why', async () => {
    const other = await mkdtemp(join(tmpdir(), 'sigma-cli-'))
    const wrong = proof.replace('/usr/bin/whoami', 'id').replace('CommandLine: ls', 'CommandLine: sudo whoami')
    await writeFile(join(other, 'whoami.yml'), whoami)
    await writeFile(join(other, 'whoami.test.yml'), wrong)
    await writeFile(join(other, 'lost.test.yml'), proof.replace('ignore:', 'ignored:'))
    const { code, out } = await run('test', other)
    expect(code).toBe(1)
    expect(out).toContain('whoami.test.yml:3: must match, but does not: with its path')
    expect(out).toContain('whoami.test.yml:6: must not match, but does, by CommandLine: a listing')
    expect(out).toContain('lost.test.yml:1: There is no rule beside this proof that loads.')
    expect(out).toContain('A proof has no key "ignored".')
    expect(JSON.parse((await run('test', '--json', other)).out)).toMatchObject({ passed: 0 })
    await rm(other, { recursive: true })
  })

  it('knows an event of another log source', async () => {
    const other = await mkdtemp(join(tmpdir(), 'sigma-cli-'))
    await writeFile(join(other, 'whoami.yml'), whoami)
    await writeFile(join(other, 'whoami.test.yml'), proof.replace('product: linux', 'product: windows'))
    expect((await run('test', other)).out).toContain('the event is of another log source')
    await rm(other, { recursive: true })
  })
})

describe('packs and proofs', () => {
  let pack: string
  beforeAll(async () => {
    pack = await mkdtemp(join(tmpdir(), 'sigma-pack-'))
    const files = {
      'pack.yml': 'pipelines: [ecs-linux]\n',
      'whoami.yml': whoami.replace('product: linux', 'product: linux, category: process_creation'),
      'whoami.test.yml': proof.replaceAll('CommandLine', 'process.command_line'),
      'samples.expected.yml': '- {}\n',
    }
    await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(pack, name), text)))
  })
  afterAll(() => rm(pack, { recursive: true }))

  it('uses the pipelines that a pack names', async () => {
    expect(await run('test', pack)).toMatchObject({ code: 0, err: '2 examples hold, 0 failed\n' })
    expect((await run('convert', '--to', 'kql', pack)).out).toContain('process.command_line: *whoami')
  })

  it('takes pipelines by file, and refuses a wrong one', async () => {
    await writeFile(join(pack, 'wrong.pipeline'), 'transformations: [{ id: x, type: unheard_of }]\n')
    expect(await run('check', '--pipeline', join(pack, 'wrong.pipeline'), pack)).toMatchObject({
      code: 2,
      err: expect.stringContaining('unheard_of'),
    })
    expect(await run('check', '--pipeline', 'no-such', pack)).toMatchObject({ code: 2, err: expect.stringContaining('no-such') })
  })

  it.each([
    ['just text', 'A proof holds the keys'],
    ['match: []\nignore: [{ event: { a: 1 } }]', 'needs at least one event under "match"'],
    ['match: [{ title: nothing }]\nignore: [{ event: { a: [1, { b: 2 }] } }]', 'needs a "title" and an "event"'],
  ])('says what is wrong with the proof %j', async (text, message) => {
    const other = await mkdtemp(join(tmpdir(), 'sigma-proof-'))
    await writeFile(join(other, 'whoami.yml'), whoami)
    await writeFile(join(other, 'whoami.test.yml'), text)
    expect(await run('test', other)).toMatchObject({ code: 1, out: expect.stringContaining(message) })
    await rm(other, { recursive: true })
  })

  it('asks for what is missing', async () => {
    for (const command of ['test', 'convert', 'coverage', 'match']) expect(await run(command)).toMatchObject({ code: 2 })
    expect(await run('convert', '--to', 'kql')).toMatchObject({ code: 2 })
    expect(await run('match', '--rules', pack)).toMatchObject({ code: 2, err: expect.stringContaining('standard input') })
    expect(await run('test', at('whoami.yml'))).toMatchObject({ code: 2, err: expect.stringContaining('no proofs') })
    expect(await run('check', at('whoami.test.yml'))).toMatchObject({ code: 2, err: expect.stringContaining('no rules') })
  })

  it('tells of rules that are refused, and of queries that find more', async () => {
    const other = await mkdtemp(join(tmpdir(), 'sigma-refused-'))
    await writeFile(join(other, 'regex.yml'), whoami.replace('CommandLine|endswith: whoami', "CommandLine|re: 'who[a-z]+'"))
    await writeFile(join(other, 'wrong.yml'), whoami.replace('condition: selection', 'condition: other').replace('11111111', '21111111'))
    const { code, out, err } = await run('convert', '--to', 'elasticsearch', other)
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('wrong.yml:10') as unknown })
    expect(out).toContain('// finds other events too')
    expect(await run('coverage', other)).toMatchObject({ code: 1, err: expect.stringContaining('1 document refused') })
    expect((await run('match', '--rules', other, at('a.ndjson'))).err).toContain('1 document refused, see sigma check')
    expect(await run('test', '--json', '--logsource', 'log', folder)).toMatchObject({ code: 0 })
    await rm(other, { recursive: true })
  })

  it('shows progress on a terminal', async () => {
    let told = ''
    const io = { out: () => undefined, err: (text: string) => void (told += text), isTerminal: true }
    await runCommand(['match', '--rules', folder, '--logsource', 'log', at('times.ndjson')], io)
    expect(told).toContain('\r3 events, ')
  })
})

describe('sigma convert', () => {
  const converted = async (to: string) =>
    JSON.parse((await run('convert', '--json', '--to', to, at('whoami.yml'))).out) as { query: unknown }

  it('writes queries', async () => {
    expect(await converted('kql')).toMatchObject({ exact: true, query: 'CommandLine: *whoami' })
    expect((await converted('elasticsearch')).query).toEqual({ wildcard: { CommandLine: { value: '*whoami', case_insensitive: true } } })
    expect(await converted('duckdb')).toMatchObject({ parameters: ['/CommandLine', 'whoami'] })
    expect((await run('convert', '--to', 'duckdb', at('whoami.yml'))).out).toContain('-- $2 = "whoami"')
  })

  it('asks for a language that it knows', async () => {
    expect(await run('convert', '--to', 'splunk', folder)).toMatchObject({ code: 2, err: expect.stringContaining('--to kql') })
  })
})

it('sigma coverage counts rules for each technique', async () => {
  const { code, out } = await run('coverage', '--name', 'Mine', folder)
  expect(code).toBe(0)
  expect(JSON.parse(out)).toMatchObject({
    name: 'Mine',
    domain: 'enterprise-attack',
    techniques: [
      { techniqueID: 'T1033', score: 2 },
      { techniqueID: 'T1087.001', score: 1 },
    ],
  })
})
