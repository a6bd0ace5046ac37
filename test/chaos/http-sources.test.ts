import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { tokenPath } from '@vonggac/collector'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { KilledCollector } from '../support/killed-collector.ts'

/**
 * The collector is killed under load, again and again, while senders send again what was not answered: bulk requests with ids, journals with cursors,
 * a list that is polled. Nothing that was answered is lost, and nothing is taken twice.
 */
const rounds = 12
let collector: KilledCollector
let polled = 0
let over = false
const list = createServer((request, response) => {
  const after = Number(new URL(request.url!, 'http://list').searchParams.get('after') ?? 0)
  const items = Array.from({ length: Math.max(0, Math.min(20, polled - after)) }, (_, n) => ({
    id: after + n + 1,
    n: `poll ${after + n + 1}`,
  }))
  response.end(JSON.stringify(items))
})

beforeEach(async () => {
  await new Promise<void>((resolve) => list.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(list.address() as AddressInfo).port}/`
  const cursor = { kind: 'field', path: 'id', parameter: 'after' }
  collector = await KilledCollector.make({}, [
    { id: 'app', transport: 'http', parsers: ['json'] },
    { id: 'may-chu', transport: 'journald', parsers: ['journald'] },
    { id: 'api', transport: 'poll', parsers: ['json'], url, itemId: 'id', everySeconds: 1, mostRequestsPerMinute: 6_000, cursor },
  ])
})
afterEach(async () => {
  over = true
  await collector.remove()
  list.closeAllConnections()
  list.close()
})

it('loses nothing that it has answered for, and doubles nothing that is sent again, over kill -9', async () => {
  const answered = new Set<string>()
  let { port } = (await collector.start()).http
  const tokenOf = async (source: string) => (await readFile(tokenPath(collector.folder, source), 'utf8')).trim()
  const tokens = { app: await tokenOf('app'), 'may-chu': await tokenOf('may-chu') }

  /** Sends what `make` gives until it is answered, then the next. */
  async function send(
    source: 'app' | 'may-chu',
    path: string,
    type: string,
    make: (first: number) => { names: string[]; body: string },
  ): Promise<void> {
    for (let first = 0; !over; first += 50) {
      const { names, body } = make(first)
      const headers = { authorization: `Bearer ${tokens[source]}`, 'content-type': type }
      for (;;) {
        const status = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', body, headers }).then(
          async (answer) => (await answer.text(), answer.status),
          () => 0,
        )
        if (status >= 200 && status < 300) break
        if (over) return
        await sleep(20)
      }
      for (const name of names) answered.add(name)
    }
  }
  const numbered = (kind: string, first: number) => Array.from({ length: 50 }, (_, n) => `${kind} ${first + n}`)
  const bulk = (sender: number) => (first: number) => {
    const names = numbered(`bulk ${sender}`, first)
    return { names, body: names.map((name) => `{"create":{"_index":"i","_id":"${name}"}}\n{"n":"${name}"}\n`).join('') }
  }
  const journal = (first: number) => {
    const names = numbered('journal', first)
    return { names, body: names.map((name) => `__CURSOR=${name}\nMESSAGE=m\nN=${name}\n\n`).join('') }
  }
  const senders = [
    send('app', '/_bulk', 'application/x-ndjson', bulk(1)),
    send('app', '/_bulk', 'application/x-ndjson', bulk(2)),
    send('may-chu', '/upload', 'application/vnd.fdo.journal', journal),
  ]
  for (let round = 0; round < rounds; round++) {
    polled += 50
    await sleep(300 + 37 * round)
    await collector.kill()
    port = (await collector.start()).http.port
  }
  over = true
  await Promise.all(senders)
  for (let n = 1; n <= polled; n++) answered.add(`poll ${n}`)
  expect(answered.size).toBeGreaterThan(rounds * 200)
  const stored = () => [...collector.analyzer.events.values()].map((event) => String(event['json.n'] ?? event['journald.n']))
  await expect.poll(() => stored().filter((name) => answered.has(name)).length).toBeGreaterThanOrEqual(answered.size)
  const names = stored()
  expect([...answered].filter((name) => !names.includes(name))).toEqual([])
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
})
