import { fields, parseEventId, type FlatEvent } from '@vonggac/contract'
import { expect, it } from 'vitest'
import { createMatcher } from '@vonggac/sigma'
import { useRules } from './evaluation.ts'
import { batchOf, inlineDetector, rulesFrom } from './testing.ts'

const traversal = `
title: Path Traversal
id: 11111111-1111-4111-8111-111111111111
logsource: { category: webserver }
detection:
  selection: { url.original|contains: '../' }
  condition: selection
level: high
vonggac: { group_by: [source.ip] }
`
const detector = inlineDetector(rulesFrom(traversal))
const attack = (ip: string) => ({ event: { 'url.original': '/../etc', 'source.ip': ip, 'vonggac.logsource.category': 'webserver' } })
const linesOf = (bytes: Uint8Array) =>
  new TextDecoder()
    .decode(bytes)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as FlatEvent)

it('groups the hits of a batch into alerts by agency, hour of event time and group fields', async () => {
  const later = { '@timestamp': '2026-11-22T04:00:00.000Z' }
  const frames = [attack('203.0.113.7'), attack('203.0.113.7'), attack('203.0.113.8'), { ...attack('203.0.113.7'), agency: 'yte' }]
  const { header, bytes } = batchOf('c1', 10, [...frames, { event: { ...attack('203.0.113.7').event, ...later } }])
  const { groups } = await detector.evaluate(header, bytes)
  expect(groups.map(({ agency, group, hits }) => [agency, group['source.ip'], hits.map(({ position }) => position)])).toEqual([
    ['stttt', '203.0.113.7', [10, 11]],
    ['stttt', '203.0.113.8', [12]],
    ['yte', '203.0.113.7', [13]],
    ['stttt', '203.0.113.7', [14]],
  ])
  expect(new Set(groups.map(({ alert }) => alert)).size).toBe(4)
})

it('gives the same alerts, events and counts for the same batch', async () => {
  const { header, bytes } = batchOf('c1', 0, [attack('203.0.113.7'), { line: 'garbage' }])
  expect(await detector.evaluate(header, bytes.slice())).toEqual(await detector.evaluate(header, bytes.slice()))
})

it('keeps of values that an attacker made long only what tells them apart', async () => {
  const long = (end: string) => ({
    ...attack('203.0.113.7').event,
    'source.ip': `${'x'.repeat(60_000)}${end}`,
    'host.name': `${'h'.repeat(60_000)}${end}`,
  })
  const { header, bytes } = batchOf('c1', 0, [{ event: long('1') }, { event: long('2') }, { event: long('2') }])
  const { groups } = await detector.evaluate(header, bytes)
  expect(groups.map(({ hits }) => hits.length)).toEqual([1, 2])
  expect(JSON.stringify(groups.map(({ group, entities }) => [group, entities])).length).toBeLessThan(3_000)
})

it('puts an event aside whose time has a year that no alert could be read with again', async () => {
  for (const time of ['+010000-01-01T00:00:00.000Z', '-000001-12-31T23:59:59.999Z', 'soon']) {
    const { header, bytes } = batchOf('c1', 0, [{ event: { ...attack('203.0.113.7').event, '@timestamp': time } }])
    const { bytes: stored, groups } = await detector.evaluate(header, bytes)
    expect(groups).toEqual([])
    expect(linesOf(stored)[0]).toMatchObject({ 'event.kind': 'pipeline_error', 'error.message': `"${time}" is no time` })
  }
})

it('puts an event that keeps the bytes in the place of a line that breaks the contract', async () => {
  const good = attack('203.0.113.7')
  const nested = '{"@timestamp":"2026-11-22T03:00:00Z","user":{"name":"an"}}'
  const { header, bytes } = batchOf('c1', 5, [{ line: 'garbage' }, good, { line: nested }, { line: '[]' }, { line: '' }, good])
  const { bytes: stored, counts } = await detector.evaluate(header, bytes)
  const events = linesOf(stored)
  expect(events.map((event) => parseEventId(event[fields.id] as string)?.position)).toEqual([5, 6, 7, 8, 9, 10])
  expect(events.map((event) => event[fields.rejectReason])).toEqual([
    'bad-event',
    undefined,
    'bad-event',
    'bad-event',
    'bad-event',
    undefined,
  ])
  expect(events[0]).toMatchObject({ 'event.kind': 'pipeline_error', 'event.original': 'garbage', 'error.message': 'the line is not JSON' })
  expect(events[2]).toMatchObject({ 'event.original': nested, 'error.message': 'the field "user" is not flat' })
  expect(counts).toEqual([
    { source: 'portal', agency: 'stttt', minute: '2026-11-22T03:00:00.000Z', stored: 6, evaluated: 2, rejected: { 'bad-event': 4 } },
  ])
})

it('keeps bytes that are no UTF-8 as base64', async () => {
  const { header } = batchOf('c1', 0, [{ line: 'x' }])
  const { bytes } = await detector.evaluate(header, new Uint8Array([0x7b, 0xff, 0xfe, 0x0a]))
  expect(Buffer.from(linesOf(bytes)[0]![fields.rawBytes] as string, 'base64')).toEqual(Buffer.from([0x7b, 0xff, 0xfe]))
})

it('counts a bad line for the source whose frame is missing', async () => {
  const { header, bytes } = batchOf('c1', 0, [{ source: 'a' }, { source: 'b', line: '?' }, { source: 'b' }, { source: 'a', line: '??' }])
  const { counts } = await detector.evaluate(header, bytes)
  expect(counts.map(({ source, stored, evaluated, rejected }) => [source, stored, evaluated, rejected['bad-event']])).toEqual([
    ['a', 2, 1, 1],
    ['b', 2, 1, 1],
  ])
})

it('refuses ids of another collector, outside the batch, or repeated, and keeps their lines', async () => {
  const id = (text: string) => ({ event: { [fields.id]: text } })
  const frames = [{}, id('0mhz00000-c2-0000000001'), id('0mhz00000-c1-0000000000'), id('0mhz00000-c1-0000000zzz'), id('x'), {}]
  const { header, bytes } = batchOf('c1', 0, frames)
  const { bytes: stored, counts } = await detector.evaluate(header, bytes)
  expect(new Set(linesOf(stored).map((event) => event[fields.id])).size).toBe(6)
  expect(counts[0]).toMatchObject({ stored: 6, evaluated: 2, rejected: { 'bad-event': 4 } })
})

it('does not evaluate what the collector could not parse, and counts it under its reason', async () => {
  const unparsed = { event: { ...attack('203.0.113.7').event, 'event.kind': 'pipeline_error', 'error.code': 'unparsed' } }
  const { header, bytes } = batchOf('c1', 0, [unparsed])
  const { groups, counts } = await detector.evaluate(header, bytes)
  expect(groups).toEqual([])
  expect(counts[0]).toMatchObject({ stored: 1, evaluated: 0, rejected: { unparsed: 1 } })
})

it('takes nothing of a batch whose lines are not as many as announced', async () => {
  const { header, bytes } = batchOf('c1', 0, [{}, {}])
  await expect(detector.evaluate({ ...header, count: 3 }, bytes)).rejects.toThrow('announces 3 lines, the body has 2')
})

it('is ready for the log sources of the configured sources before their first event', () => {
  const matcher = createMatcher([])
  const rules = rulesFrom(traversal).detections.map(({ compiled }) => compiled)
  useRules(matcher, rules, [{ category: 'webserver' }, { product: 'linux' }])
  expect(matcher.statistics().routes).toMatchObject([
    { logSource: { category: 'webserver' }, rules: 1, events: 0 },
    { logSource: { product: 'other' }, events: 0 },
  ])
})
