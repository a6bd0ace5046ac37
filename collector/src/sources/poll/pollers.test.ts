import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sourceSchema, type SourceConfig } from '@vonggac/contract'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Journaled } from '../testing/journaled.ts'
import { Pollers } from './pollers.ts'

/** A server with a list of items, which behaves as it is told. */
class ListServer {
  readonly #server: Server
  readonly items: { id: number; message: string }[] = []
  readonly asked: { path: string; authorization: string | undefined; at: number }[] = []
  /** Answers the next requests instead of the list. */
  readonly troubles: ((request: IncomingMessage, response: ServerResponse) => void)[] = []
  pageSize = 10
  style: 'field' | 'token' | 'link' | 'header' = 'field'

  constructor() {
    this.#server = createServer((request, response) => {
      this.asked.push({ path: request.url!, authorization: request.headers.authorization, at: Date.now() })
      const trouble = this.troubles.shift()
      if (trouble) return trouble(request, response)
      this.#answer(new URL(request.url!, this.url), response)
    })
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  add(count: number): void {
    for (let n = 0; n < count; n++) this.items.push({ id: this.items.length + 1, message: `mục ${this.items.length + 1}` })
  }

  #answer(url: URL, response: ServerResponse): void {
    const after = Number(url.searchParams.get('after') ?? 0)
    const items = this.items.filter(({ id }) => id > after).slice(0, this.pageSize)
    const more = items.length === this.pageSize
    const next = `/list?after=${items.at(-1)?.id}`
    if (this.style === 'header' && more) response.setHeader('link', `<${this.url}/list>; rel="first", <${this.url}${next}>; rel="next"`)
    const paging =
      this.style === 'token'
        ? { next: more ? String(items.at(-1)!.id) : null }
        : this.style === 'link'
          ? { links: { next: more ? next : '' } }
          : {}
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data: { items }, ...paging }))
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

let folder: string
let server: ListServer
let journaled: Journaled | undefined
let pollers: Pollers

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vonggac-poll-'))
  server = new ListServer()
  await server.listen()
})
afterEach(async () => {
  await stop()
  await server.stop()
  await rm(folder, { recursive: true })
})

const sourceOf = (options: object): SourceConfig =>
  sourceSchema.parse({
    id: 'api',
    name: { vi: 'Nguồn', en: 'Source' },
    agency: 'attt',
    transport: 'poll',
    parsers: ['json'],
    url: `${server.url}/list`,
    items: 'data.items',
    itemId: 'id',
    everySeconds: 1,
    mostRequestsPerMinute: 6_000,
    ...options,
  })

async function start(options: object): Promise<void> {
  const source = sourceOf(options)
  journaled = await Journaled.open(folder, [source])
  const { intake, guard } = journaled
  const parts = { collector: 'c1', folder: join(folder, 'poll'), secrets: join(folder, 'secrets'), log: pino({ level: 'silent' }) }
  pollers = new Pollers({ ...parts, sources: [source], intake, guard })
  await pollers.start()
}

async function stop(): Promise<void> {
  if (!journaled) return
  await pollers.stop()
  await journaled.close()
  journaled = undefined
}

const messages = () => journaled!.frames().map(({ bytes }) => (JSON.parse(bytes.toString()) as { message: string }).message)
const expected = (count: number) => Array.from({ length: count }, (_, n) => `mục ${n + 1}`)
const received = async (count: number) => {
  await expect.poll(messages).toEqual(expected(count))
}
const byField = { kind: 'field', path: 'id', parameter: 'after', initial: '0' }

it.each([
  ['field', byField],
  ['token', { kind: 'token', path: 'next', parameter: 'after' }],
  ['link', { kind: 'link', path: 'links.next' }],
  ['header', { kind: 'link' }],
] as const)('reads page after page by a %s, goes on where it was, and takes nothing twice', async (style, cursor) => {
  server.style = style
  server.add(35)
  await start({ cursor })
  await received(35)
  server.add(12)
  await received(47)
  await stop()
  await start({ cursor })
  server.add(3)
  await received(50)
  expect(server.asked[0]!.path).toBe(style === 'field' ? '/list?after=0' : '/list')
  await expect.poll(() => journaled!.counters.sources(() => 'attt')).toMatchObject([{ source: 'api', received: 3, connections: 1 }])
})

it('takes a whole list again and again without a cursor, and each item once', async () => {
  server.pageSize = 100
  server.add(20)
  await start({ itemId: undefined })
  await received(20)
  server.add(5)
  await received(25)
})

it('outlives errors and cut answers, and says what is wrong meanwhile', async () => {
  const say = (status: number, body: string) => (_: IncomingMessage, response: ServerResponse) => void response.writeHead(status).end(body)
  server.troubles.push(
    say(500, 'no'),
    (_, response) => void response.writeHead(200, { 'content-length': '100' }).write('{"data"', () => response.destroy()),
  )
  server.add(15)
  await start({ cursor: byField })
  await expect.poll(() => pollers.trouble).toEqual([{ source: 'api', message: `${server.url}/list: it answers 500 Internal Server Error` }])
  await received(15)
  await expect.poll(() => pollers.trouble).toEqual([])
  expect(server.asked.length).toBeGreaterThanOrEqual(4)
})

it('stays away for as long as it is asked to', async () => {
  server.troubles.push((_, response) => void response.writeHead(429, { 'retry-after': '2' }).end())
  server.add(5)
  await start({ cursor: byField })
  await received(5)
  expect(server.asked[1]!.at - server.asked[0]!.at).toBeGreaterThanOrEqual(1_900)
})

it('sends its secret, and follows no link with it to another server', async () => {
  const stranger = new ListServer()
  await stranger.listen()
  server.add(10)
  server.troubles.push(
    (_, response) => void response.writeHead(200).end(JSON.stringify({ data: { items: [] }, links: { next: `${stranger.url}/list` } })),
  )
  server.style = 'link'
  await start({ cursor: { kind: 'link', path: 'links.next' }, secret: {} })
  await expect.poll(() => pollers.trouble[0]?.message).toContain('its secret cannot be read')
  await mkdir(join(folder, 'secrets'), { recursive: true })
  await writeFile(join(folder, 'secrets', 'poll-api.secret'), 'bi-mat\n')
  await expect.poll(() => pollers.trouble[0]?.message).toContain('which is not at')
  await received(10)
  expect(server.asked[0]!.authorization).toBe('Bearer bi-mat')
  expect(stranger.asked).toEqual([])
  await stranger.stop()
})

it('leaves the sources of other collectors alone', async () => {
  server.add(1)
  await start({ collector: 'c2' })
  await sleep(100)
  expect(server.asked).toEqual([])
})
