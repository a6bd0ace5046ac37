import { ledgerGaps } from '@vonggac/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { replay } from '../../deploy/standalone/src/replay.ts'
import { sharedElasticsearch } from '../support/elasticsearch.ts'
import { FaultyProxy } from '../support/faulty-proxy.ts'
import { Platform } from '../support/platform.ts'
import { expectPromisedAlerts, recordedAttack } from '../support/recorded-attack.ts'
import { awayFromTheHour, settled } from '../support/wait.ts'

const url = sharedElasticsearch()
const half = Math.floor(recordedAttack.length / 2)

describe.skipIf(url === undefined)('the whole platform on Elasticsearch', () => {
  const prefix = `platform-${process.pid}`
  let proxy: FaultyProxy
  let platform: Platform

  const send = (part: typeof recordedAttack) => {
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
    await awayFromTheHour(90)
    await send(recordedAttack.slice(0, half))
    await settled(platform, half)
    proxy.inflict(() => ({ kind: 'cut' }))
    await send(recordedAttack.slice(half))
    await expect.poll(async () => (await fetch(`${platform.url}/healthz`)).status).not.toBe(200)
    proxy.heal()
    const counts = await settled(platform, recordedAttack.length)
    expect(counts).toMatchObject({
      received: recordedAttack.length,
      journaled: recordedAttack.length,
      stored: recordedAttack.length,
      rejected: {},
    })
    expect(ledgerGaps(counts)).toEqual({ notJournaled: 0, notForwarded: 0, notStored: 0, notEvaluated: 0 })
    const stored = async () => ((await (await fetch(`${url}/${prefix}-events-*/_count`)).json()) as { count: number }).count
    await expect.poll(stored).toBe(recordedAttack.length)
  })

  it('raises the alerts that the pack promises, and no others', async () => {
    await expectPromisedAlerts(platform)
  })

  it('shows the state of its stores, and that the audit chain is intact', async () => {
    const storage = await platform.client.call('readStorage')
    expect(storage).toMatchObject({
      engine: 'elasticsearch',
      state: 'ready',
      events: recordedAttack.length,
      able: { backup: false, check: false },
    })
    expect(storage.documents).toMatchObject({ engine: 'elasticsearch', state: 'ready' })
    const { items } = await platform.client.call('verifyAudit')
    expect(items.every(({ intact }) => intact)).toBe(true)
  })
})
