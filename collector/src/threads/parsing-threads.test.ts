import { Worker } from 'node:worker_threads'
import { configSchema, sourceSchema } from '@vonggac/contract'
import { afterEach, expect, it } from 'vitest'
import { recordBytes, writeRecord } from '../journal/format.ts'
import { productParsers } from '../start.ts'
import { ParsingThreads } from './parsing-threads.ts'

const web = sourceSchema.parse({
  id: 'web',
  name: { vi: 'a', en: 'a' },
  agency: 'attt',
  transport: 'http',
  parsers: ['ecs-json'],
})
const { enrichment } = configSchema.parse({}).collector
const setup = { collector: 'c1', operator: 'attt', sources: [web], parsersFolder: productParsers, assignment: undefined, enrichment }

function group(...lines: string[]) {
  const records = lines.map((line) => {
    const record = Buffer.alloc(recordBytes('web', '', line.length))
    writeRecord(record, 0, { source: 'web', peer: '', flags: 0, receivedMs: 1_000, bytes: Buffer.from(line) })
    return record
  })
  return { first: 7, count: lines.length, payload: Buffer.concat(records) }
}

let threads: ParsingThreads
afterEach(() => threads.close())

it('makes batches on several threads at once, each as asked for', async () => {
  threads = new ParsingThreads(setup, { count: 2 })
  const groups = [group('{"message":"a"}', '{"message":"b"}', '{"message":"c"}')]
  const [head, tail, none] = await Promise.all([
    threads.parse({ groups, from: 7, upTo: 8 }),
    threads.parse({ groups, from: 9 }),
    threads.parse({ groups, from: 10 }),
  ])
  expect([head, tail].map((batch) => [batch!.first, batch!.last, batch!.count])).toEqual([
    [7, 8, 2],
    [9, 9, 1],
  ])
  expect(JSON.parse(tail!.bytes.toString())).toMatchObject({ message: 'c', 'event.dataset': expect.any(String) as string })
  expect(none).toBeUndefined()
})

it('makes a batch in the memory of one that was released', async () => {
  threads = new ParsingThreads(setup, { count: 1 })
  const before = (await threads.parse({ groups: [group('{"message":"before"}')], from: 7 }))!
  before.release!()
  const after = (await threads.parse({ groups: [group('{"message":"after"}')], from: 7 }))!
  expect(before.bytes.subarray(0, after.bytes.length)).toEqual(after.bytes)
  expect(JSON.parse(after.bytes.toString())).toMatchObject({ message: 'after' })
})

it('parses by what is assigned from then on', async () => {
  threads = new ParsingThreads({ ...setup, sources: [] }, { count: 1 })
  const groups = [group('{"message":"a"}')]
  expect((await threads.parse({ groups, from: 7 }))!.tallies[0]!.rejected).toEqual({ 'unknown-source': 1 })
  threads.assign({ version: 'v1', sources: [web], paused: [], tokens: [], revoked: [], networks: [], parsers: [] })
  expect((await threads.parse({ groups, from: 7 }))!.tallies[0]!.rejected).toEqual({})
})

it('is started again when a thread dies, with what was assigned; what it was at fails', async () => {
  const deaths: string[] = []
  const start = (given: object) => new Worker(`setTimeout(() => process.exit(${deaths.length + 3}), 50)`, { eval: true, workerData: given })
  threads = new ParsingThreads(setup, { count: 1, start, onDeath: (cause) => deaths.push(cause.message) })
  await expect(threads.parse({ groups: [], from: 0 })).rejects.toThrow('a parsing thread ended with code 3')
  await expect(threads.parse({ groups: [], from: 0 })).rejects.toThrow('a parsing thread ended with code 4')
  expect(deaths).toHaveLength(2)
})
