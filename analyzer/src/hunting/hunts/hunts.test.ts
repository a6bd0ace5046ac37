import { textOf, type Hunt, type HuntDraft } from '@vonggac/contract'
import { evaluate } from '@vonggac/sigma'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { LoadedDetection } from '../../detection/index.ts'
import { analyst, elsewhere, exchange, openTestHunting, type TestHunting } from '../testing.ts'
import { huntKind } from './kind.ts'

let soc: TestHunting
beforeEach(async () => {
  soc = await openTestHunting()
})
afterEach(() => soc.close())

const minute = 60_000
const schedule = { everyMinutes: 10, lookbackMinutes: 60, threshold: 2, severity: 'high' } as const
const draft: HuntDraft = {
  title: 'Đăng nhập sai',
  description: '',
  query: 'event.outcome: failure',
  columns: [],
  schedule,
  techniques: ['T1110.001'],
}
const failure = (agency = 'stttt') => ({ agency, event: { 'event.outcome': 'failure', 'user.name': 'admin' } })
const create = (more: Partial<HuntDraft> = {}, scope = analyst) =>
  soc.handlers.createHunt({ body: { ...draft, ...more }, params: undefined, query: undefined }, scope, exchange)
const read = (id: string, scope = analyst) => soc.handlers.readHunt({ params: { id }, body: undefined, query: undefined }, scope, exchange)
const change = ({ id, version }: Hunt, more: Partial<HuntDraft>) =>
  soc.handlers.changeHunt({ params: { id }, query: undefined, body: { ...draft, ...more, version } }, analyst, exchange)
/** Lets time pass as the scheduler would see it. */
async function pass(minutes: number): Promise<void> {
  soc.clock.advance(minutes * minute)
  await soc.hunting.tick()
}

it('keeps hunts by title, for the people of its agency, with every change in the audit chain', async () => {
  const own = await create({ title: 'b' }, elsewhere)
  const city = await create({ title: 'A' })
  const list = async (scope: typeof analyst) =>
    (await soc.handlers.listHunts({ query: { limit: 10 }, params: undefined, body: undefined }, scope, exchange)).items.map(({ id }) => id)
  expect(await list(analyst)).toEqual([city.id, own.id])
  expect(await list(elsewhere)).toEqual([own.id])
  await expect(read(city.id, elsewhere)).rejects.toMatchObject({ code: 'not-found' })
  const changed = await change(city, { title: 'Khác' })
  await expect(change(city, { title: 'Khác nữa' })).rejects.toMatchObject({ code: 'conflict' })
  const gone = { params: { id: city.id }, query: { version: changed.version }, body: undefined }
  await soc.handlers.removeHunt(gone, analyst, exchange)
  await expect(read(city.id)).rejects.toMatchObject({ code: 'not-found' })
  expect(await list(analyst)).toEqual([own.id])
  expect(soc.audited.map(({ action, agency }) => [action, agency])).toEqual([
    ['hunt.create', 'yte'],
    ['hunt.create', 'attt'],
    ['hunt.change', 'attt'],
    ['hunt.remove', 'attt'],
  ])
})

it('refuses a hunt whose query is not KQL, with the place', async () => {
  await expect(create({ query: 'event.outcome: (' })).rejects.toMatchObject({
    code: 'invalid-request',
    places: [{ path: 'query', message: expect.stringMatching(/^Character \d+/) }],
  })
})

it('looks at each event once, back first and then window by window, and raises an alert at the threshold', async () => {
  await soc.receive([failure(), failure(), failure('yte')])
  soc.clock.advance(30 * minute)
  const { id } = await create()
  await soc.hunting.tick()
  const [first] = (await read(id)).runs
  expect(first).toMatchObject({ from: '2026-11-22T02:30:00.000Z', to: '2026-11-22T03:30:00.000Z', found: 3 })
  const [alert, ...others] = await soc.alerts()
  expect(others).toEqual([])
  expect(alert).toMatchObject({
    id: first!.alert,
    agency: 'stttt',
    severity: 'high',
    rule: { id: `hunt:${id}`, title: 'Đăng nhập sai', tags: ['attack.t1110.001'] },
    hits: { count: 2 },
    entities: { user: ['admin'] },
  })
  expect(soc.hunting.findRule(`hunt:${id}`)?.compiled.description).toBe('KQL: event.outcome: failure')

  await soc.receive([failure()])
  await pass(9)
  expect((await read(id)).runs).toHaveLength(1)
  await pass(1)
  await soc.receive([failure(), failure()])
  await pass(10)
  expect(
    (await read(id)).runs.map(({ from, to, found, alert: raised }) => [from.slice(11, 16), to.slice(11, 16), found, !!raised]),
  ).toEqual([
    ['03:40', '03:50', 2, true],
    ['03:30', '03:40', 1, false],
    ['02:30', '03:30', 3, true],
  ])
})

it('runs a hunt with patterns of fields, also where no event has such fields yet', async () => {
  const { id } = await create({ query: 'event.*: failure and city.*: port' })
  await pass(1)
  expect((await read(id)).runs).toMatchObject([{ found: 0 }])
  await soc.receive([failure(), failure()].map((frame) => ({ ...frame, event: { ...frame.event, 'city.place': 'port' } })))
  await pass(10)
  expect((await read(id)).runs[0]).toMatchObject({ found: 2, alert: expect.any(String) as string })
  const rule = soc.hunting.findRule(`hunt:${id}`) as LoadedDetection
  expect(evaluate(rule.compiled.expression, { 'event.outcome': 'failure' })).toBe(false)
})

it('makes up for what came due while it was down, each window by itself, and says what it gave up', async () => {
  const { id } = await create({ schedule: { ...schedule, everyMinutes: 60 } })
  await pass(1)
  await soc.receive([failure(), failure()])
  await pass(5 * 60)
  const runs = (await read(id)).runs
  expect(runs.map(({ found }) => found)).toEqual([0, 0, 0, 0, 2, 0])
  expect(runs.every(({ note, error }) => note === undefined && error === undefined)).toBe(true)
  await pass(60 * 24 * 30)
  const [last, ...rest] = (await read(id)).runs
  expect(last!.to).toBe('2026-12-22T08:00:00.000Z')
  expect([last!, ...rest]).toHaveLength(20)
})

it('adds nothing when a run is made again after a crash', async () => {
  await soc.receive([failure(), failure()])
  soc.clock.advance(minute)
  const { id } = await create()
  const before = (await soc.documents.read(analyst, huntKind, id))!
  await soc.hunting.tick()
  const alerts = await soc.alerts()
  expect(alerts).toMatchObject([{ hits: { count: 2 } }])
  const known = (await soc.documents.read(analyst, huntKind, id))!
  await soc.documents.write(analyst, huntKind, id, before.value, known.version)
  await soc.hunting.tick()
  expect(await soc.alerts()).toEqual(alerts)
  expect((await read(id)).runs).toMatchObject([{ found: 2, alert: alerts[0]!.id }])
})

it('waits for a collector that is behind, and names one that is gone with events', async () => {
  const receiver = soc.hunting.watching({
    receive: async () => ({ collector: 'c1', last: 0, stored: 0, rejected: 0 }),
    counters: async (counters) => void soc.collectorStates.splice(0, 1, counters),
  })
  const report = (journaled: number, acknowledged: number) =>
    receiver.counters({
      collector: 'c1',
      at: soc.clock.now().toISOString(),
      journaled,
      acknowledged,
      journalBytes: 0,
      assignment: '',
      trouble: [],
      dropped: [],
      sources: [],
    })
  const { id } = await create({ schedule: { ...schedule, lookbackMinutes: 10 } })
  await report(5, 5)
  await pass(1)
  expect((await read(id)).runs).toHaveLength(1)
  soc.clock.advance(10 * minute)
  await report(9, 5)
  await soc.hunting.tick()
  expect((await read(id)).runs).toHaveLength(1)
  await report(9, 9)
  await soc.hunting.tick()
  expect((await read(id)).runs).toHaveLength(2)
  await report(12, 9)
  await pass(20)
  const [last] = (await read(id)).runs
  expect(textOf(last!.note!)).toMatch(/^The collector c1 has been silent since .* and held 3 frames then/)
})

it('shows why a run failed, and tries its window again', async () => {
  const { id } = await create()
  const aggregate = soc.events.aggregate
  soc.events.aggregate = async () => Promise.reject(new Error('the disk is gone'))
  await pass(1)
  await pass(2)
  soc.events.aggregate = aggregate
  expect((await read(id)).runs).toMatchObject([{ found: 0, error: expect.stringContaining('the disk is gone') as string }])
  await pass(2)
  const [run, ...older] = (await read(id)).runs
  expect(run).toMatchObject({ to: '2026-11-22T03:00:00.000Z' })
  expect(run).not.toHaveProperty('error')
  expect(older).toEqual([])
})

it('runs at once when asked, up to now, and goes on from there', async () => {
  const { id } = await create()
  await pass(1)
  soc.clock.advance(2 * minute)
  await soc.receive([failure()])
  soc.clock.advance(minute)
  const run = await soc.handlers.runHunt({ params: { id }, body: undefined, query: undefined }, analyst, exchange)
  expect(run).toMatchObject({ from: '2026-11-22T03:00:00.000Z', to: '2026-11-22T03:04:00.000Z', found: 1 })
  await pass(10)
  expect((await read(id)).runs[0]).toMatchObject({ from: '2026-11-22T03:04:00.000Z', to: '2026-11-22T03:14:00.000Z', found: 0 })
  const plain = await create({ schedule: null })
  const asked = { params: { id: plain.id }, body: undefined, query: undefined }
  await expect(soc.handlers.runHunt(asked, analyst, exchange)).rejects.toMatchObject({ code: 'invalid-request' })
})

it('has one of several analyzers run them', async () => {
  const { id } = await create()
  const second = await soc.another()
  soc.clock.advance(minute)
  await soc.hunting.tick()
  await second.tick()
  expect((await read(id)).runs).toHaveLength(1)
  await soc.hunting.close()
  soc.clock.advance(30 * minute)
  await second.tick()
  expect((await read(id)).runs).toHaveLength(4)
  await second.close()
})

it('starts with a hunt whose query cannot be read any more', async () => {
  const { id } = await create()
  const { value, version } = (await soc.documents.read(analyst, huntKind, id))!
  await soc.documents.write(analyst, huntKind, id, { ...value, query: 'user.name: (' }, version)
  const another = await soc.another()
  expect(another.findRule(`hunt:${id}`)?.compiled.title).toBe(draft.title)
  await another.close()
})

it('knows as rules the hunts that were saved at another analyzer on the same stores', async () => {
  const another = await soc.another()
  const first = await create()
  soc.clock.advance(minute)
  const second = await create({ title: 'Khác' })
  const titleOf = ({ id }: Hunt) => another.findRule(`hunt:${id}`)?.compiled.title
  expect(titleOf(first)).toBeUndefined()
  await another.refresh()
  expect([titleOf(first), titleOf(second)]).toEqual([draft.title, 'Khác'])
  soc.clock.advance(minute)
  await change(first, { title: 'Đổi tên' })
  await another.refresh()
  expect([titleOf(first), titleOf(second)]).toEqual(['Đổi tên', 'Khác'])
  await another.close()
})
