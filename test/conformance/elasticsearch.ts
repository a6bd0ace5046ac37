/**
 * Holds Elasticsearch queries to the reference evaluator, on a real server with random events and expressions.
 *
 *     npm run conformance:elasticsearch -- http://127.0.0.1:9200 [--events N] [--expressions N] [--seed N]
 *
 * Uses an index of its own and deletes it. Events hold what the mapping promises: no nulls, strings in keyword fields, valid addresses in
 * ip fields. What a query that is not exact finds is verified first, as its users do. The exit code is 1 where anything differs.
 */
import { parseArgs } from 'node:util'
import { type ElasticsearchField, evaluate, type FlatEvent, type Scalar, toElasticsearch } from '@vonggac/sigma'
import * as fc from 'fast-check'
import { events as someEvents, expressions } from '../../rules/sigma/src/convert/testing/arbitrary.ts'

type Values = Scalar | readonly Scalar[]

/** A field of the random events, how it is mapped, and which of its values go there. */
interface Mapped extends ElasticsearchField {
  readonly mapping: string
  readonly takes: (value: Scalar) => boolean
}

const isText = (value: Scalar): boolean => typeof value === 'string'
const addresses = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$|^(?:fe80|2001:db8|::ffff:)[0-9a-f:.]*$/i
const mapped: ReadonlyMap<string, Mapped> = new Map<string, Mapped>([
  ['text', { name: 'text', type: 'keyword', mapping: 'keyword', takes: isText }],
  ['list', { name: 'list', type: 'keyword', mapping: 'keyword', takes: isText }],
  ['a.b', { name: 'a.b', type: 'keyword', mapping: 'keyword', takes: isText }],
  ['number', { name: 'number', type: 'number', mapping: 'double', takes: (value) => typeof value === 'number' && Math.abs(value) < 1e300 }],
  ['whole', { name: 'whole', type: 'number', mapping: 'long', takes: (value) => Number.isSafeInteger(value) }],
  ['flag', { name: 'flag', type: 'boolean', mapping: 'boolean', takes: (value) => typeof value === 'boolean' }],
  ['other', { name: 'address', type: 'ip', mapping: 'ip', takes: (value) => isText(value) && addresses.test(String(value)) }],
])
const texts = [...mapped.values()].filter(({ takes }) => takes('10.0.0.1'))

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      events: { type: 'string', default: '200' },
      expressions: { type: 'string', default: '1000' },
      seed: { type: 'string', default: '1' },
    },
  })
  const [server] = positionals
  if (server === undefined) {
    console.error('usage: npm run conformance:elasticsearch -- http://127.0.0.1:9200 [--events N] [--expressions N] [--seed N]')
    return 2
  }
  const seed = Number(values.seed)
  const events = fc.sample(someEvents, { numRuns: Number(values.events), seed }).map(asStored)
  const list = fc.sample(expressions, { numRuns: Number(values.expressions), seed: seed + 1 })
  const index = new Index(new URL(`sigma-conformance-${process.pid}/`, server.endsWith('/') ? server : `${server}/`))
  try {
    await index.create(events)
    let exact = 0
    let differences = 0
    for (const expression of list) {
      const condition = toElasticsearch(expression, { field: (name) => mapped.get(name), texts })
      if (condition.exact) exact++
      const found = await index.find(condition.query)
      const rows = condition.exact ? found : found.filter((n) => evaluate(expression, events[n]!))
      const wanted = [...events.keys()].filter((n) => evaluate(expression, events[n]!))
      if (rows.join() === wanted.join()) continue
      differences++
      console.error(`${JSON.stringify(expression)} finds ${rows.join()} instead of ${wanted.join()}`)
    }
    console.log(`${events.length * list.length} pairs of an expression and an event; ${exact} of ${list.length} queries exact`)
    console.log(`${differences} differences between the reference and Elasticsearch`)
    return differences === 0 ? 0 : 1
  } finally {
    await index.delete()
  }
}

/** The event with the values that its fields' mappings take. */
function asStored(event: FlatEvent): FlatEvent {
  const kept = Object.entries(event).flatMap(([name, value]): [string, Values][] => {
    const field = mapped.get(name)
    if (field === undefined) return []
    if (!Array.isArray(value)) return field.takes(value as Scalar) ? [[name, value]] : []
    return [[name, value.filter((member) => field.takes(member))]]
  })
  return Object.fromEntries(kept)
}

class Index {
  readonly #url: URL

  constructor(url: URL) {
    this.#url = url
  }

  async create(events: readonly FlatEvent[]): Promise<void> {
    const properties = Object.fromEntries([...mapped.values()].map(({ name, mapping }) => [name, { type: mapping }]))
    await this.#send('PUT', '', { settings: { number_of_replicas: 0 }, mappings: { properties } })
    const lines = events.flatMap((event, n) => {
      const document = Object.fromEntries(Object.entries(event).map(([name, value]) => [mapped.get(name)!.name, value]))
      return [JSON.stringify({ index: { _id: String(n) } }), JSON.stringify(document)]
    })
    const { errors, items } = await this.#send('POST', '_bulk?refresh=true', `${lines.join('\n')}\n`)
    if (errors) throw new Error(`some events were not stored: ${JSON.stringify(items).slice(0, 500)}`)
  }

  async find(query: unknown): Promise<number[]> {
    const { hits } = await this.#send('POST', '_search', { size: 10_000, _source: false, query })
    return (hits as { hits: { _id: string }[] }).hits.map(({ _id }) => Number(_id)).toSorted((a, b) => a - b)
  }

  async delete(): Promise<void> {
    await fetch(this.#url, { method: 'DELETE' })
  }

  async #send(method: string, path: string, body: unknown): Promise<Record<string, unknown>> {
    const response = await fetch(new URL(path, this.#url), {
      method,
      headers: { 'content-type': typeof body === 'string' ? 'application/x-ndjson' : 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
    const answer = (await response.json()) as Record<string, unknown>
    if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer['error'])}`)
    return answer
  }
}

process.exitCode = await main()
