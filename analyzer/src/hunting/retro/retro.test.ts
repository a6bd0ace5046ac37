import { say, type RetroHunt } from '@vonggac/contract'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { analyst, elsewhere, exchange, openTestHunting, type TestHunting } from '../testing.ts'

const traversal = '11111111-1111-4111-8111-111111111111'
const login = '22222222-2222-4222-8222-222222222222'
const burst = '33333333-3333-4333-8333-333333333333'
const rules = [
  `
title: Path Traversal
id: ${traversal}
logsource: { category: webserver }
detection: { selection: { url.original|contains: '../' }, condition: selection }
level: high
vonggac: { group_by: [source.ip] }
`,
  `
title: Failed Login
id: ${login}
name: failed
logsource: { product: linux, service: sshd }
detection: { selection: { event.outcome: failure }, condition: selection }
level: low
`,
  `
title: Burst
id: ${burst}
correlation: { type: event_count, rules: [failed], group-by: [source.ip], timespan: 5m, condition: { gte: 5 } }
level: high
`,
]

let soc: TestHunting
beforeEach(async () => {
  soc = await openTestHunting(...rules)
})
afterEach(() => soc.close())

const hour = 3_600_000
const ofNginx = { 'vonggac.logsource.category': 'webserver', 'vonggac.logsource.product': 'nginx' }
const attack = (ip: string, agency = 'stttt') => ({ agency, event: { 'url.original': '/../etc/passwd', 'source.ip': ip, ...ofNginx } })
const harmless = { event: { 'url.original': '/', 'source.ip': '192.0.2.1', ...ofNginx } }
/** Six hours with an attack and a harmless request in each. */
async function history({ live = false } = {}): Promise<void> {
  for (let index = 0; index < 6; index++) {
    await soc.receive([attack(`203.0.113.${index}`), harmless], { live })
    soc.clock.advance(hour)
  }
}

const period = { from: '2026-11-22T00:00:00.000Z', to: '2026-11-23T00:00:00.000Z' }
const start = (more: object = {}, scope = analyst) =>
  soc.handlers.startRetroHunt(
    { body: { ...period, rules: [], mode: 'preview', ...more }, params: undefined, query: undefined },
    scope,
    exchange,
  )
const read = (id: string, scope = analyst) =>
  soc.handlers.readRetroHunt({ params: { id }, body: undefined, query: undefined }, scope, exchange)
const steer = (id: string, action: 'pause' | 'resume' | 'cancel') =>
  soc.handlers.steerRetroHunt({ params: { id }, body: { action }, query: undefined }, analyst, exchange)
const finished = async ({ id }: RetroHunt) => {
  await expect.poll(async () => (await read(id)).state).not.toBe('running')
  return read(id)
}

it('tells how often each rule would have matched, its first events, and which rules cannot take part', async () => {
  await history()
  const done = await finished(await start({ rules: [traversal, login, burst] }))
  expect(done).toMatchObject({ state: 'done', progress: 1, scanned: 12, alerts: 0, to: '2026-11-22T09:00:00.000Z' })
  expect(done.findings).toMatchObject([{ rule: traversal, hits: 6 }])
  expect(done.findings[0]!.events).toHaveLength(6)
  expect(done.skipped).toEqual([
    { rule: burst, reason: say('skipped-correlation') },
    { rule: login, reason: say('skipped-no-events') },
  ])
  expect(await soc.alerts()).toEqual([])
  expect(soc.audited.map(({ action }) => action)).toEqual(['retro-hunt.start', 'retro-hunt.finish'])
})

it('makes alerts that are marked, and adds nothing when it is repeated', async () => {
  await history()
  const asked = { mode: 'alerts', rules: [traversal] }
  expect(await finished(await start(asked))).toMatchObject({ alerts: 6 })
  const alerts = await soc.alerts()
  expect(alerts).toHaveLength(6)
  expect(alerts.every(({ retrospective, hits }) => retrospective === true && hits.count === 1)).toBe(true)
  expect(await finished(await start(asked))).toMatchObject({ alerts: 0, findings: [{ hits: 6 }] })
  expect(await soc.alerts()).toEqual(alerts)
})

it('leaves alone what alerted live', async () => {
  await history({ live: true })
  const alerts = await soc.alerts()
  expect(alerts).toHaveLength(6)
  expect(await finished(await start({ mode: 'alerts' }))).toMatchObject({ alerts: 0, findings: [{ hits: 6 }] })
  expect(await soc.alerts()).toEqual(alerts)
})

it('sees and shows what its people may see', async () => {
  await soc.receive([attack('203.0.113.1'), attack('203.0.113.2', 'yte')])
  soc.clock.advance(hour)
  const own = await start({}, elsewhere)
  await expect.poll(async () => (await read(own.id, elsewhere)).state).toBe('done')
  expect(await read(own.id, elsewhere)).toMatchObject({ scanned: 1, findings: [{ hits: 1 }] })
  const city = await finished(await start())
  expect(city).toMatchObject({ scanned: 2, findings: [{ hits: 2 }] })
  await expect(read(city.id, elsewhere)).rejects.toMatchObject({ code: 'not-found' })
})

it('pauses, goes on where it was, also in another process, and can be cancelled', async () => {
  await history()
  // The lease is somebody else's: so it stays where it is until that one is gone.
  await soc.documents.lease('hunting', 'another analyzer', 60_000)
  const { id } = await start({ rules: [traversal], mode: 'alerts', from: '2026-11-22T03:00:00.000Z' })
  await expect(start()).rejects.toMatchObject({ code: 'already-exists' })
  expect(await steer(id, 'pause')).toMatchObject({ state: 'paused' })
  soc.clock.advance(61_000)
  await soc.hunting.tick()
  expect(await read(id)).toMatchObject({ state: 'paused', progress: 0 })

  // A part of it is done when the process is killed.
  const scan = soc.events.scan.bind(soc.events)
  let scans = 0
  soc.events.scan = (scope, query) => {
    if (++scans === 2) void soc.hunting.close()
    return scan(scope, query)
  }
  await steer(id, 'resume')
  await expect.poll(() => scans).toBe(2)
  await soc.hunting.close()
  soc.events.scan = scan
  const part = await read(id)
  expect(part.state).toBe('running')
  expect(part.progress).toBeGreaterThan(0.1)
  expect(part.progress).toBeLessThan(0.9)

  soc.clock.advance(61_000)
  const second = await soc.another()
  await second.tick()
  expect(await finished(part)).toMatchObject({ state: 'done', progress: 1, scanned: 12, findings: [{ hits: 6 }], alerts: 6 })
  expect(await soc.alerts()).toHaveLength(6)
  await second.close()
  await expect(steer(id, 'cancel')).rejects.toMatchObject({ code: 'conflict' })
  const next = await start()
  expect(await steer(next.id, 'cancel')).toMatchObject({ state: 'cancelled' })
  await start()
})

it('says what went wrong when the store cannot be read, and goes on when told to', async () => {
  await history()
  const scan = soc.events.scan
  // oxlint-disable-next-line require-yield -- it fails before the first batch
  soc.events.scan = async function* () {
    throw new Error('the disk is gone')
  }
  const failed = await finished(await start({ rules: [traversal] }))
  expect(failed).toMatchObject({ state: 'failed', error: ['the disk is gone', say('retro-resume')] })
  soc.events.scan = scan
  await steer(failed.id, 'resume')
  expect(await finished(failed)).toMatchObject({ state: 'done', findings: [{ hits: 6 }] })
})

it('refuses a run of which no rule can take part', async () => {
  await expect(start({ rules: [burst] })).rejects.toMatchObject({ code: 'invalid-request' })
  await expect(start({ rules: ['none'] })).rejects.toMatchObject({ message: 'No rule can take part. none: There is no such rule.' })
})
