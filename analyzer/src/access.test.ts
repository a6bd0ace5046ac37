import { csrfHeader, roleIncludes, roles, routes, streamPath, type Role, type RouteName } from '@vonggac/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decisionsIn, period, type Decision } from './testing/decisions.ts'
import { agencies, linkSecret, openTown, password, type Estate, type Input, type Person, type Town } from './testing/town.ts'

let town: Town
beforeAll(async () => {
  town = await openTown()
})
afterAll(() => town.close())

const { decisions, ofCase } = decisionsIn(() => town)
const names = Object.keys(routes) as RouteName[]
const withReach = (...reach: Decision['reach'][]) => names.filter((name) => reach.includes(decisions[name].reach))
const inputOf = async (name: RouteName, estate: Estate) => (await decisions[name].input?.(estate)) ?? {}
const mayCall = (name: RouteName) => roles.filter((role) => routes[name].role === 'public' || roleIncludes(role, routes[name].role as Role))
const othersOf = (agency: string) => agencies.find((other) => other !== agency)!

function expectNothingOf(estate: Estate, text: string, what: string): void {
  for (const mark of estate.marks) expect(text, what).not.toContain(mark)
}

test('every route has a decision, and every one that changes something says what the audit chain gets', () => {
  expect(Object.keys(decisions).toSorted()).toEqual(names.toSorted())
  const silent = names.filter((name) => routes[name].method !== 'GET' && decisions[name].audited === undefined && !decisions[name].asks)
  expect(silent).toEqual([])
})

describe('roles', () => {
  test.each(names)('%s is refused to roles below its own, whatever the agency', async (name) => {
    const tooLow = roles.filter((role) => !mayCall(name).includes(role))
    const input = await inputOf(name, town.estates.congdan)
    for (const role of tooLow) {
      for (const agency of ['*', 'congdan', 'khodulieu'] as const) {
        expect(await town.person(agency, role).call(name, input), `${agency} ${role}`).toMatchObject({ status: 403, code: 'forbidden' })
      }
    }
  })

  test.each(names.filter((name) => routes[name].role !== 'public'))('%s is nothing for those who are not signed in', async (name) => {
    const stranger = await town.person('*', 'viewer').call(name, await inputOf(name, town.estates.congdan), { cookie: 'vonggac=made-up' })
    expect(stranger).toMatchObject({ status: 401, code: 'not-signed-in' })
  })
})

describe('agencies', () => {
  test.each(withReach('record'))('%s: what belongs to the other agency does not exist', async (name) => {
    for (const agency of agencies) {
      const estate = town.estates[agency]
      for (const role of mayCall(name)) {
        const answer = await town.person(othersOf(agency), role).call(name, await inputOf(name, estate))
        expect([403, 404], `${role} ${answer.text}`).toContain(answer.status)
        // What the caller said is no secret to the caller.
        const asked = JSON.stringify(await inputOf(name, estate))
        const unsaid = { ...estate, marks: estate.marks.filter((mark) => !asked.includes(mark)) }
        expectNothingOf(unsaid, answer.text, `${name} for ${role}`)
      }
    }
  })

  test.each(withReach('record'))('%s: its own people and those of every agency get through', async (name) => {
    const estate = town.estates.congdan
    for (const agency of ['congdan', '*'] as const) {
      for (const role of mayCall(name)) {
        const { status, text } = await town.person(agency, role).call(name, await inputOf(name, estate))
        expect(status < 300 ? 'done' : text, `${agency} ${role}`).toBe('done')
      }
    }
  })

  test.each(withReach('list', 'shared'))('%s shows nothing of the other agency, also when asked for it', async (name) => {
    for (const agency of agencies) {
      for (const role of mayCall(name)) {
        for (const input of [{}, ...(await Promise.all(agencies.map((asked) => inputOf(name, town.estates[asked]))))]) {
          const answer = await town.person(agency, role).call(name, input)
          if (answer.status !== 200) expect(['invalid-request', 'not-found']).toContain(answer.code)
          else expectNothingOf(town.estates[othersOf(agency)], answer.text, `${name} for ${role}`)
        }
      }
    }
  })

  test.each(withReach('installation'))('%s is for people of every agency', async (name) => {
    for (const role of mayCall(name)) {
      const input = await inputOf(name, town.estates.congdan)
      expect(await town.person('congdan', role).call(name, input)).toMatchObject({ status: 403, code: 'forbidden' })
      expect((await town.person('*', role).call(name, input)).status).toBe(200)
    }
  })

  test('counts are of the caller’s agency alone', async () => {
    const events = async (person: Person) => {
      const { items } = (await person.call('volume', { query: period() })).body as unknown as { items: { events: number }[] }
      return items.reduce((sum, item) => sum + item.events, 0)
    }
    const alerts = async (person: Person) => {
      const { items } = (await person.call('listRules')).body as unknown as { items: { alerts: number }[] }
      return items.reduce((sum, item) => sum + item.alerts, 0)
    }
    expect(await Promise.all([...agencies, '*' as const].map((agency) => events(town.person(agency, 'viewer'))))).toEqual([2, 2, 5])
    const [one, two, all] = await Promise.all([...agencies, '*' as const].map((agency) => alerts(town.person(agency, 'viewer'))))
    expect(one).toBeGreaterThan(0)
    expect(one! + two!).toBe(all)
  })

  test('frames of unknown senders are the operator’s: other agencies do not see them', async () => {
    for (const name of ['readLedger', 'listRejected'] as const) {
      const input = { params: { id: 'unknown' }, ...(name === 'readLedger' ? { query: period() } : {}) }
      expect((await town.person('congdan', 'administrator').call(name, input)).status).toBe(404)
      expect((await town.person('*', 'viewer').call(name, input)).status).toBe(200)
    }
  })

  test('a case takes alerts of its own agency alone', async () => {
    const { congdan, khodulieu } = town.estates
    const both = { title: 'Hai cơ quan', severity: 'low', alerts: [congdan.alert, khodulieu.alert] }
    expect(await town.person('*', 'analyst').call('createCase', { body: both })).toMatchObject({ status: 400 })
    expect(await town.person('congdan', 'analyst').call('createCase', { body: both })).toMatchObject({ status: 404 })
    const into = { params: { id: congdan.alert }, body: { case: khodulieu.case } }
    expect(await town.person('*', 'analyst').call('escalateAlert', into)).toMatchObject({ status: 400 })
    expect(await town.person('congdan', 'analyst').call('escalateAlert', into)).toMatchObject({ status: 404 })
  })

  test('work is given to people who can see it', async () => {
    const { congdan } = town.estates
    const give = async (assignee: string) => [
      await town.person('congdan', 'analyst').call('changeCase', { ...(await ofCase(() => ({ assignee }))(congdan)) }),
      await town.person('congdan', 'analyst').call('changeCaseTask', { ...(await ofCase(() => ({ assignee }))(congdan)) }),
    ]
    for (const stranger of ['khodulieu.analyst', 'nobody', 'x'.repeat(5_000)]) {
      expect((await give(stranger)).map(({ status, code }) => [status, code])).toEqual([
        [400, 'invalid-request'],
        [400, 'invalid-request'],
      ])
    }
    for (const colleague of ['congdan.analyst', 'city.analyst'])
      expect((await give(colleague)).map(({ status }) => status)).toEqual([200, 200])
  })

  test('a taken user name is told as such, not whose it is', async () => {
    const body = { userName: 'khodulieu.viewer', displayName: 'Trùng', password, role: 'viewer', agency: 'congdan' }
    expect(await town.person('congdan', 'administrator').call('createUser', { body })).toMatchObject({
      status: 409,
      code: 'already-exists',
    })
  })
})

describe('forged requests', () => {
  const changing = names.filter((name) => routes[name].method !== 'GET')

  test.each(changing.filter((name) => routes[name].role !== 'public'))('%s needs the session’s CSRF token', async (name) => {
    const { admin } = town
    const input = await inputOf(name, town.estates.congdan)
    expect(await admin.call(name, input, { [csrfHeader]: '' })).toMatchObject({ status: 403, code: 'csrf-mismatch' })
    const foreign = town.person('*', 'administrator').csrf
    expect(await admin.call(name, input, { [csrfHeader]: foreign })).toMatchObject({ status: 403, code: 'csrf-mismatch' })
  })

  test.each(changing)('%s is refused to a page of another site', async (name) => {
    const answer = await town.admin.call(name, await inputOf(name, town.estates.congdan), { origin: 'https://evil.example' })
    expect(answer).toMatchObject({ status: 403, code: 'csrf-mismatch' })
  })
})

describe('the audit chain', () => {
  interface Entry {
    readonly actor: string
    readonly action: string
    readonly agency: string
  }
  const actionsBy = async (actor: string) => {
    const { items } = (await town.admin.call('listAudit', { query: { limit: 100 } })).body as unknown as { items: Entry[] }
    return items.filter((entry) => entry.actor === actor).map(({ action }) => action)
  }

  const kept = names.filter((name) => decisions[name].audited !== undefined && decisions[name].reach !== 'public')
  test.each(kept)('%s leaves an entry in the name of who did it', async (name) => {
    const { reach, audited } = decisions[name]
    const [agency, role] = reach === 'installation' ? (['*', 'administrator'] as const) : (['congdan', 'administrator'] as const)
    const person = await town.newcomer(agency, role)
    const input =
      name === 'changePassword'
        ? { body: { current: password, next: 'một mật khẩu khác' } }
        : name === 'escalateAlert'
          ? await escalatable()
          : await inputOf(name, town.estates.congdan)
    const { status, text } = await person.call(name, input)
    expect(status < 300 ? 'done' : text).toBe('done')
    expect(await actionsBy(person.name)).toContain(audited)
  })

  /** An alert leaves its case, so that putting it into one is a change. */
  async function escalatable(): Promise<Input> {
    const { alert, agency } = town.estates.congdan
    const fresh = await town.admin.call('createCase', { body: { title: 'Khác', severity: 'low', agency } })
    return { params: { id: alert }, body: { case: (fresh.body as unknown as { id: string }).id } }
  }

  test('holds after all this, and keeps no secret', async () => {
    const verdict = (await town.admin.call('verifyAudit')).body as unknown as { items: { intact: boolean; entries: number }[] }
    expect(verdict.items.every(({ intact }) => intact)).toBe(true)
    const text = (await town.admin.call('listAudit', { query: { limit: 500 } })).text
    for (const secret of [password, 'argon2', town.admin.csrf, town.admin.cookie.split('=')[1]!]) expect(text).not.toContain(secret)
  })
})

test('the log keeps no secret either, however much it is asked to say', async () => {
  const { cookie, csrf } = town.person('congdan', 'administrator')
  await town.admin.call('signIn', { body: { userName: 'quan.tri', password: 'một mật khẩu sai' } })
  await town.admin.send('POST', '/api/nothing', { password })
  const text = town.log.join('')
  expect(text).toContain('"level":')
  for (const secret of [password, 'một mật khẩu sai', 'argon2', cookie.split('=')[1]!, csrf, linkSecret]) expect(text).not.toContain(secret)
})

test('the event stream carries what the caller’s agency owns', async () => {
  const stop = new AbortController()
  const heard = new Map<string, string>()
  const listening = [...agencies, '*' as const].map(async (agency) => {
    const { cookie } = town.person(agency, 'viewer')
    const reply = await fetch(`${town.base}${streamPath}`, { headers: { cookie }, signal: stop.signal })
    const read = async () => {
      for await (const chunk of reply.body!.pipeThrough(new TextDecoderStream())) heard.set(agency, (heard.get(agency) ?? '') + chunk)
    }
    void read().catch(() => {})
  })
  await Promise.all(listening)
  for (const agency of agencies) await town.admin.call('addCaseNote', { params: { id: town.estates[agency].case }, body: { text: 'Tin' } })
  await expect.poll(() => [...heard].filter(([, text]) => text.includes('event: case')).length).toBe(3)
  await expect.poll(() => agencies.every((agency) => heard.get('*')!.includes(`"agency":"${agency}"`))).toBe(true)
  stop.abort()
  for (const agency of agencies) expectNothingOf(town.estates[othersOf(agency)], heard.get(agency)!, agency)
})
