import type { FlatEvent } from '@vonggac/contract'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { analyst, elsewhere, exchange, openTestHunting, type TestHunting } from '../testing.ts'
import { fieldsOf } from './field-list.ts'
import { withPatience } from './patience.ts'

let soc: TestHunting
beforeAll(async () => {
  soc = await openTestHunting()
  await soc.receive([
    { event: { 'source.ip': '203.0.113.7', 'http.response.status_code': 500 } },
    { event: { 'source.ip': '203.0.113.7', 'http.response.status_code': 404 } },
    { agency: 'yte', event: { 'source.ip': '203.0.113.8', 'http.response.status_code': 200 } },
  ])
})
afterAll(() => soc.close())

const period = { from: '2026-11-22T02:58:00.000Z', to: '2026-11-22T03:02:00.000Z' }
const base = { ...period, query: '', clock: 'received' } as const
const call = { params: undefined, query: undefined }
const search = (more: object = {}, scope = analyst, given = exchange) =>
  soc.handlers.searchEvents({ ...call, body: { ...base, order: 'newest', limit: 100, ...more } }, scope, given)

it('finds events by KQL within the scope, page by page, and explains what it read', async () => {
  const first = await search({ query: 'http.response.status_code >= 400', limit: 1 })
  expect(first.items).toMatchObject([{ 'http.response.status_code': 404 }])
  expect(first.explanation).toMatchObject({ all: { events: 3 } })
  const second = await search({ query: 'http.response.status_code >= 400', limit: 1, after: first.next })
  expect(second).toMatchObject({ items: [{ 'http.response.status_code': 500 }], next: null })
  expect((await search({}, elsewhere)).items).toMatchObject([{ 'organization.id': 'yte' }])
})

it('tells where a query is no KQL', async () => {
  await expect(search({ query: 'source.ip: (1.2.3.4 or' })).rejects.toMatchObject({
    code: 'invalid-request',
    places: [{ path: 'query', message: expect.stringMatching(/^Character \d+/) as string }],
  })
})

it('refuses periods that end before they begin, or never', async () => {
  await expect(search({ to: period.from })).rejects.toMatchObject({ code: 'invalid-request' })
  await expect(search({ from: '2020-01-01T00:00:00.000Z' })).rejects.toMatchObject({ code: 'invalid-request' })
})

it('counts over time, empty buckets included', async () => {
  const { total, bucketSeconds, items } = await soc.handlers.countEvents(
    { ...call, body: { ...base, buckets: 4, split: 'organization.id' } },
    analyst,
    exchange,
  )
  expect([total, bucketSeconds, items.length]).toEqual([3, 60, 4])
  expect(items[2]).toEqual({ at: '2026-11-22T03:00:00.000Z', count: 3, parts: { stttt: 2, yte: 1 } })
  expect(items[0]).toEqual({ at: '2026-11-22T02:58:00.000Z', count: 0 })
})

it('lists fields with their types and values, and measures one', async () => {
  const { sampled, items } = await soc.handlers.listFields({ ...call, body: base }, analyst, exchange)
  expect(sampled).toBe(3)
  expect(items.find(({ name }) => name === 'source.ip')).toEqual({
    name: 'source.ip',
    type: 'address',
    events: 3,
    values: [
      { value: '203.0.113.7', count: 2 },
      { value: '203.0.113.8', count: 1 },
    ],
  })
  const asked = { ...base, field: 'http.response.status_code', first: 'rarest', size: 2 } as const
  const values = await soc.handlers.fieldValues({ ...call, body: asked }, analyst, exchange)
  expect(values.items).toHaveLength(2)
  expect(values.measure).toMatchObject({ events: 3, distinct: 3, numbers: { minimum: 200, maximum: 500 } })
})

it('knows the types of fields, and bounds what a list shows', () => {
  const event: FlatEvent = {
    text: 'a',
    number: 1,
    boolean: true,
    address: ['2001:db8::1', '192.0.2.1'],
    time: '2026-01-01T00:00:00Z',
    long: 'x'.repeat(5_000),
    mixed: ['1', 1],
    nothing: null,
  }
  expect(fieldsOf([event]).map(({ name, type, values }) => [name, type, values.length])).toEqual([
    ['address', 'address', 2],
    ['boolean', 'boolean', 1],
    ['long', 'text', 0],
    ['mixed', 'text', 2],
    ['number', 'number', 1],
    ['text', 'text', 1],
    ['time', 'time', 1],
  ])
})

it('ends a search when the caller goes away, and when it takes too long', async () => {
  const gone = new AbortController()
  let ended: unknown
  const forever = (signal: AbortSignal) =>
    new Promise<never>(() => {
      signal.addEventListener('abort', () => (ended = signal.reason))
    })
  const left = withPatience(gone.signal, forever)
  gone.abort()
  await expect(left).rejects.toMatchObject({ code: 'busy' })
  expect(ended).toMatchObject({ code: 'busy' })
  const slow = withPatience(new AbortController().signal, forever, 5)
  await expect(slow).rejects.toMatchObject({ code: 'too-slow' })
  expect(ended).toMatchObject({ code: 'too-slow' })
  expect(await withPatience(new AbortController().signal, async () => 1, 5)).toBe(1)
})
