import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { addCounts, emptyCounts, ledgerGaps, rejectedTotal, type Alert, type LedgerCounts } from '@vonggac/contract'
import { afterEach, describe, expect, it } from 'vitest'
import { Platform } from '../support/platform.ts'

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

async function counts(source: string): Promise<LedgerCounts> {
  const { items } = await platform.client.call('listSources')
  return items.find((item) => item.id === source)?.total ?? emptyCounts()
}

/** Waits until the ledger shows `evaluated + rejected` events of the source and has come to rest. */
async function settled(source: string, atLeast: number): Promise<LedgerCounts> {
  const deadline = Date.now() + 90_000
  let last = emptyCounts()
  while (Date.now() < deadline) {
    try {
      const now = await counts(source)
      const done = now.evaluated + rejectedTotal(now)
      if (done >= atLeast && done === now.journaled && now.stored === now.journaled && now.forwarded === now.journaled) return now
      last = now
    } catch {
      // The analyzer is being restarted.
    }
    await sleep(200)
  }
  throw new Error(`the ledger of ${source} did not come to rest: ${JSON.stringify(last)}\n${platform.text}`)
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

    const ledger = await settled('congdan-nginx', lines)
    expect(ledger).toMatchObject({ received: lines, journaled: lines, stored: lines, evaluated: lines })
    expect(ledgerGaps(ledger)).toEqual(nothingMissing)
    expect(await storedEvents()).toBe(lines)
    const bySource = Map.groupBy(
      (await everyAlert()).filter((alert) => alert.rule.tags.includes('attack.t1190') && alert.group['source.ip'] !== undefined),
      (alert) => `${alert.rule.id} ${alert.group['source.ip']}`,
    )
    for (const [key, alerts] of bySource)
      expect(
        alerts.map((alert) => alert.hits.count),
        key,
      ).toEqual([1])
    expect(new Set([...bySource.keys()].map((key) => key.split(' ')[1])).size).toBe(lines)
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
    sending = false
    await sender

    const ledger = await settled('kho-api', acknowledged)
    expect(ledger.journaled).toBeGreaterThanOrEqual(acknowledged)
    expect(ledger.journaled).toBeLessThanOrEqual(acknowledged + unsure)
    expect(await storedEvents()).toBe(ledger.journaled)
    expect(acknowledged).toBeGreaterThan(1_000)
  })

  it('of everything: a second start finds all data', async () => {
    platform = await Platform.start()
    await platform.signIn()
    const socket = connect(platform.ports.syslog, '127.0.0.1')
    for (let i = 0; i < 200; i++) socket.write(attack(i))
    const before = await settled('congdan-nginx', 200)
    socket.destroy()
    const alerts = (await everyAlert()).map(({ id }) => id).toSorted()
    expect(alerts.length).toBeGreaterThanOrEqual(200)
    const { folder, ports } = platform
    for (const pid of Object.values(platform.children())) process.kill(pid!, 'SIGKILL')
    await platform.kill()

    platform = await Platform.start({ folder, ports })
    expect(platform.setupLink, 'the administrator is there already').toBeUndefined()
    await platform.signIn()
    expect(addCounts(emptyCounts(), await counts('congdan-nginx'))).toEqual(before)
    expect(await storedEvents()).toBe(200)
    expect((await everyAlert()).map(({ id }) => id).toSorted()).toEqual(alerts)
  })
})
