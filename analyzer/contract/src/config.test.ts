import { describe, expect, it } from 'vitest'
import { environmentName, parseConfig } from './config.ts'
import { dropPlaces } from './source-config.ts'

describe('the configuration', () => {
  it('is complete when the file is empty', () => {
    const { config } = parseConfig('')
    expect(config).toMatchObject({
      dataFolder: 'data',
      console: { port: 8080 },
      collector: { name: 'c1', syslog: { udpPort: 5514 } },
      sources: [],
    })
  })

  it('names the line of a value that is out of range', () => {
    const { mistakes } = parseConfig('operator: attt\nconsole:\n  port: 99999\n')
    expect(mistakes).toEqual([{ path: 'console.port', message: expect.stringContaining('65535'), line: 3 }])
  })

  it('names the line of a key that it does not know', () => {
    const { mistakes } = parseConfig('console:\n  host: 127.0.0.1\n  prot: 80\n')
    expect(mistakes).toMatchObject([{ path: 'console.prot', line: 3 }])
  })

  it('names the line of text that is not YAML', () => {
    expect(parseConfig('console:\n  port: "80\n').mistakes).toMatchObject([{ line: expect.any(Number) as number }])
    expect(parseConfig('- a\n- b\n').mistakes).toHaveLength(1)
  })

  it('finds an agency that is not there and an id used twice', () => {
    const source = (id: string, agency: string) =>
      `  - { id: ${id}, name: { vi: a, en: a }, agency: ${agency}, transport: http, parsers: [ecs-json] }\n`
    const { mistakes } = parseConfig(`sources:\n${source('a', 'attt')}${source('a', 'nobody')}`)
    expect(mistakes).toEqual([
      { path: 'sources.1.id', message: 'the source id "a" is used twice', line: 3 },
      { path: 'sources.1.agency', message: 'there is no agency "nobody"; agencies are: attt', line: 3 },
    ])
  })

  it.each(['unknown', ...dropPlaces, 'constructor'])(
    'names the line of a source whose id is the name %s, which the platform uses itself',
    (id) => {
      const { mistakes } = parseConfig(
        `sources:\n  - name: { vi: a, en: a }\n    id: ${id}\n    agency: attt\n    transport: http\n    parsers: [ecs-json]\n`,
      )
      expect(mistakes).toEqual([
        { path: 'sources.0.id', message: `the platform itself uses the name "${id}"; give the source another id`, line: 3 },
      ])
    },
  )

  it('takes what is expected of a source, and names the line of what cannot be expected', () => {
    const source = (expectation: string) =>
      parseConfig(
        `sources:\n  - id: a\n    name: { vi: a, en: a }\n    agency: attt\n    transport: http\n    parsers: [ecs-json]\n${expectation}`,
      )
    expect(source('    expectation: { silenceMinutes: 60 }\n').config?.sources[0]?.expectation).toEqual({
      calendar: { kind: 'always' },
      silenceMinutes: 60,
      eventsPerDay: null,
      eventsPerHour: null,
    })
    expect(source('').config?.sources[0]?.expectation).toBeUndefined()
    expect(source('    expectation:\n      silenceMinutes: -1\n').mistakes).toMatchObject([
      { path: 'sources.0.expectation.silenceMinutes', line: 8 },
    ])
  })

  it('lets the environment override any setting, with YAML’s own types', () => {
    const environment = { VONGGAC_CONSOLE_PORT: '81', VONGGAC_DATA_FOLDER: 'elsewhere', VONGGAC_COLLECTOR_SYSLOG_UDP_PORT: '0' }
    expect(parseConfig('console:\n  port: 80\n', environment).config).toMatchObject({
      dataFolder: 'elsewhere',
      console: { port: 81 },
      collector: { syslog: { udpPort: 0 } },
    })
    expect(parseConfig('', { VONGGAC_CONSOLE_PORT: 'eighty' }).mistakes).toMatchObject([{ path: 'console.port' }])
  })

  it('refuses a collector name that every record has already', () => {
    expect(parseConfig('collector: { name: constructor }').mistakes).toMatchObject([{ path: 'collector.name' }])
  })

  it('derives variable names from paths', () => {
    expect(environmentName(['collector', 'syslog', 'maxFrameBytes'])).toBe('VONGGAC_COLLECTOR_SYSLOG_MAX_FRAME_BYTES')
  })

  it('refuses a file of exploding aliases in bounded time', () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefgh'.split('').map((name, i) => `${name}: &${name} [${`*${'abcdefg'[i]},`.repeat(9)}]`),
    ].join('\n')
    expect(parseConfig(bomb).mistakes).toBeDefined()
  })

  it('refuses nesting without end, in the file and in the environment', () => {
    expect(parseConfig(`sources:\n  ${'['.repeat(20_000)}`).mistakes).toMatchObject([
      { message: expect.stringContaining('levels deep'), line: 2 },
    ])
    expect(parseConfig('', { VONGGAC_CONSOLE_PORT: '['.repeat(20_000) }).mistakes).toMatchObject([{ path: 'console.port' }])
  })
})
