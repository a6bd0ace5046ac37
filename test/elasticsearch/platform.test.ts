import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ledgerGaps } from '@vonggac/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { parseRecording, replay } from '../../deploy/standalone/src/replay.ts'
import { sharedElasticsearch } from '../support/elasticsearch.ts'
import { FaultyProxy } from '../support/faulty-proxy.ts'
import { Platform } from '../support/platform.ts'
import { settled } from '../support/wait.ts'

const url = sharedElasticsearch()
const samples = join(import.meta.dirname, '../../rules/packs/citizen-portal/samples')
const lines = parseRecording(readFileSync(join(samples, 'portal-attack.ndjson'), 'utf8'))
const expected = parse(readFileSync(join(samples, 'portal-attack.expected.yml'), 'utf8')) as { rule: string; group: object; hits: number }[]
const half = Math.floor(lines.length / 2)

describe.skipIf(url === undefined)('the whole platform on Elasticsearch', () => {
  const prefix = `platform-${process.pid}`
  let proxy: FaultyProxy
  let platform: Platform

  const send = (part: typeof lines) => {
    const { syslog } = platform.ports
    return replay(part, { host: '127.0.0.1', tcpPort: syslog, udpPort: syslog }, { speed: 30 })
  }

  beforeAll(async () => {
    proxy = await FaultyProxy.start(url!)
    const storage = { engine: 'elasticsearch', elasticsearch: { nodes: [proxy.url], replicas: 0, prefix } }
    platform = await Platform.start({ prepare: () => ({ analyzer: { storage } }) })
    await platform.signIn()
  })
  afterAll(async () => {
    await platform?.dispose()
    await proxy.close()
    for (const path of [`_data_stream/${prefix}-*`, `${prefix}-*`]) await fetch(`${url}/${path}`, { method: 'DELETE' })
  })

  it('takes what is sent while Elasticsearch is away, and counts it to the last line when it is back', async () => {
    await send(lines.slice(0, half))
    await settled(platform, half)
    proxy.inflict(() => ({ kind: 'cut' }))
    await send(lines.slice(half))
    await expect.poll(async () => (await fetch(`${platform.url}/healthz`)).status, { timeout: 60_000 }).not.toBe(200)
    proxy.heal()
    const counts = await settled(platform, lines.length)
    expect(counts).toMatchObject({ received: lines.length, journaled: lines.length, stored: lines.length, rejected: {} })
    expect(ledgerGaps(counts)).toEqual({ notJournaled: 0, notForwarded: 0, notStored: 0, notEvaluated: 0 })
    const stored = async () => ((await (await fetch(`${url}/${prefix}-events-*/_count`)).json()) as { count: number }).count
    await expect.poll(stored, { timeout: 15_000 }).toBe(lines.length)
  })

  it('raises the alerts that the pack promises, and no others', async () => {
    const raised = async () => {
      const { items } = await platform.client.call('listAlerts', { query: { limit: 500 } })
      return items.map(({ rule, group, hits }) => ({ rule: rule.title, group, hits: hits.count }))
    }
    const deadline = Date.now() + 60_000
    while ((await raised()).length < expected.length && Date.now() < deadline) await sleep(250)
    const order = (a: { rule: string; group: object }, b: { rule: string; group: object }) =>
      `${a.rule} ${JSON.stringify(a.group)}`.localeCompare(`${b.rule} ${JSON.stringify(b.group)}`)
    expect((await raised()).toSorted(order)).toEqual(expected.toSorted(order))
  })

  it('shows the state of its stores, and that the audit chain is intact', async () => {
    const storage = await platform.client.call('readStorage')
    expect(storage).toMatchObject({ engine: 'elasticsearch', state: 'ready', events: lines.length, able: { backup: false, check: false } })
    expect(storage.documents).toMatchObject({ engine: 'elasticsearch', state: 'ready' })
    const { items } = await platform.client.call('verifyAudit')
    expect(items.every(({ intact }) => intact)).toBe(true)
  })
})
