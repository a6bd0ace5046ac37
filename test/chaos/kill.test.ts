import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ledgerGaps, type Alert } from '@vonggac/contract'
import { afterEach, describe, expect, it } from 'vitest'
import { Platform } from '../support/platform.ts'
import { countsOf, settled } from '../support/wait.ts'

let platform: Platform
afterEach(() => platform.dispose())

const lines = 3_000
const nothingMissing = { notJournaled: 0, notForwarded: 0, notStored: 0, notEvaluated: 0 }

/** One line of an attack; each comes from an address of its own, so that each must raise one alert with one hit. */
function attack(i: number): string {
  const address = `198.18.${Math.floor(i / 250)}.${(i % 250) + 1}`
  const message = `${address} - - [22/Nov/2026:17:00:00 +0700] "GET /tra-cuu?ma=1%27%20UNION%20SELECT%20${i} HTTP/1.1" 500 12 "-" "Mozilla/5.0"`
  return `<190>1 ${new Date().toISOString()} web-01 nginx 812 - - ${message}\n`
}

async function everyAlert(): Promise<Alert[]> {
  const alerts: Alert[] = []
  let after: string | undefined
  do {
    const page = await platform.client.call('listAlerts', { query: { limit: 500, after } as never })
    alerts.push(...page.items)
    after = page.next ?? undefined
  } while (after !== undefined)
  return alerts
}

async function storedEvents(): Promise<number> {
  const to = new Date(Date.now() + 3_600_000).toISOString()
  const from = new Date(Date.now() - 3_600_000).toISOString()
  const { items } = await platform.client.call('volume', { query: { from, to, buckets: 1 } })
  return items.reduce((sum, { events }) => sum + events, 0)
}

async function pidOf(name: 'collector' | 'analyzer'): Promise<number> {
  for (let i = 0; i < 100; i++) {
    const pid = platform.children()[name]
    if (pid) return pid
    await sleep(100)
  }
  throw new Error(`the ${name} was not restarted:\n${platform.text}`)
}

describe('kill -9 during a replay', () => {
  it('of the analyzer: every event is there once, every alert once', async () => {
    platform = await Platform.start()
    await platform.signIn()
    const socket = connect(platform.ports.syslog, '127.0.0.1')
    const killing = (async () => {
      for (let i = 0; i < 4; i++) {
        await sleep(700)
        process.kill(await pidOf('analyzer'), 'SIGKILL')
        await sleep(1_500)
      }
    })()
    for (let i = 0; i < lines; i++) {
      socket.write(attack(i))
      if (i % 10 === 9) await sleep(25)
    }
    await killing
    socket.end()

    const ledger = await settled(platform, lines, 'congdan-nginx')
    expect(ledger).toMatchObject({ received: lines, journaled: lines, stored: lines, evaluated: lines })
    expect(ledgerGaps(ledger)).toEqual(nothingMissing)
    expect(await storedEvents()).toBe(lines)
    const hits = new Map<string, number[]>()
    for (const {
      rule,
      group,
      hits: { count },
    } of await everyAlert()) {
      const address = group['source.ip']
      if (typeof address !== 'string' || !address.startsWith('198.18.')) continue
      const key = `${address} ${rule.id}`
      hits.set(key, [...(hits.get(key) ?? []), count])
    }
    for (const [key, counted] of hits) expect(counted, key).toEqual([1])
    expect(new Set([...hits.keys()].map((key) => key.split(' ')[0])).size).toBe(lines)
  })

  it('of the collector: what it acknowledged is there once, and nothing twice', async () => {
    platform = await Platform.start()
    await platform.signIn()
    const token = readFileSync(join(platform.dataFolder, 'secrets/source-kho-api.token'), 'utf8').trim()
    let acknowledged = 0
    let unsure = 0
    let sending = true
    const sender = (async () => {
      for (let batch = 0; sending; batch++) {
        const events = Array.from({ length: 20 }, (_, i) =>
          JSON.stringify({ '@timestamp': new Date().toISOString(), message: `bản ghi ${batch}-${i}` }),
        )
        try {
          const response = await fetch(`http://127.0.0.1:${platform.ports.http}/v1/events`, {
            method: 'POST',
            headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' },
            body: `${events.join('\n')}\n`,
          })
          if (response.status === 202) acknowledged += events.length
          else unsure += events.length
        } catch {
          unsure += events.length
          await sleep(100)
        }
      }
    })()
    for (let i = 0; i < 4; i++) {
      await sleep(1_500)
      process.kill(await pidOf('collector'), 'SIGKILL')
    }
    await sleep(1_500)
    while (acknowledged <= 1_000) await sleep(100)
    sending = false
    await sender

    const journaled = async () => (await settled(platform, acknowledged, 'kho-api')).journaled
    // What was journaled without an answer may still be on its way.
    await expect.poll(async () => (await journaled()) - (await storedEvents())).toBe(0)
    expect(await journaled()).toBeGreaterThanOrEqual(acknowledged)
    expect(await journaled()).toBeLessThanOrEqual(acknowledged + unsure)
  })

  it('of everything: a second start finds all data', async () => {
    platform = await Platform.start()
    await platform.signIn()
    const socket = connect(platform.ports.syslog, '127.0.0.1')
    for (let i = 0; i < 200; i++) socket.write(attack(i))
    const before = await settled(platform, 200, 'congdan-nginx')
    socket.destroy()
    const alerts = (await everyAlert()).map(({ id }) => id).toSorted()
    expect(alerts.length).toBeGreaterThanOrEqual(200)
    const { folder, ports } = platform
    for (const pid of Object.values(platform.children())) process.kill(pid!, 'SIGKILL')
    await platform.kill()

    platform = await Platform.start({ folder, ports })
    expect(platform.setupLink, 'the administrator is there already').toBeUndefined()
    await platform.signIn()
    expect(await countsOf(platform, 'congdan-nginx')).toEqual(before)
    expect(await storedEvents()).toBe(200)
    expect((await everyAlert()).map(({ id }) => id).toSorted()).toEqual(alerts)
  })
})
