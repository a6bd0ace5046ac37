import { afterEach, expect, it } from 'vitest'
import { HttpCollector } from '../support/http-sources.ts'

/** JSON that is nested until the stack of whoever writes it again is full: a collector keeps it, and goes on with what comes behind it. */
const levels = 120_000
const nested = `${'['.repeat(levels)}${']'.repeat(levels)}`
let collector: HttpCollector

afterEach(() => collector.stop())

const post = (path: string, body: string, type: string) =>
  fetch(`${collector.url}${path}`, { method: 'POST', body, headers: { authorization: `Bearer ${collector.token}`, 'content-type': type } })
const found = () => collector.events.map((event) => [event['message'], event['error.code']])

it('of NDJSON becomes an event that nobody could read', async () => {
  collector = await HttpCollector.start()
  const answer = await post('/v1/events', `{"message":"một"}\n{"message":"hai","a":${nested}}\n{"message":"ba"}\n`, 'application/x-ndjson')
  expect(answer.status).toBe(202)
  await expect.poll(() => collector.events.length).toBe(3)
  expect(collector.events.map((event) => event['error.code'])).toEqual([undefined, 'unparsed', undefined])
  expect(String(collector.events[1]!['event.original'])).toContain(nested)
})

it('of a Beat is taken although it has no name', async () => {
  collector = await HttpCollector.start()
  const document = `{"message":"một","log":{"offset":7},"a":${nested}}`
  const answer = await post(
    '/_bulk',
    `{"create":{"_index":"a"}}\n${document}\n{"create":{"_index":"a"}}\n{"message":"hai"}\n`,
    'application/x-ndjson',
  )
  expect(await answer.json()).toMatchObject({ errors: false })
  await expect.poll(found).toEqual([
    [expect.anything(), 'unparsed'],
    ['hai', undefined],
  ])
})

it('of OTLP is refused for good, and kept', async () => {
  collector = await HttpCollector.start({ parsers: ['otlp'] })
  const logs = (body: string) => `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":${body}}]}]}]}`
  expect((await post('/v1/logs', logs(nested), 'application/json')).status).toBe(400)
  expect((await post('/v1/logs', logs('{"stringValue":"hai"}'), 'application/json')).status).toBe(200)
  await expect.poll(() => collector.events.map((event) => event['error.code'])).toEqual(['bad-json', undefined])
})
