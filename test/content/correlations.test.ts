/** The correlations of the citizen portal, from events to what they find. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { logSourceFields } from '@vonggac/contract'
import { createCorrelator, createMatcher, loadRules, parsePipeline, type FlatEvent, type Pipeline } from '@vonggac/sigma'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const folder = join(root, 'rules/packs/citizen-portal')

const pipelines = ['ecs-web', 'ecs-linux'].map(
  (name) => parsePipeline(readFileSync(join(root, `rules/sigma/pipelines/${name}.yml`), 'utf8')).pipeline as Pipeline,
)
const files = readdirSync(folder).filter((file) => file.endsWith('.yml') && !file.endsWith('.test.yml') && file !== 'pack.yml')
const { rules, correlations } = loadRules(
  files.map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8') })),
  { pipelines },
)
const matcher = createMatcher(rules, {
  logSourceFields,
})

const start = Date.UTC(2026, 10, 22)
const attacker = { 'source.ip': '203.0.113.5' }
const ssh = { 'vonggac.logsource.product': 'linux', 'vonggac.logsource.service': 'sshd', 'event.action': 'ssh_login' }
const failure: FlatEvent = { ...ssh, ...attacker, 'event.outcome': 'failure' }
const success: FlatEvent = { ...ssh, ...attacker, 'event.outcome': 'success' }
const refused: FlatEvent = {
  'vonggac.logsource.category': 'webserver',
  'vonggac.logsource.product': 'nginx',
  ...attacker,
  'url.path': '/quan-tri/dang-nhap',
  'http.response.status_code': 401,
}

/** The titles of what is found and reported when these events happen, one every `seconds`. */
function found(events: readonly FlatEvent[], seconds: number): string[] {
  const correlator = createCorrelator(correlations, rules)
  const hits = events.flatMap((event, index) => {
    const time = start + index * seconds * 1000
    for (const rule of matcher.match(event)) correlator.add({ rule: rule.id, event, time })
    return correlator.advance(time)
  })
  hits.push(...correlator.advance(start + 24 * 3_600_000))
  return [...new Set(hits.filter(({ rule }) => !rule.silent).map(({ rule }) => rule.title))]
}

const times = (count: number, event: FlatEvent): FlatEvent[] => Array.from({ length: count }, () => event)

describe('SSH', () => {
  it('ten failures in minutes are guessing', () => {
    expect(found(times(10, failure), 5)).toEqual(['SSH Password Guessing'])
  })
  it('a few, or few at a time, or from many addresses, are not', () => {
    expect(found(times(9, failure), 5)).toEqual([])
    expect(found(times(30, failure), 60)).toEqual([])
    expect(
      found(
        Array.from({ length: 30 }, (_, index) => ({ ...failure, 'source.ip': `203.0.113.${index}` })),
        5,
      ),
    ).toEqual([])
  })
  it('a login behind failures is grave, before them is not', () => {
    expect(found([...times(6, failure), success], 5)).toEqual(['SSH Login After Password Guessing'])
    expect(found([success, ...times(6, failure)], 5)).toEqual([])
    expect(found([...times(6, failure), { ...success, 'source.ip': '198.51.100.9' }], 5)).toEqual([])
  })
})

describe('web administration', () => {
  it('twenty refusals in minutes are guessing', () => {
    expect(found(times(20, refused), 5)).toEqual(['Password Guessing at a Web Administration Page'])
    expect(found(times(19, refused), 5)).toEqual([])
  })
})
