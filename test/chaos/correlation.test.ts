import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { Platform } from '../support/platform.ts'
import { awayFromTheHour, settled } from '../support/wait.ts'

let platform: Platform
afterEach(() => platform.dispose())

/** What the rule counts within minutes, and the addresses that are refused just so often. */
const refusals = 20
const addresses = 60
const guessing = 'Password Guessing at a Web Administration Page'

function refused(address: number): string {
  const message = `198.18.0.${address + 1} - - [22/Nov/2026:17:00:00 +0700] "POST /quan-tri/dang-nhap HTTP/1.1" 401 12 "-" "Mozilla/5.0"`
  return `<190>1 ${new Date().toISOString()} web-01 nginx 812 - - ${message}\n`
}

async function killAnalyzer(): Promise<void> {
  for (let i = 0; i < 100; i++) {
    const pid = platform.children()['analyzer']
    if (pid) return void process.kill(pid, 'SIGKILL')
    await sleep(100)
  }
  throw new Error(`the analyzer was not restarted:\n${platform.text}`)
}

/** What the correlation has counted until now, address by address. */
async function counted(): Promise<readonly (readonly [address: unknown, count: number])[]> {
  const { items } = await platform.client.call('listAlerts', { query: { limit: 500 } })
  const found = items.filter(({ rule }) => rule.title === guessing)
  return found.map(({ group, hits }) => [group['source.ip'], hits.count] as const).toSorted()
}

describe('kill -9 while correlation counts', () => {
  it('of the analyzer: each address is counted to the last refusal, and raises one alert', async () => {
    platform = await Platform.start()
    await platform.signIn()
    await awayFromTheHour(90)
    const socket = connect(platform.ports.syslog, '127.0.0.1')
    const killing = (async () => {
      for (let i = 0; i < 5; i++) {
        await sleep(600 + i * 130)
        await killAnalyzer()
        await sleep(1_200)
      }
    })()
    for (let round = 0; round < refusals; round++) {
      for (let address = 0; address < addresses; address++) socket.write(refused(address))
      await sleep(450)
    }
    await killing
    socket.end()

    await settled(platform, refusals * addresses, 'congdan-nginx')
    // The last moment at which something can be counted twice: found, and perhaps not yet in alerts.
    await sleep(8_000)
    await killAnalyzer()
    await settled(platform, refusals * addresses, 'congdan-nginx')
    const expected = Array.from({ length: addresses }, (_, address) => [`198.18.0.${address + 1}`, refusals])
    await expect.poll(() => counted().catch(() => []), { interval: 250 }).toEqual(expected.toSorted())
  })
})
