import { ledgerGaps } from '@vonggac/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { replay } from '../../deploy/standalone/src/replay.ts'
import { Platform } from '../support/platform.ts'
import { expectPromisedAlerts, recordedAttack } from '../support/recorded-attack.ts'
import { awayFromTheHour, settled } from '../support/wait.ts'

let platform: Platform
beforeAll(async () => {
  platform = await Platform.start()
  await platform.signIn()
  const { syslog } = platform.ports
  await awayFromTheHour()
  await replay(recordedAttack, { host: '127.0.0.1', tcpPort: syslog, udpPort: syslog }, { speed: 30 })
})
afterAll(() => platform.dispose())

describe('the recorded attack on the citizen portal, through the whole platform', () => {
  it('is counted to the last line', async () => {
    const counts = await settled(platform, recordedAttack.length)
    expect(counts).toMatchObject({
      received: recordedAttack.length,
      journaled: recordedAttack.length,
      stored: recordedAttack.length,
      evaluated: recordedAttack.length,
      rejected: {},
    })
    expect(ledgerGaps(counts)).toEqual({ notJournaled: 0, notForwarded: 0, notStored: 0, notEvaluated: 0 })
  })

  it('raises the alerts that the pack promises, and no others', async () => {
    await expectPromisedAlerts(platform)
  })

  it('says of each alert why, by an event and the values that met the rule', async () => {
    const { items } = await platform.client.call('listAlerts', { query: { limit: 500 } })
    for (const { id, rule } of items) {
      const detail = await platform.client.call('readAlert', { params: { id } })
      expect(detail.events.length, rule.title).toBeGreaterThan(0)
      for (const { event, findings } of detail.events) {
        expect(event['event.original'], rule.title).toBeTypeOf('string')
        expect(findings.length, rule.title).toBeGreaterThan(0)
      }
      expect(detail.rule.reason?.vi.length, rule.title).toBeGreaterThan(10)
    }
  })

  it('says of the login behind the guessing which account it was, and shows the whole way there', async () => {
    const { items } = await platform.client.call('listAlerts', { query: { limit: 500 } })
    const login = items.find(({ rule }) => rule.title === 'SSH Login After Password Guessing')!
    expect(login).toMatchObject({
      severity: 'critical',
      entities: { source: ['198.51.100.23'], user: ['tiepnhan'], host: ['congdan-web-01'] },
    })
    const { events, rule } = await platform.client.call('readAlert', { params: { id: login.id } })
    const failed = 'Failed SSH Login'
    expect(events.map(({ rules }) => rules?.map(({ title }) => title).join())).toEqual([
      failed,
      failed,
      failed,
      failed,
      failed,
      'SSH Login',
    ])
    expect(rule.correlation).toMatchObject({ type: 'temporal_ordered', timespanSeconds: 1_800, groupBy: ['source.ip'] })
  })

  it('becomes a case with tasks, clocks and a notice that names what is missing', async () => {
    const { items } = await platform.client.call('listAlerts', { query: { severity: 'critical' as never } })
    const shell = items.find(({ rule }) => rule.title === 'Operating System Command Passed to a Web Script')!
    const made = await platform.client.call('escalateAlert', { params: { id: shell.id }, body: {} })
    expect(made.number).toMatch(/^VG-\d{4}-0001$/)
    expect(made.playbook).toBe('web-intrusion')
    expect(made.tasks.length).toBeGreaterThan(5)
    await platform.client.call('changeCase', { params: { id: made.id }, body: { serious: true, version: made.version } })
    const { obligations } = await platform.client.call('readCase', { params: { id: made.id } })
    expect(obligations.find(({ hours }) => hours === 24)?.due).toBe(new Date(Date.parse(made.detectedAt) + 24 * 3_600_000).toISOString())
    const notice = await platform.client.call('readNotice', { params: { id: made.id } })
    expect(notice.missing.length).toBeGreaterThan(0)
    expect(notice.official, 'the current regime’s form is pending').toBe(false)
    const pdf = await platform.client.download('noticePdf', { params: { id: made.id }, query: { language: 'vi' } })
    expect(Buffer.from(pdf.subarray(0, 5)).toString()).toBe('%PDF-')
  })

  it('is in the audit chain, which is intact', async () => {
    const { items } = await platform.client.call('verifyAudit')
    expect(items.length).toBeGreaterThan(0)
    expect(items.every(({ intact }) => intact)).toBe(true)
  })
})
