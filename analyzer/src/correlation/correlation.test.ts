import { fields, systemScope, type Alert, type FlatEvent } from '@vonggac/contract'
import { expect, it } from 'vitest'
import { alertKind, createHitRecorder } from '../alerts/index.ts'
import type { RulesInUse } from '../detection/index.ts'
import { batchOf, inlineDetector, ruleIn, rulesFrom, type TestFrame } from '../detection/testing.ts'
import type { DocumentStore } from '../storage/index.ts'
import { openTestDocuments } from '../storage/testing.ts'
import { openCorrelation, type Correlation, type CorrelationBounds } from './correlation.ts'
import { correlationStateKind, stateId } from './state.ts'

const failure = `
title: Failed Login
id: 11111111-1111-4111-8111-111111111111
name: failure
logsource: { service: sshd }
detection: { selection: { event.outcome: failure }, condition: selection }
level: informational
`
const success = failure.replace('Failed Login', 'Login').replaceAll('1111', '2222').replaceAll('failure', 'success')
const counting = (title: string, digit: string, name: string, gte: number, level: string) => `
title: ${title}
id: ${'1111'.replaceAll('1', digit).repeat(2)}-1111-4111-8111-111111111111
name: ${name}
correlation: { type: event_count, rules: [failure], group-by: [source.ip], timespan: 5m, condition: { gte: ${gte} } }
level: ${level}
`
const burst = counting('Burst', '3', 'burst', 2, 'informational')
const guessing = counting('Guessing', '4', 'guessing', 3, 'medium')
const login = `
title: Login After Burst
id: 55555555-1111-4111-8111-111111111111
correlation: { type: temporal_ordered, rules: [burst, success], group-by: [source.ip], timespan: 30m }
level: critical
`
const pack = [failure, success, burst, guessing, login]

const start = Date.UTC(2026, 10, 22, 3)
const scope = systemScope('test')

interface Try {
  /** Seconds after the start. */
  readonly at: number
  readonly ip?: string
  readonly outcome?: 'failure' | 'success'
  readonly agency?: string
  /** Seconds that the event's own clock is ahead. */
  readonly clock?: number
}

function frameOf({ at, ip = '203.0.113.7', outcome = 'failure', agency = 'stttt', clock = 0 }: Try): TestFrame {
  const event: FlatEvent = {
    [fields.timestamp]: new Date(start + (at + clock) * 1_000).toISOString(),
    [fields.logSourceService]: 'sshd',
    'event.outcome': outcome,
    'source.ip': ip,
    'user.name': `user-${at}`,
  }
  return { agency, receivedMs: start + at * 1_000, source: 'ssh', event }
}

async function alertsIn(documents: DocumentStore): Promise<readonly Alert[]> {
  const page = await documents.find(scope, alertKind, { all: [] }, { orderBy: 'id', direction: 'ascending', limit: 1_000 })
  return page.items.map(({ value }) => value).toSorted((a, b) => a.rule.title.localeCompare(b.rule.title))
}

/** A process on stores that outlive it. */
async function open({
  rules = rulesFrom(...pack),
  bounds,
  documents = openTestDocuments(),
}: { rules?: RulesInUse; bounds?: CorrelationBounds; documents?: DocumentStore } = {}) {
  let time = start + 3_600_000
  const clock = { now: () => new Date(time) }
  const hits = createHitRecorder({ documents, announcer: { announce: () => {} }, clock })
  const deps = {
    documents,
    hits,
    rules: { find: (id: string) => ruleIn(rules, id) },
    clock,
    operator: 'attt',
    ...(bounds ? { bounds } : {}),
  }
  const correlation: Correlation = await openCorrelation(deps, rules)
  const detector = inlineDetector(rules)
  let position = 0
  return {
    documents,
    correlation,
    async send(tries: readonly Try[], collector = 'c1', first = position) {
      const { header, bytes } = batchOf(collector, first, tries.map(frameOf))
      position = Math.max(position, first + tries.length)
      await correlation.record({ collector, last: header.last, ...(await detector.evaluate(header, bytes)) })
    },
    /** Lets our own clock go on. */
    pass: (seconds: number) => void (time += seconds * 1_000),
    quiet: (at = 3_600) => correlation.quietAt(start + at * 1_000),
    alerts: () => alertsIn(documents),
    async told() {
      return (await alertsIn(documents)).map(({ rule, hits: { count }, group }) => `${rule.title} ${String(group['source.ip'])} ${count}`)
    },
    state: () => documents.read(scope, correlationStateKind, stateId),
  }
}

const failures = (...at: readonly number[]): Try[] => at.map((second) => ({ at: second }))

it('raises the alert of a chain with all its events and whom they name; what only feeds it raises none', async () => {
  const { send, quiet, alerts, told } = await open()
  await send([...failures(0, 1, 2), { at: 3, outcome: 'success' }])
  await quiet()
  expect(await told()).toEqual(['Guessing 203.0.113.7 3', 'Login After Burst 203.0.113.7 3'])
  const [, found] = await alerts()
  expect(found).toMatchObject({
    severity: 'critical',
    agency: 'stttt',
    sources: ['ssh'],
    entities: { source: ['203.0.113.7'], user: ['user-0', 'user-1', 'user-3'] },
    hits: { firstAt: '2026-11-22T03:00:01.000Z', lastAt: '2026-11-22T03:00:03.000Z' },
  })
  expect(found!.hits.events.map((id) => Number.parseInt(id.slice(-2), 36))).toEqual([0, 1, 3])
})

it('counts apart for each agency', async () => {
  const { send, quiet, alerts } = await open()
  await send([...failures(0, 1), { at: 2, agency: 'yte' }, { at: 3, agency: 'yte' }, { at: 4, agency: 'yte' }])
  await quiet()
  expect((await alerts()).map(({ agency, group }) => [agency, group])).toEqual([['yte', { 'source.ip': '203.0.113.7' }]])
})

it('decides by the times of events and of receipt alone: what comes late within the bound is put in order', async () => {
  const { send, told } = await open()
  await send([{ at: 5, outcome: 'success' }])
  await send([
    { at: 6, clock: -4 },
    { at: 6, clock: -3 },
  ])
  expect(await told()).toEqual([])
  await send([{ at: 16, ip: '192.0.2.1', outcome: 'success' }])
  expect(await told()).toEqual(['Login After Burst 203.0.113.7 3'])
})

it('does not believe a clock that is wrong by more, and misses no attack for it', async () => {
  const { send, quiet, alerts } = await open()
  await send([{ at: 0, clock: -7_200 }, { at: 1, clock: 86_400 }, { at: 2 }])
  await quiet()
  expect((await alerts()).map(({ hits: { firstAt, lastAt } }) => [firstAt, lastAt])).toEqual([
    ['2026-11-22T03:00:00.000Z', '2026-11-22T03:00:02.000Z'],
  ])
})

it('is not blinded by a collector whose clock is years ahead', async () => {
  const { send, quiet, pass, told, correlation } = await open()
  await quiet(1_000_000_000)
  await send([{ at: 1_000_000_000 }], 'c2', 0)
  pass(60)
  await send(failures(3_655, 3_656, 3_657), 'c1', 0)
  await quiet(3_700)
  expect(await told()).toEqual(['Guessing 203.0.113.7 3'])
  expect(correlation.statistics.late).toBe(0)
})

it('writes the state when it changes and not otherwise', async () => {
  const { send, quiet, state } = await open()
  await send([{ at: 0, outcome: 'success', ip: '192.0.2.1' }])
  const first = (await state())!.version
  await send([], 'c1', 1)
  await quiet(5)
  expect((await state())!.version).toBe(first)
  await quiet(10)
  await quiet(11)
  expect((await state())!.version).toBe(first + 1)
})

it('keeps what it remembers for rules that stay when others come and go', async () => {
  const { correlation, send, quiet, told } = await open()
  await send(failures(0, 1))
  const { detections, correlations, known } = rulesFrom(...pack)
  await correlation.replaceRules({ detections, known, correlations: correlations.filter(({ compiled }) => compiled.title === 'Guessing') })
  await send(failures(2))
  await quiet()
  expect(await told()).toEqual(['Guessing 203.0.113.7 3'])
})

it('goes on from the document in a new process', async () => {
  const first = await open()
  await first.send(failures(0, 1))
  const second = await open({ documents: first.documents })
  await second.send(failures(0, 1), 'c1', 0)
  await second.send(failures(2), 'c1', 2)
  await second.quiet()
  expect(await second.told()).toEqual(['Guessing 203.0.113.7 3'])
})

it('starts again from the document when somebody else has written it', async () => {
  const first = await open()
  await first.send(failures(0))
  const second = await open({ documents: first.documents })
  await second.send(failures(1), 'c1', 1)
  await expect(first.send(failures(1), 'c1', 1)).rejects.toMatchObject({ code: 'conflict' })
  await first.send(failures(1), 'c1', 1)
  await first.send(failures(2), 'c1', 2)
  await first.quiet()
  expect(await first.told()).toEqual(['Guessing 203.0.113.7 3'])
})

it('forgets the oldest groups in a flood, counts them, and stays small', async () => {
  const { send, correlation, state } = await open({ bounds: { pending: 200, remembered: 600 } })
  for (let batch = 0; batch < 10; batch++) {
    await send(Array.from({ length: 500 }, (_, index) => ({ at: batch, ip: `198.51.${batch}.${index % 250}.${index}` })))
  }
  const { rules, hurried } = correlation.statistics
  expect(hurried).toBeGreaterThan(0)
  expect(Object.values(rules).every(({ size }) => size <= 200)).toBe(true)
  expect(Object.values(rules).some(({ evicted }) => evicted > 1_000)).toBe(true)
  expect(JSON.stringify((await state())!.value).length).toBeLessThan(200_000)
})
