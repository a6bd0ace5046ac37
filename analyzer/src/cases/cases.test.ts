import { fileURLToPath } from 'node:url'
import type { Case, Routes } from '@vonggac/contract'
import { configSchema } from '@vonggac/contract'
import { expect, it } from 'vitest'
import { alertsHandlers } from '../alerts/index.ts'
import { analyst, attackFrom, elsewhere, openTestSoc } from '../alerts/testing.ts'
import { readLegalProfile } from '../obligations/index.ts'
import type { Handler } from '../platform/handler.ts'
import { readPlaybooks } from '../playbooks/index.ts'
import { casesHandlers } from './handlers.ts'
import { localTime } from './wording.ts'

const content = fileURLToPath(new URL('../../../playbooks', import.meta.url))
const playbooks = await readPlaybooks([content])
const profile = await readLegalProfile(`${content}/obligations/vn-2026.yml`)
const name = (text: string) => ({ vi: text, en: text })
const config = configSchema.parse({
  agencies: [
    { id: 'stttt', name: name('Sở') },
    { id: 'yte', name: name('Y tế') },
  ],
})

function open() {
  const soc = openTestSoc()
  const handlers = casesHandlers({ ...soc, playbooks, profile, config })
  const alerts = alertsHandlers(soc)
  const call = <Name extends keyof typeof handlers>(route: Name, params: object, body: object = {}, scope = analyst) =>
    (handlers[route] as Handler<Routes[Name]>)({ params, body, query: { limit: 50 } } as never, scope, undefined as never)
  return {
    soc,
    call,
    async alertOf(ip: string, agency?: string) {
      await soc.receive(attackFrom(ip, agency))
      const { items } = await alerts.listAlerts(
        { params: undefined, body: undefined, query: { limit: 50, entity: ip } },
        analyst,
        undefined as never,
      )
      return items[0]!
    },
    create: (title: string, more: object = {}) => call('createCase', {}, { title, summary: '', severity: 'low', alerts: [], ...more }),
  }
}

it('makes a case of an alert, with the tasks of the rule’s playbook and its legal clocks', async () => {
  const { soc, call, alertOf } = open()
  const alert = await alertOf('203.0.113.7')
  const made = await call('escalateAlert', { id: alert.id })
  expect(made).toMatchObject({
    number: 'VG-2026-0001',
    title: 'Yêu cầu web vượt thư mục (203.0.113.7)',
    agency: 'stttt',
    severity: 'high',
    playbook: 'web-intrusion',
    detectedAt: alert.createdAt,
    alerts: [alert.id],
  })
  expect(made.summary).toContain('Ghi nhận 1 sự kiện vào lúc 10 giờ 00 phút 30 giây ngày 22/11/2026. Nguồn tấn công: 203.0.113.7.')
  expect(made.tasks[0]?.title).toEqual({
    vi: 'Xác minh cuộc tấn công và khoanh vùng ban đầu',
    en: 'Confirm the attack and its first scope',
  })
  const { obligations } = await call('readCase', { id: made.id })
  expect(obligations[0]).toMatchObject({ id: 'INC-72', due: '2026-11-25T03:00:30.000Z' })
  expect(soc.audited.map(({ action }) => action)).toEqual(['case.create', 'alert.escalate'])
  expect(soc.announced.map(({ type }) => type)).toEqual(['alert', 'case', 'alert'])
})

it('opens one case for an alert, however often it is asked, and takes further alerts into it', async () => {
  const { call, alertOf } = open()
  const alert = await alertOf('203.0.113.7')
  const made = await call('escalateAlert', { id: alert.id })
  expect((await call('escalateAlert', { id: alert.id })).id).toBe(made.id)
  const second = await alertOf('203.0.113.8')
  expect((await call('escalateAlert', { id: second.id }, { case: made.id })).alerts).toEqual([alert.id, second.id])
  const foreign = await alertOf('203.0.113.9', 'yte')
  await expect(call('escalateAlert', { id: foreign.id }, { case: made.id })).rejects.toMatchObject({ code: 'invalid-request' })
})

it('takes up the case that was opened before the alert could be marked', async () => {
  const { soc, call, alertOf } = open()
  const alert = await alertOf('203.0.113.7')
  const { change } = soc.audit
  soc.audit.change = async (scope, writes, action) => {
    if (action.action === 'alert.escalate') throw new Error('killed')
    return change(scope, writes, action)
  }
  await expect(call('escalateAlert', { id: alert.id })).rejects.toThrow('killed')
  soc.audit.change = change
  const made = await call('escalateAlert', { id: alert.id })
  expect(made.number).toBe('VG-2026-0001')
})

it('takes notes up to a bound, as it travels whole', async () => {
  const { call, create } = open()
  const { id } = await create('Sự cố')
  const note = (length: number) => call('addCaseNote', { id }, { text: 'x'.repeat(length) })
  await note(999_999)
  await expect(note(2)).rejects.toMatchObject({ code: 'too-large' })
  expect((await note(1)).notes).toHaveLength(2)
})

it('was not detected in the future, where its clocks would never ring', async () => {
  const { soc, call, create } = open()
  const { id, detectedAt: was } = await create('Sự cố')
  const detected = (detectedAt: string) => call('changeCase', { id }, { detectedAt, version: 1 })
  await expect(detected('9999-12-31T23:59:59.999Z')).rejects.toMatchObject({ code: 'invalid-request' })
  expect((await detected('2026-11-22T02:00:00.000Z')).detectedAt).toBe('2026-11-22T02:00:00.000Z')
  expect(soc.audited.at(-1)?.detail).toEqual({ detectedAt: '2026-11-22T02:00:00.000Z', was: { detectedAt: was } })
})

it('numbers cases without gaps, also when many are opened at once', async () => {
  const { create } = open()
  const made = await Promise.all(Array.from({ length: 25 }, (_, index) => create(`Case ${index}`)))
  const expected = Array.from({ length: 25 }, (_, index) => `VG-2026-${String(index + 1).padStart(4, '0')}`)
  expect(made.map(({ number }) => number).toSorted()).toEqual(expected)
})

it('does not close a case while mandatory tasks are open, and says which', async () => {
  const { call, create } = open()
  let incident: Case = await create('Sự cố', { playbook: 'incident-response' })
  const close = () => call('changeCase', { id: incident.id }, { status: 'closed', version: incident.version })
  await expect(close()).rejects.toMatchObject({
    code: 'invalid-request',
    message: expect.stringContaining('“Tiếp nhận và ghi nhận sự cố”') as string,
    places: expect.arrayContaining([expect.objectContaining({ message: 'Bảo toàn chứng cứ / Preserve evidence' })]) as unknown,
  })
  for (const [index, task] of incident.tasks.filter(({ mandatory }) => mandatory).entries()) {
    incident = await call(
      'changeCaseTask',
      { id: incident.id, task: task.id },
      { status: index === 0 ? 'skipped' : 'done', version: incident.version },
    )
  }
  incident = await close()
  expect(incident).toMatchObject({ status: 'closed', closedAt: '2026-11-22T03:00:30.000Z' })
  await expect(call('changeCase', { id: incident.id }, { title: 'x', version: incident.version })).rejects.toThrow('reopen it first')
  incident = await call('changeCase', { id: incident.id }, { status: 'open', version: incident.version })
  expect(incident).not.toHaveProperty('closedAt')
})

it('keeps notes and tasks, who did them and when', async () => {
  const { call, create } = open()
  const incident = await create('Sự cố')
  await call('addCaseNote', { id: incident.id }, { text: 'Đã gọi đơn vị vận hành' })
  const withTask = await call('addCaseTask', { id: incident.id }, { title: 'Gọi nhà cung cấp', version: 2 })
  const [task] = withTask.tasks
  const done = await call('changeCaseTask', { id: incident.id, task: task!.id }, { status: 'done', assignee: 'an', version: 3 })
  expect(done).toMatchObject({
    notes: [{ by: 'an', text: 'Đã gọi đơn vị vận hành' }],
    tasks: [{ status: 'done', assignee: 'an', completedBy: 'an' }],
  })
  const again = await call('changeCaseTask', { id: incident.id, task: task!.id }, { status: 'todo', version: 4 })
  expect(again.tasks[0]).not.toHaveProperty('completedAt')
  await expect(call('addCaseTask', { id: incident.id }, { title: 'x', version: 3 })).rejects.toMatchObject({ code: 'conflict' })
})

it('runs the 24-hour clock once a person judges the incident serious, and stops it when the notice is sent', async () => {
  const { call, create } = open()
  const incident = await create('Sự cố')
  await call('changeCase', { id: incident.id }, { serious: true, version: 1 })
  const clock = async () => (await call('readCase', { id: incident.id })).obligations.find(({ id }) => id === 'INC-24')
  expect(await clock()).toMatchObject({ state: 'pending', due: '2026-11-23T03:00:30.000Z' })
  await call('fulfilObligation', { id: incident.id, obligation: 'INC-24' }, { done: true, version: 2 })
  expect(await clock()).toMatchObject({ state: 'done' })
  await expect(call('fulfilObligation', { id: incident.id, obligation: 'X' }, { done: true, version: 3 })).rejects.toMatchObject({
    code: 'not-found',
  })
})

it('shows a case to its agency and the centre alone', async () => {
  const { call, create } = open()
  const incident = await create('Sự cố', { agency: 'stttt' })
  await expect(call('readCase', { id: incident.id }, {}, elsewhere)).rejects.toMatchObject({ code: 'not-found' })
  expect((await call('listCases', {}, {}, elsewhere)).items).toEqual([])
  await expect(create('Sự cố', { agency: 'khong-co' })).rejects.toThrow('There is no agency "khong-co"')
  const own = await call('createCase', {}, { title: 'Của Y tế', summary: '', severity: 'low', alerts: [] }, elsewhere)
  expect([own.agency, own.number]).toEqual(['yte', 'VG-2026-0002'])
})

it('counts the cases of each status, whichever are listed', async () => {
  const { call, create } = open()
  const first = await create('Sự cố')
  await create('Sự cố khác')
  await call('changeCase', { id: first.id }, { status: 'resolved', version: 1 })
  const { counts } = await call('listCases', {}, {})
  expect(counts.status).toEqual({ open: 1, resolved: 1 })
})

it('writes times as official papers do', () => {
  expect(localTime('2026-11-21T17:05:09Z')).toBe('00 giờ 05 phút 09 giây ngày 22/11/2026')
})
