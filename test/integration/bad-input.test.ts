import { createSocket } from 'node:dgram'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { fields, linkPaths, batchHeaderName, rejectedTotal, type FlatEvent } from '@vonggac/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Platform } from '../support/platform.ts'
import { countsOf, settled } from '../support/wait.ts'

const typo = `title: A Rule With a Typo
id: 5f0a3a0e-94f0-4f0c-8d0f-0d7a5b0a3c11
status: test
description: The modifier is misspelt.
logsource: { category: webserver }
detection:
  selection:
    cs-uri-query|contians: union
  condition: selection
level: low
`

let platform: Platform
beforeAll(async () => {
  platform = await Platform.start({
    prepare: (folder) => {
      mkdirSync(join(folder, 'packs/own'), { recursive: true })
      writeFileSync(join(folder, 'packs/own/pack.yml'), 'id: own\ntitle: { vi: Của ta, en: Our own }\npipelines: [ecs-web]\n')
      writeFileSync(join(folder, 'packs/own/typo.yml'), typo)
      return { analyzer: { packs: [join(folder, 'packs')] } }
    },
  })
  await platform.signIn()
})
afterAll(() => platform.dispose())

const good = (i: number) =>
  `<190>1 ${new Date().toISOString()} web-01 nginx 812 - - 192.0.2.${i} - - [22/Nov/2026:17:00:00 +0700] "GET / HTTP/1.1" 200 69 "-" "Mozilla/5.0"\n`

async function send(...chunks: (string | Buffer)[]): Promise<void> {
  const socket = connect(platform.ports.syslog, '127.0.0.1')
  for (const chunk of chunks) socket.write(chunk)
  await new Promise<void>((resolve) => socket.end(resolve))
}

async function rejected(source: string): Promise<FlatEvent[]> {
  const { items } = await platform.client.call('listRejected', { params: { id: source }, query: { limit: 200 } })
  return items as FlatEvent[]
}

async function post(body: string, token: string): Promise<Response> {
  return fetch(`http://127.0.0.1:${platform.ports.http}/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' },
    body,
  })
}
const token = () => readFileSync(join(platform.dataFolder, 'secrets/source-kho-api.token'), 'utf8').trim()

describe('bad input is answered, counted and kept, and costs nothing else', () => {
  it('garbage bytes on the syslog port', async () => {
    const garbage = Buffer.from([0xff, 0xfe, 0x00, 0x80, 0xc3, 0x28, 0x41])
    await send(good(1), Buffer.concat([garbage, Buffer.from('\n')]), good(2))
    await settled(platform, 3)
    expect(await countsOf(platform, 'congdan-nginx')).toMatchObject({ evaluated: 2 })
    const [kept] = await rejected('unknown')
    expect(kept![fields.rejectReason]).toBe('unknown-source')
    expect(Buffer.from(String(kept![fields.rawBytes]), 'base64').equals(garbage)).toBe(true)
  })

  it('a line longer than the limit is cut, and the next one is whole', async () => {
    const before = await countsOf(platform, 'congdan-nginx')
    await send(`${good(3).trimEnd()}${'x'.repeat(200_000)}\n`, good(4))
    await expect.poll(async () => (await countsOf(platform, 'congdan-nginx')).evaluated).toBe(before.evaluated + 1)
    const oversize = (await rejected('congdan-nginx')).find((event) => event[fields.rejectReason] === 'oversize')
    expect(String(oversize?.[fields.original])).toHaveLength(65_536)
  })

  it('a broken line in a batch is named; the others are taken', async () => {
    const response = await post('{"message":"một"}\n{"message":\n["hai"]\n{"message":"ba"}\n', token())
    expect(response.status).toBe(202)
    expect(await response.json()).toMatchObject({
      accepted: 2,
      rejected: [
        { line: 2, reason: 'bad-json' },
        { line: 3, reason: 'bad-json' },
      ],
    })
    await settled(platform, 4, 'kho-api')
    expect(await countsOf(platform, 'kho-api')).toMatchObject({ received: 4, evaluated: 2, rejected: { 'bad-json': 2 } })
    expect((await rejected('kho-api')).map((event) => event[fields.original]).toSorted()).toEqual(['["hai"]', '{"message":'])
  })

  it('an unknown token is refused with a reason, and what it sent is kept for the operator', async () => {
    const response = await post('{"message":"ai đó"}\n', 'not-a-token')
    expect(response.status).toBe(401)
    expect(response.headers.get('content-type')).toContain('application/problem+json')
    expect(await response.json()).toMatchObject({ code: 'unknown-token' })
    await expect.poll(async () => (await rejected('unknown')).map((event) => event[fields.rejectReason])).toContain('unknown-token')
  })

  it('a frame of nobody we know is kept', async () => {
    const socket = createSocket('udp4')
    socket.send('<13>Nov 22 10:00:00 somewhere cron[1]: hello', platform.ports.syslog, '127.0.0.1')
    await expect.poll(async () => (await rejected('unknown')).map((event) => event[fields.original]).join()).toContain('hello')
    socket.close()
  })

  it('a batch that is not one is refused at the link, and nothing is stored of it', async () => {
    const before = await settled(platform, 11)
    const url = `http://127.0.0.1:${platform.ports.link}${linkPaths.batches}`
    const stranger = await fetch(url, { method: 'POST', body: '{}\n', headers: { 'content-type': 'application/x-ndjson' } })
    expect(stranger.status).toBe(401)
    const secret = readFileSync(join(platform.dataFolder, 'secrets/link.secret'), 'utf8').trim()
    const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/x-ndjson', [batchHeaderName]: '{"collector":"c1"' }
    const broken = await fetch(url, { method: 'POST', body: '{}\n', headers })
    expect(broken.status).toBe(422)
    expect(await broken.json()).toMatchObject({ code: 'invalid-batch' })
    expect(await countsOf(platform)).toEqual(before)
  })

  it('a rule with a typo is shown as refused, with its line and the word that was meant; the others work', async () => {
    const { items } = await platform.client.call('listRules')
    const rule = items.find(({ file, pack }) => pack === 'own' && file.endsWith('typo.yml'))
    expect(rule).toMatchObject({ state: 'refused' })
    expect(rule!.diagnostics[0]).toMatchObject({ severity: 'error', line: 8, message: expect.stringContaining('contians') as string })
    expect(rule!.diagnostics[0]!.suggestion).toContain('contains')
    expect(items.filter(({ state }) => state === 'active').length).toBeGreaterThan(10)
  })

  it('and the ledger adds up at the end', async () => {
    const counts = await settled(platform, 11)
    expect(counts.received).toBe(counts.evaluated + rejectedTotal(counts))
  })
})
