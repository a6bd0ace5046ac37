import { everyAgency, textOf, type Config, type Hold, type Scope } from '@vonggac/contract'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { listingAudit } from '../audit/testing.ts'
import { TestClock } from '../platform/testing.ts'
import type { Retention } from '../storage/event-store.ts'
import { openTestDocuments } from '../storage/testing.ts'
import { judgeClock, type ClockWatch } from './clock-trap.ts'
import { openKeepingDoor } from './door.ts'
import { Holds } from './holds.ts'
import { StorageJobs, type Work } from './jobs.ts'
import { RetentionJob } from './retention.ts'

const dayMs = 86_400_000
const person = (agency: string): Scope => ({ agency, role: 'manager', tlp: 'TLP:RED', actor: `manager of ${agency}` })
const city = person(everyAgency)

let clock: TestClock
let documents: ReturnType<typeof openTestDocuments>
let audited: ReturnType<typeof listingAudit>['audited']
let shared: Pick<ConstructorParameters<typeof Holds>[0], 'documents' | 'audit' | 'clock' | 'operator'>
let holds: Holds
beforeEach(() => {
  clock = new TestClock()
  documents = openTestDocuments(clock)
  const listing = listingAudit(documents)
  audited = listing.audited
  shared = { documents, audit: listing.audit, clock, operator: 'attt' }
  holds = new Holds(shared)
})

const period = { from: '2026-01-01T00:00:00.000Z', to: '2026-02-01T00:00:00.000Z' }

describe('holds', () => {
  it('belong to the agency of who placed them, or to all', async () => {
    const own = await holds.place(person('congdan'), { ...period, reason: 'Điều tra', case: 'VV-2026-0001' })
    const all = await holds.place(city, { ...period, reason: 'Toà án', dataset: 'openssh.auth' })
    expect(own).toMatchObject({ agency: 'congdan', placedBy: 'manager of congdan', placedAt: clock.now().toISOString() })
    expect(all.agency).toBeUndefined()
    const seen = async (scope: Scope) => new Set((await holds.list(scope)).map(({ id }) => id))
    expect(await seen(city)).toEqual(new Set([own.id, all.id]))
    expect(await seen(person('congdan'))).toEqual(new Set([own.id]))
    expect(await seen(person('khodulieu'))).toEqual(new Set())
    await expect(holds.place(person('congdan'), { ...period, agency: 'khodulieu', reason: 'x' })).rejects.toMatchObject({
      code: 'forbidden',
    })
    await expect(holds.lift(person('congdan'), all.id, 'x')).rejects.toMatchObject({ code: 'not-found' })
  })

  it('are placed and lifted with a reason, each in the audit chain, once', async () => {
    const { id } = await holds.place(city, { ...period, agency: 'congdan', reason: 'Điều tra' })
    await holds.lift(city, id, 'Vụ án đã khép lại')
    expect(await holds.list(city)).toEqual([])
    await expect(holds.lift(city, id, 'nữa')).rejects.toMatchObject({ code: 'not-found' })
    expect(audited.map(({ action, agency, detail }) => [action, agency, detail['reason']])).toEqual([
      ['hold.place', 'congdan', 'Điều tra'],
      ['hold.lift', 'congdan', 'Vụ án đã khép lại'],
    ])
  })

  it('must have a length', async () => {
    await expect(holds.place(city, { from: period.to, to: period.from, reason: 'x' })).rejects.toMatchObject({ code: 'invalid-request' })
  })
})

describe('a clock', () => {
  const now = Date.UTC(2026, 5, 1, 2, 30)
  const at = (days: number) => new Date(now + days * dayMs)
  const run = (days: number, newest: number | undefined, watch?: ClockWatch) =>
    judgeClock(at(days), newest === undefined ? undefined : at(newest), watch)

  it('that agrees with the newest event is trusted, night by night', () => {
    let watch: ClockWatch | undefined
    for (const day of [0, 1, 2, 3.5, 5]) {
      const outcome = run(day, day - 0.01, watch)
      expect(outcome.note).toBeUndefined()
      watch = outcome.watch
    }
  })

  it('that is behind the newest event deletes, for it deletes too little, and is told', () => {
    expect(run(-3, 0)).toMatchObject({
      mayDelete: true,
      note: { text: expect.stringMatching(/newest event says .* 2026-06-01 .* clock says 2026-05-29/) },
    })
  })

  it('that is far ahead of the newest event deletes nothing', () => {
    expect(run(400, 0).note?.text).toMatch(/clock says 2027-07-06 .* newest event was received at 2026-06-01/)
    expect(run(400, 0).mayDelete).toBe(false)
    expect(run(1.01, 0).note?.text).toMatch(/see why no events arrive/)
    expect(run(0.99, 0).note).toBeUndefined()
    expect(run(400, undefined).note).toBeUndefined()
  })

  it('that jumped is not believed for a day, though new events carry its time', () => {
    const before = run(0, 0)
    const jumped = run(700, 700, before.watch)
    expect(jumped.note?.text).toMatch(/jumped from 2026-06-01 02:30 UTC to 2028-05-01/)
    const restarted = run(700.1, 700.1, jumped.watch)
    expect(restarted.note?.text).toMatch(/jumped from 2026-06-01/)
    expect(run(701, 701, restarted.watch).note).toBeUndefined()
    // Set right again: a jump as well.
    const back = run(1, 1, restarted.watch)
    expect(back.note?.text).toMatch(/jumped from 2028-/)
    expect(run(2, 2, back.watch).note).toBeUndefined()
  })
})

describe('retention', () => {
  let asked: Retention[]
  let also: Date[]
  let newest: Date
  const jobWith = (policy: Config['analyzer']['retention'], ofSources: Config['analyzer']['retention']['exceptions'] = []) =>
    new RetentionJob({
      ...shared,
      holds,
      policy,
      sourceExceptions: () => ofSources,
      alsoRetain: async (before) => void also.push(before),
      events: {
        retain: async (retention) => {
          asked.push(retention)
          return { events: asked.length === 1 ? 5 : 0, bytes: 100 }
        },
        health: async () => ({ engine: 'embedded', state: 'ready', detail: '', events: 1, bytes: 1, parts: [], newest }),
      },
    })
  beforeEach(() => {
    asked = []
    also = []
    newest = clock.now()
  })

  it('lets what sources want go before the policy', async () => {
    const wanted = { agency: 'congdan', dataset: 'nginx.access', days: 730 }
    const job = jobWith({ days: 365, exceptions: [{ dataset: 'nginx.access', days: 90 }] }, [wanted])
    await job.run()
    expect(asked[0]!.exceptions.map(({ agency }) => agency)).toEqual(['congdan', undefined])
    expect(job.policy.exceptions[0]).toEqual(wanted)
  })

  it('turns days into times, and hands over exceptions and holds', async () => {
    const hold: Hold = await holds.place(city, { ...period, agency: 'congdan', reason: 'Điều tra' })
    audited.length = 0
    const job = jobWith({ days: 365, exceptions: [{ dataset: 'nginx.access', days: 90 }] })
    expect(await job.run()).toEqual({ events: 5, bytes: 100 })
    const ago = (days: number) => new Date(clock.now().getTime() - days * dayMs)
    expect(asked).toEqual([
      {
        before: ago(365),
        exceptions: [{ dataset: 'nginx.access', before: ago(90) }],
        holds: [{ agency: 'congdan', from: new Date(hold.from), to: new Date(hold.to) }],
      },
    ])
    expect(also).toEqual([ago(365)])
    expect(await job.state()).toMatchObject({ last: { at: clock.now().toISOString(), events: 5, bytes: 100 } })
    expect(audited).toMatchObject([{ action: 'events.retire', agency: 'attt', detail: { events: 5, holds: 1 } }])
    clock.advance(dayMs)
    newest = clock.now()
    await job.run()
    expect(audited).toHaveLength(1)
  })

  it('deletes nothing while the clock is in doubt, says why, and goes on by itself', async () => {
    const job = jobWith({ days: 30, exceptions: [] })
    await job.run()
    clock.advance(800 * dayMs)
    expect(await job.run()).toBeUndefined()
    expect(textOf((await job.state()).note!)).toMatch(/newest event was received at/)
    newest = clock.now()
    expect(await job.run()).toBeUndefined()
    expect(textOf((await job.state()).note!)).toMatch(/jumped/)
    expect(asked).toHaveLength(1)
    expect(also).toHaveLength(1)
    clock.advance(dayMs)
    newest = clock.now()
    expect(await job.run()).toBeDefined()
    expect(await job.state()).not.toHaveProperty('note')
  })
})

describe('jobs', () => {
  const open = (work: Work) => new StorageJobs({ ...shared, works: { check: work } })

  it('run one at a time, tell their progress and end with notes', async () => {
    let finish: (outcome: Awaited<ReturnType<Work>>) => void = () => undefined
    const jobs = open((progress) => {
      progress(0.5)
      return new Promise((resolve) => (finish = resolve))
    })
    expect(jobs.able).toEqual({ backup: false, check: true })
    expect(await jobs.start(city, 'check')).toMatchObject({ state: 'running', startedBy: city.actor })
    await expect.poll(() => jobs.list()).toMatchObject([{ state: 'running', progress: 0.5 }])
    await expect(jobs.start(city, 'check')).rejects.toMatchObject({ code: 'busy' })
    await expect(jobs.start(city, 'back-up')).rejects.toMatchObject({ code: 'invalid-request' })
    clock.advance(1_000)
    finish({ failed: true, notes: ['A segment is damaged.'] })
    await expect.poll(() => jobs.list()).toMatchObject([{ state: 'failed', progress: 1, notes: ['A segment is damaged.'] }])
    clock.advance(1_000)
    await expect.poll(() => jobs.start(city, 'check').catch((error: unknown) => error)).toMatchObject({ state: 'running' })
    expect(await jobs.list()).toHaveLength(2)
    finish({ failed: false, notes: [] })
    await jobs.close()
    expect((await jobs.list())[0]).toMatchObject({ state: 'done' })
    expect(audited.map(({ action }) => action)).toEqual(['storage.start-job', 'storage.start-job'])
  })

  it('that are under way when the analyzer stops or dies have failed', async () => {
    let step = 0
    const jobs = open(async (progress) => {
      for (;;) {
        progress(0.1)
        step++
        await new Promise((resolve) => setTimeout(resolve, 1))
      }
    })
    await jobs.start(city, 'check')
    await expect.poll(() => step).toBeGreaterThan(0)
    await jobs.close()
    expect(await jobs.list()).toMatchObject([{ state: 'failed', notes: [{ code: 'job-stopped' }] }])

    const killed = open(() => new Promise(() => undefined))
    clock.advance(1_000)
    await killed.start(city, 'check')
    const next = open(async () => ({ failed: false, notes: [] }))
    await next.recover()
    expect((await next.list())[0]).toMatchObject({ state: 'failed', notes: [{ code: 'job-cut-off' }] })
  })

  it('can be started by whoever can read the secrets of this machine', async () => {
    const folders: (string | undefined)[] = []
    const jobs = open(async (_, folder) => {
      folders.push(folder)
      return { failed: false, notes: ['Done.'] }
    })
    const folder = await mkdtemp(join(tmpdir(), 'vonggac-door-'))
    const door = await openKeepingDoor(jobs, join(folder, 'secrets'))
    const file = join(folder, 'secrets', 'keeping.json')
    expect((await stat(file)).mode & 0o077).toBe(0)
    const { port, token } = JSON.parse(await readFile(file, 'utf8')) as { port: number; token: string }
    const ask = (body?: string, authorization = `Bearer ${token}`, path = '/jobs') =>
      fetch(`http://127.0.0.1:${port}${path}`, { headers: { authorization }, ...(body !== undefined && { method: 'POST', body }) })
    expect((await ask()).status).toBe(404)
    expect((await ask('{"kind":"check"}', 'Bearer nothing')).status).toBe(401)
    for (const bad of ['{"kind":"check","more":1}', 'no JSON', '[]']) expect((await ask(bad)).status).toBe(400)
    expect((await ask('x'.repeat(20_000))).status).toBe(413)
    expect((await ask(undefined, undefined, '/other')).status).toBe(404)
    expect(await (await ask('{"kind":"check","folder":"/mnt/b"}')).json()).toMatchObject({ kind: 'check', startedBy: 'system:command' })
    await expect.poll(async () => (await (await ask()).json()) as unknown).toMatchObject({ state: 'done', notes: ['Done.'] })
    expect(folders).toEqual(['/mnt/b'])
    await door.close()
    await expect(stat(file)).rejects.toThrow('ENOENT')
    await rm(folder, { recursive: true })
  })
})
