/** Patterns of fields, held to the reference evaluator on each event's own names. */
import type { FlatEvent } from '@vonggac/contract'
import { evaluate, parseKql } from '@vonggac/sigma'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { analyst, elsewhere, exchange, openTestHunting, type TestHunting } from '../testing.ts'

const fieldNames = [
  'source.ip',
  'destination.ip',
  'source.port',
  'related.ip',
  'custom.ip',
  'custom.other.ip',
  'người.ip',
  'odd name',
  'tags',
]
const values = ['10.1.2.3', '10.9.9.9', '203.0.113.7', 'web', 443, 8443, true]
const value = fc.oneof(fc.constantFrom(...values), fc.array(fc.constantFrom('10.1.2.3', 'web', 'WEB-1'), { maxLength: 2 }))
const events = fc.sample(fc.dictionary(fc.constantFrom(...fieldNames), value, { minKeys: 1, maxKeys: 4 }), { numRuns: 60, seed: 7 })
const patterns = ['*.ip', 's*', '*ip', 'custom.*', '*.other.*', '*port', 'nowhere.*', 'người.*', '*ource.*']
const asked = ['10.1.2.3', '10.0.0.0/8', 'web', 'w*', '*', '(web or 443)', '(* and not web)']
const condition = fc
  .tuple(
    fc.constantFrom(...patterns),
    fc.oneof(
      fc.constantFrom(...asked).map((text) => `: ${text}`),
      fc.constantFrom(' > 443', ' <= 443'),
    ),
  )
  .map(([pattern, test]) => pattern + test)
const queries = fc.oneof(
  condition,
  condition.map((one) => `not ${one}`),
  fc.tuple(condition, condition).map(([one, other]) => `${one} and not ${other}`),
)

let soc: TestHunting
let stored: readonly FlatEvent[]
beforeAll(async () => {
  soc = await openTestHunting()
  await soc.receive(events.map((event) => ({ event: event as FlatEvent })))
  await soc.receive([{ agency: 'yte', event: { 'yte.secret.ip': '10.1.2.3' } }])
  stored = (await search('')).items
})
afterAll(() => soc.close())

const period = { from: '2026-11-22T02:58:00.000Z', to: '2026-11-22T03:02:00.000Z' }
const search = (query: string, scope = analyst) =>
  soc.handlers.searchEvents(
    { params: undefined, query: undefined, body: { ...period, query, clock: 'received', order: 'oldest', limit: 500 } },
    scope,
    exchange,
  )

/** What the query says of the event, whose own fields are all that its patterns can mean. */
function isMeant(query: string, event: FlatEvent): boolean {
  const { expression } = parseKql(query, { fields: Object.keys(event).map((name) => ({ name })) })
  return expression !== undefined && evaluate(expression, event)
}

it('finds what the reference evaluator finds in the fields of each event', async () => {
  expect(stored.length).toBe(61)
  await fc.assert(
    fc.asyncProperty(queries, async (query) => {
      const { items } = await search(query)
      const wanted = stored.filter((event) => isMeant(query, event)).map((event) => event['event.id'])
      expect({ query, found: items.map((event) => event['event.id']) }).toEqual({ query, found: wanted })
    }),
    { numRuns: 60 },
  )
})

it('tells which fields a pattern stood for, of the agency alone', async () => {
  const { explanation } = await search('*.ip: 10.1.2.3 and nowhere.*: x')
  const [ip, nowhere] = explanation.patterns
  expect(ip).toMatchObject({
    pattern: '*.ip',
    fields: expect.arrayContaining(['source.ip', 'custom.other.ip', 'yte.secret.ip']) as string[],
  })
  expect(ip!.count).toBe(ip!.fields.length)
  expect(nowhere).toEqual({ pattern: 'nowhere.*', fields: [], count: 0 })
  expect((await search('source.ip: 10.1.2.3')).explanation.patterns).toEqual([])
  const [own] = (await search('*.secret.ip: *', { ...elsewhere, agency: 'congdan' })).explanation.patterns
  expect(own!.fields).toEqual([])
})

it('refuses a query whose patterns make too many comparisons', async () => {
  const many = Array.from({ length: 200 }, (_, n) => `*e*: ${n}`).join(' or ')
  await expect(search(many)).rejects.toMatchObject({
    code: 'invalid-request',
    places: [{ path: 'query', message: expect.stringContaining('more than 5000 comparisons') as string }],
  })
})
