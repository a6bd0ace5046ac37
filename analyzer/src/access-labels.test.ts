/** Sharing labels: what is marked beyond a person's clearance does not exist for them. */
import { streamPath, type RouteName, type ShownAuditEntry } from '@vonggac/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTown, password, type Answer, type Input, type Person, type Town } from './testing/town.ts'

let town: Town
/** Of every agency, and of the agency itself: cleared for AMBER. */
let strangers: readonly Person[]
beforeAll(async () => {
  town = await openTown()
  const clearance = 'TLP:AMBER'
  strangers = [await town.newcomer('*', 'administrator', clearance), await town.newcomer('congdan', 'manager', clearance)]
  const { alert, case: incident } = town.estates.congdan
  for (const person of strangers) {
    done(await person.call('readCase', { params: { id: incident } }))
    done(await person.call('readAlert', { params: { id: alert } }))
  }
  await mark('readCase', 'changeCase', incident)
  await mark('readAlert', 'changeAlert', alert)
})
afterAll(() => town.close())

function done(answer: Answer): void {
  if (answer.status !== 200) throw new Error(answer.text)
}

async function mark(read: 'readCase' | 'readAlert', change: RouteName, id: string): Promise<void> {
  const { body } = await town.admin.call(read, { params: { id } })
  const { version } = (body as unknown as Record<string, { version: number }>)[read === 'readCase' ? 'case' : 'alert']!
  done(await town.admin.call(change, { params: { id }, body: { version, tlp: 'TLP:RED' } }))
}

const about = (): Readonly<Partial<Record<RouteName, Input>>> => {
  const { alert, case: id, task, obligation } = town.estates.congdan
  const params = { id, task, obligation }
  return {
    readAlert: { params: { id: alert } },
    changeAlert: { params: { id: alert }, body: { version: 2, note: 'Ghi chú' } },
    escalateAlert: { params: { id: alert }, body: {} },
    readCase: { params },
    changeCase: { params, body: { version: 2, serious: true } },
    addCaseNote: { params, body: { text: 'Ghi chú' } },
    addCaseTask: { params, body: { version: 2, title: 'Việc' } },
    changeCaseTask: { params, body: { version: 2, status: 'doing' } },
    fulfilObligation: { params, body: { version: 2, done: true } },
    readNotice: { params },
    fillNotice: { params, body: { version: 2, values: { contact: 'Anh Ba' } } },
    noticeDocx: { params },
    noticePdf: { params },
  }
}

test('no route of alerts, cases and reports knows the record', async () => {
  for (const person of strangers) {
    for (const [name, input] of Object.entries(about())) {
      expect({ name, ...(await person.call(name as RouteName, input)) }).toMatchObject({ name, status: 404, code: 'not-found' })
    }
  }
  const [, own] = strangers
  expect((await town.person('congdan', 'manager').call('readCase', about().readCase)).status).toBe(200)
  expect(await own!.call('createCase', { body: { title: 'Khác', severity: 'low', alerts: [town.estates.congdan.alert] } })).toMatchObject({
    status: 404,
  })
})

test('lists and counts leave it out', async () => {
  const { alert, case: incident } = town.estates.congdan
  const sum = (counts: Record<string, number>) => Object.values(counts).reduce((total, count) => total + count, 0)
  for (const [name, id] of [
    ['listAlerts', alert],
    ['listCases', incident],
  ] as const) {
    const listed = async (person: Person) => {
      const { items, counts } = (await person.call(name, { query: { agency: 'congdan' } })).body as unknown as {
        items: { id: string }[]
        counts: { status: Record<string, number> }
      }
      return { ids: items.map((item) => item.id), counted: sum(counts.status) }
    }
    const all = await listed(town.admin)
    expect(all.ids).toContain(id)
    for (const person of strangers) {
      const shown = await listed(person)
      expect(shown.ids).toEqual(all.ids.filter((one) => one !== id))
      expect(shown.counted).toBe(all.counted - 1)
    }
  }
})

test('the audit chain says that something was done, and neither to which record nor what', async () => {
  const { alert, case: incident } = town.estates.congdan
  const chainAs = async (person: Person) => {
    const { body } = await person.call('listAudit', { query: { agency: 'congdan', limit: 500 } })
    return (body as unknown as { items: ShownAuditEntry[] }).items
  }
  const all = await chainAs(town.admin)
  const isMarked = ({ subject }: ShownAuditEntry) => subject === `case/${incident}` || subject === `alert/${alert}`
  expect(all.filter(isMarked).map(({ action }) => action)).toEqual(expect.arrayContaining(['case.create', 'case.change', 'alert.change']))
  const marked = all.find((entry) => isMarked(entry) && entry.action === 'alert.change')
  expect(marked?.detail).toMatchObject({ tlp: 'TLP:RED', was: { tlp: 'TLP:AMBER' } })
  const shown = all.map((entry) =>
    isMarked(entry) ? { ...entry, subject: entry.subject.split('/')[0], detail: {}, withheld: true } : entry,
  )
  for (const person of strangers) expect(await chainAs(person)).toEqual(shown)
})

test('the event stream carries it only to those who may read it', async () => {
  const stop = new AbortController()
  const heard = new Map<Person, string>()
  const [stranger] = strangers
  for (const person of [stranger!, town.admin]) {
    const reply = await fetch(`${town.base}${streamPath}`, { headers: { cookie: person.cookie }, signal: stop.signal })
    const read = async () => {
      for await (const chunk of reply.body!.pipeThrough(new TextDecoderStream())) heard.set(person, (heard.get(person) ?? '') + chunk)
    }
    void read().catch(() => {})
  }
  const { congdan, khodulieu } = town.estates
  for (const { case: id } of [congdan, khodulieu]) await town.admin.call('addCaseNote', { params: { id }, body: { text: 'Tin' } })
  await expect.poll(() => [...heard.values()].filter((text) => text.includes(`"id":"${khodulieu.case}"`)).length).toBe(2)
  stop.abort()
  expect(heard.get(town.admin)).toContain(`"id":"${congdan.case}"`)
  expect(heard.get(stranger!)).not.toContain(congdan.case)
})

test('nobody marks beyond their own clearance, gives it, or works for it', async () => {
  const [administrator, manager] = strangers
  const made = await manager!.call('createCase', { body: { title: 'Vụ việc', severity: 'low', agency: 'congdan' } })
  const { id, version } = made.body as unknown as { id: string; version: number }
  expect(await manager!.call('changeCase', { params: { id }, body: { version, tlp: 'TLP:RED' } })).toMatchObject({ status: 403 })
  expect((await manager!.call('changeCase', { params: { id }, body: { version, tlp: 'TLP:GREEN' } })).status).toBe(200)

  const user = { userName: 'duoc.cap', displayName: 'Được cấp', password, role: 'viewer' }
  expect(await administrator!.call('createUser', { body: { ...user, clearance: 'TLP:RED' } })).toMatchObject({ status: 403 })
  expect((await administrator!.call('createUser', { body: user })).body).toMatchObject({ clearance: 'TLP:AMBER' })
  // The password of somebody who is cleared for more would be a way to it.
  const { items } = (await administrator!.call('listUsers')).body as unknown as {
    items: { id: string; version: number; clearance: string }[]
  }
  const cleared = items.find((one) => one.clearance === 'TLP:RED' && one.id === 'congdan.viewer')!
  const renewed = { params: { id: cleared.id }, body: { version: cleared.version, password: 'một mật khẩu khác' } }
  expect(await administrator!.call('changeUser', renewed)).toMatchObject({ status: 403 })

  const { case: incident } = town.estates.congdan
  const { body } = await town.admin.call('readCase', { params: { id: incident } })
  const seen = (body as unknown as { case: { version: number } }).case.version
  const assigned = { params: { id: incident }, body: { version: seen, assignee: manager!.name } }
  expect(await town.admin.call('changeCase', assigned)).toMatchObject({ status: 400, code: 'invalid-request' })
  // Nor is it given to them by the change that marks it.
  const both = { version: version + 1, tlp: 'TLP:RED', assignee: administrator!.name }
  const refused = { status: 400, code: 'invalid-request' }
  expect(await town.admin.call('changeCase', { params: { id }, body: both })).toMatchObject(refused)
  const { alert } = town.estates.khodulieu
  expect(await town.admin.call('changeAlert', { params: { id: alert }, body: both })).toMatchObject(refused)
})

test('a case that is opened from a marked alert is marked like it', async () => {
  const { alert } = town.estates.khodulieu
  await mark('readAlert', 'changeAlert', alert)
  const made = await town.admin.call('createCase', { body: { title: 'Từ cảnh báo', severity: 'low', alerts: [alert] } })
  expect(made.body).toMatchObject({ tlp: 'TLP:RED' })
})

test('whoever is cleared for less than incidents are marked with sees none, and opens none', async () => {
  const green = await town.newcomer('congdan', 'analyst', 'TLP:GREEN')
  const { items } = (await green.call('listAlerts')).body as unknown as { items: object[] }
  expect(items).toEqual([])
  expect(await green.call('createCase', { body: { title: 'Vụ việc', severity: 'low', agency: 'congdan' } })).toMatchObject({ status: 403 })
})
