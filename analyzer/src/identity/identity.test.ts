import { systemScope, VonggacError, type Session } from '@vonggac/contract'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { auditHandlers, createAuditRecorder } from '../audit/index.ts'
import { TestClock, testServer, type TestServer } from '../platform/testing.ts'
import type { DocumentStore } from '../storage/index.ts'
import { openTestDocuments } from '../storage/testing.ts'
import { agenciesOf } from './agencies.ts'
import { createIdentity, type Identity } from './identity.ts'

const agencies = agenciesOf({
  operator: 'attt',
  agencies: [
    { id: 'congdan', name: { vi: 'Cổng thông tin công dân', en: 'Citizen portal' } },
    { id: 'khodulieu', name: { vi: 'Kho dữ liệu', en: 'Data warehouse' } },
  ],
})
const password = 'mật khẩu đủ dài'
const hour = 3_600_000
const anything = z.unknown()

let clock: TestClock
let documents: DocumentStore
let identity: Identity
let server: TestServer

beforeEach(async () => {
  clock = new TestClock()
  documents = openTestDocuments(clock)
  const audit = createAuditRecorder(documents, clock)
  identity = createIdentity({ documents, audit, clock, agencies, version: '1.2.3', sessionHours: 12 })
  const handlers = { ...identity.handlers, ...auditHandlers({ documents, agencies: agencies.map(({ id }) => id), labelled: [] }) }
  server = await testServer({ handlers, sessions: identity.sessions, limits: { requests: 10_000, tries: 10_000 } })
})
afterEach(async () => {
  await server.app.close()
  await documents.close()
})

/** A browser: keeps its cookie and the CSRF token that the server gave it. */
class Browser {
  cookie: string | undefined
  token: string | undefined

  async send(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string, payload?: object, remoteAddress = '10.0.0.1') {
    const headers = { ...(this.cookie && { cookie: this.cookie }), ...(this.token && { 'x-csrf-token': this.token }) }
    const reply = await server.app.inject({ method, url, headers, remoteAddress, ...(payload && { payload }) })
    const set = reply.headers['set-cookie']
    if (set !== undefined) this.cookie = /Expires=Thu, 01 Jan 1970/.test(String(set)) ? undefined : String(set).split(';')[0]!
    const body = reply.body === '' ? undefined : reply.json()
    if (body?.csrfToken) this.token = (body as Session).csrfToken
    return { status: reply.statusCode, body, code: body?.code as string | undefined }
  }

  setUp(token: string, userName = 'quan.tri') {
    return this.send('POST', '/api/setup', { token, userName, displayName: 'Quản trị', password })
  }
  signIn(userName: string, given = password, address?: string) {
    return this.send('POST', '/api/session', { userName, password: given }, address)
  }
}

async function administrator(): Promise<Browser> {
  const browser = new Browser()
  expect((await browser.setUp((await identity.invite())!)).status).toBe(200)
  return browser
}

/** A signed-in user that the administrator has made. */
async function user(by: Browser, fields: object): Promise<Browser> {
  const userName = (fields as { userName: string }).userName
  const made = await by.send('POST', '/api/users', { displayName: 'Ai đó', password, role: 'viewer', ...fields })
  expect(made.status).toBe(200)
  const browser = new Browser()
  expect((await browser.signIn(userName)).status).toBe(200)
  return browser
}

async function auditActions(by: Browser): Promise<string[]> {
  return (await by.send('GET', '/api/audit')).body.items.map((entry: { action: string; actor: string }) => `${entry.actor} ${entry.action}`)
}

describe('set-up', () => {
  test('the one-time link makes the first administrator and signs in', async () => {
    const browser = new Browser()
    expect((await browser.send('GET', '/api/setup')).body).toEqual({ needed: true })
    const made = await browser.setUp((await identity.invite())!)
    expect(made.body.user).toMatchObject({ id: 'quan.tri', role: 'administrator', agency: '*', version: 1 })
    expect((await browser.send('GET', '/api/session')).body.user.userName).toBe('quan.tri')
    expect((await browser.send('GET', '/api/setup')).body).toEqual({ needed: false })
    expect(await auditActions(browser)).toEqual(['quan.tri user.set-up'])
  })

  test('it works once', async () => {
    const token = (await identity.invite())!
    await new Browser().setUp(token)
    expect(await new Browser().setUp(token, 'somebody')).toMatchObject({ status: 410, code: 'setup-closed' })
    expect(await identity.invite()).toBeUndefined()
  })

  test('of two at once, one gets through', async () => {
    const token = (await identity.invite())!
    const results = await Promise.all([new Browser().setUp(token, 'one'), new Browser().setUp(token, 'two')])
    expect(results.map(({ status }) => status).toSorted()).toEqual([200, 410])
  })

  test('a wrong token, one of a former start, one older than a day', async () => {
    const former = (await identity.invite())!
    const token = (await identity.invite())!
    expect((await new Browser().setUp('made up')).code).toBe('setup-closed')
    expect((await new Browser().setUp(former)).code).toBe('setup-closed')
    clock.advance(24 * hour)
    expect((await new Browser().setUp(token)).code).toBe('setup-closed')
    expect((await new Browser().setUp((await identity.invite())!)).status).toBe(200)
  })

  test('a short password is refused and the link stays good', async () => {
    const token = (await identity.invite())!
    const browser = new Browser()
    const reply = await browser.send('POST', '/api/setup', { token, userName: 'quan.tri', displayName: 'Q', password: 'short' })
    expect(reply.body.errors).toEqual([{ path: 'body.password', message: 'a password has 12 characters or more' }])
    expect((await browser.setUp(token)).status).toBe(200)
  })
})

describe('signing in and out', () => {
  test('with the right password, typed composed or decomposed', async () => {
    await administrator()
    for (const typed of [password.normalize('NFC'), password.normalize('NFD')]) {
      const browser = new Browser()
      expect((await browser.signIn('Quan.Tri ', typed)).status).toBe(200)
      expect((await browser.send('GET', '/api/session')).status).toBe(200)
    }
  })

  test('a wrong password, an unknown and a disabled user are told the same', async () => {
    const admin = await administrator()
    await user(admin, { userName: 'viewer' })
    await admin.send('PATCH', '/api/users/viewer', { disabled: true, version: 1 })
    const answers = await Promise.all([
      new Browser().signIn('quan.tri', 'not the password'),
      new Browser().signIn('nobody'),
      new Browser().signIn('viewer'),
    ])
    expect(answers.map(({ body }) => JSON.stringify(body))).toEqual(Array(3).fill(JSON.stringify(answers[0]!.body)))
    expect(answers[0]).toMatchObject({ status: 401, code: 'wrong-credentials' })
    const details = (await admin.send('GET', '/api/audit')).body.items.filter(
      (entry: { action: string }) => entry.action === 'session.refused',
    )
    expect(
      details.map((entry: { detail: { reason: string }; subject: string }) => [entry.subject, entry.detail.reason]).toSorted(),
    ).toEqual([
      ['user/quan.tri', 'wrong-password'],
      ['user/unknown', 'unknown-user'],
      ['user/viewer', 'disabled'],
    ])
  })

  test('signing out ends the session on the server', async () => {
    const admin = await administrator()
    const { cookie, token } = admin
    expect((await admin.send('DELETE', '/api/session')).status).toBe(204)
    expect(admin.cookie).toBeUndefined()
    const thief = Object.assign(new Browser(), { cookie, token })
    expect((await thief.send('GET', '/api/session')).code).toBe('not-signed-in')
  })

  test('a session ends at its time, used or not', async () => {
    const admin = await administrator()
    clock.advance(12 * hour - 1)
    expect((await admin.send('GET', '/api/session')).status).toBe(200)
    clock.advance(1)
    expect((await admin.send('GET', '/api/session')).code).toBe('not-signed-in')
  })

  test('signing in anew ends the session before it', async () => {
    const admin = await administrator()
    const before = Object.assign(new Browser(), { cookie: admin.cookie })
    expect((await admin.signIn('quan.tri')).status).toBe(200)
    expect((await before.send('GET', '/api/session')).status).toBe(401)
    expect((await admin.send('GET', '/api/session')).status).toBe(200)
  })

  test('a user has twenty sessions at most: the oldest goes', async () => {
    const first = await administrator()
    for (let i = 0; i < 20; i++) {
      clock.advance(1)
      await new Browser().signIn('quan.tri')
    }
    expect((await first.send('GET', '/api/session')).status).toBe(401)
  })

  test('the store does not hold what a cookie or a password says', async () => {
    const admin = await administrator()
    const id = admin.cookie!.split('=')[1]!
    const scope = systemScope('test')
    const everything = JSON.stringify([
      await documents.find(
        scope,
        { name: 'session', schema: anything, agency: () => '*', index: {} },
        { all: [] },
        { orderBy: 'id', direction: 'ascending', limit: 10 },
      ),
      await documents.find(
        scope,
        { name: 'user', schema: anything, agency: () => '*', index: {} },
        { all: [] },
        { orderBy: 'id', direction: 'ascending', limit: 10 },
      ),
    ])
    expect(everything).toContain('$argon2id$v=19$m=19456,t=2,p=1$')
    expect(everything).not.toContain(id)
    expect(everything).not.toContain(password)
  })
})

describe('guessing', () => {
  test('after five wrong passwords each costs a longer wait, for this user from this address', async () => {
    const admin = await administrator()
    await user(admin, { userName: 'other' })
    const guess = () => new Browser().signIn('quan.tri', 'a wrong password', '10.6.6.6')
    for (let i = 0; i < 5; i++) expect((await guess()).code).toBe('wrong-credentials')
    expect(await guess()).toMatchObject({ status: 429, code: 'too-many-requests' })
    expect((await new Browser().signIn('quan.tri', password, '10.6.6.6')).code).toBe('too-many-requests')
    expect((await new Browser().signIn('quan.tri', password, '10.0.0.1')).status).toBe(200)
    expect((await new Browser().signIn('other', password, '10.6.6.6')).status).toBe(200)

    clock.advance(2_000)
    expect((await guess()).code).toBe('wrong-credentials')
    clock.advance(2_000)
    expect((await guess()).code).toBe('too-many-requests')
    clock.advance(2_000)
    expect((await new Browser().signIn('quan.tri', password, '10.6.6.6')).status).toBe(200)
    expect((await guess()).code).toBe('wrong-credentials')
  })

  test('a clock that is set back makes nobody wait longer', async () => {
    await administrator()
    await new Browser().signIn('quan.tri', 'a wrong password')
    clock.advance(-24 * hour)
    expect((await new Browser().signIn('quan.tri')).status).toBe(200)
    for (let i = 0; i < 6; i++) await new Browser().signIn('quan.tri', 'a wrong password')
    clock.advance(-24 * hour)
    expect((await new Browser().signIn('quan.tri')).code).toBe('too-many-requests')
    clock.advance(24 * hour + 2_000)
    expect((await new Browser().signIn('quan.tri')).status).toBe(200)
  })

  test('the addresses of one IPv6 network count as one', async () => {
    await administrator()
    const from = (address: string) => new Browser().signIn('quan.tri', 'a wrong password', address)
    for (let i = 0; i < 5; i++) expect((await from(`2001:db8:0:1::${i}`)).code).toBe('wrong-credentials')
    expect((await from('2001:db8::1:a:b:c:d')).code).toBe('too-many-requests')
    expect((await from('2001:db8:0:2::1')).code).toBe('wrong-credentials')
  })

  test('many guesses at once gain nothing', async () => {
    await administrator()
    const codes = await Promise.all(Array.from({ length: 9 }, () => new Browser().signIn('quan.tri', 'a wrong password')))
    expect(codes.filter(({ code }) => code === 'wrong-credentials')).toHaveLength(5)
  })
})

describe('users', () => {
  test('an administrator makes and changes them, and the audit chain says so', async () => {
    const admin = await administrator()
    await user(admin, { userName: 'phan.tich', role: 'analyst', agency: 'congdan' })
    const changed = await admin.send('PATCH', '/api/users/phan.tich', { role: 'manager', displayName: 'Phân tích', version: 1 })
    expect(changed.body).toMatchObject({ role: 'manager', displayName: 'Phân tích', version: 2 })
    const congdan = (await admin.send('GET', '/api/audit?agency=congdan')).body.items
    expect(congdan.map((entry: { action: string; detail: object }) => [entry.action, entry.detail])).toEqual([
      ['user.change', { displayName: { from: 'Ai đó', to: 'Phân tích' }, role: { from: 'analyst', to: 'manager' } }],
      ['session.sign-in', expect.anything()],
      ['user.create', { displayName: 'Ai đó', role: 'analyst', agency: 'congdan', clearance: 'TLP:RED' }],
    ])
    expect((await admin.send('GET', '/api/audit/verify')).body.items.every((item: { intact: boolean }) => item.intact)).toBe(true)
  })

  test('a taken name, an unknown agency, an unknown user, an old version', async () => {
    const admin = await administrator()
    const body = { userName: 'quan.tri', displayName: 'A', password, role: 'viewer' }
    expect(await admin.send('POST', '/api/users', body)).toMatchObject({ status: 409, code: 'already-exists' })
    const wrong = await admin.send('POST', '/api/users', { ...body, userName: 'new', agency: 'nowhere' })
    expect(wrong.body.errors).toEqual([
      { path: 'body.agency', message: 'there is no agency "nowhere"; agencies are: attt, congdan, khodulieu' },
    ])
    expect((await admin.send('PATCH', '/api/users/nobody', { version: 1 })).code).toBe('not-found')
    expect((await admin.send('PATCH', '/api/users/quan.tri', { displayName: 'B', version: 9 })).code).toBe('conflict')
  })

  test('a lower role counts at once; disabling a user ends the sessions for good', async () => {
    const admin = await administrator()
    const manager = await user(admin, { userName: 'manager', role: 'manager' })
    await admin.send('PATCH', '/api/users/manager', { role: 'viewer', version: 1 })
    expect((await manager.send('GET', '/api/audit')).code).toBe('forbidden')
    await admin.send('PATCH', '/api/users/manager', { disabled: true, version: 2 })
    await admin.send('PATCH', '/api/users/manager', { disabled: false, version: 3 })
    expect((await manager.send('GET', '/api/session')).code).toBe('not-signed-in')
  })

  test('a new password ends the other sessions, not the one that set it', async () => {
    const admin = await administrator()
    const elsewhere = new Browser()
    await elsewhere.signIn('quan.tri')
    const next = 'một mật khẩu khác'
    expect((await admin.send('PATCH', '/api/users/quan.tri', { password: next, version: 1 })).status).toBe(200)
    expect((await admin.send('GET', '/api/session')).status).toBe(200)
    expect((await elsewhere.send('GET', '/api/session')).code).toBe('not-signed-in')
    expect((await new Browser().signIn('quan.tri')).code).toBe('wrong-credentials')
    expect((await new Browser().signIn('quan.tri', next)).status).toBe(200)
  })

  test('everybody changes their own password, with the present one', async () => {
    const admin = await administrator()
    const viewer = await user(admin, { userName: 'viewer' })
    const elsewhere = new Browser()
    await elsewhere.signIn('viewer')
    const next = 'một mật khẩu khác'
    const change = (current: string) => viewer.send('PUT', '/api/session/password', { current, next })
    expect((await change('not the present one')).body.errors).toEqual([{ path: 'body.current', message: 'is not your present password' }])
    expect((await change(password)).status).toBe(204)
    expect((await viewer.send('GET', '/api/session')).status).toBe(200)
    expect((await elsewhere.send('GET', '/api/session')).code).toBe('not-signed-in')
    expect((await new Browser().signIn('viewer', next)).status).toBe(200)
    expect((await auditActions(admin)).slice(0, 2)).toEqual(['viewer session.sign-in', 'viewer user.change'])
  })

  test.each([{ disabled: true }, { role: 'manager' }, { agency: 'congdan' }])(
    'the last administrator cannot be changed to %o',
    async (change) => {
      const admin = await administrator()
      await user(admin, { userName: 'local', role: 'administrator', agency: 'congdan' })
      expect(await admin.send('PATCH', '/api/users/quan.tri', { ...change, version: 1 })).toMatchObject({ status: 409, code: 'conflict' })
      await user(admin, { userName: 'second', role: 'administrator' })
      expect((await admin.send('PATCH', '/api/users/quan.tri', { ...change, version: 1 })).status).toBe(200)
    },
  )

  test('two administrators cannot take each other’s place away at once', async () => {
    const first = await administrator()
    const second = await user(first, { userName: 'second', role: 'administrator' })
    const results = await Promise.all([
      first.send('PATCH', '/api/users/second', { disabled: true, version: 1 }),
      second.send('PATCH', '/api/users/quan.tri', { disabled: true, version: 1 }),
    ])
    expect(results.map(({ status }) => status).toSorted()).toEqual([200, 409])
  })

  test('an agency’s administrator manages its own users alone', async () => {
    const admin = await administrator()
    await user(admin, { userName: 'other', agency: 'khodulieu' })
    const local = await user(admin, { userName: 'local', role: 'administrator', agency: 'congdan' })
    const make = (userName: string, agency: string) =>
      local.send('POST', '/api/users', { userName, displayName: 'A', password, role: 'viewer', agency })
    expect((await make('mine', 'congdan')).status).toBe(200)
    expect((await make('theirs', 'khodulieu')).code).toBe('forbidden')
    expect((await make('everyone', '*')).code).toBe('forbidden')
    expect((await local.send('GET', '/api/users')).body.items.map((item: { id: string }) => item.id)).toEqual(['local', 'mine'])
    expect((await local.send('PATCH', '/api/users/other', { disabled: true, version: 1 })).code).toBe('not-found')
    expect((await local.send('PATCH', '/api/users/quan.tri', { disabled: true, version: 1 })).code).toBe('not-found')
    expect((await local.send('PATCH', '/api/users/mine', { agency: '*', version: 1 })).code).toBe('forbidden')
    expect((await local.send('GET', '/api/agencies')).body.items.map((item: { id: string }) => item.id)).toEqual(['congdan'])
  })
})

test('about and agencies', async () => {
  const admin = await administrator()
  expect((await new Browser().send('GET', '/api/about')).body).toEqual({
    name: 'Vọng Gác',
    version: '1.2.3',
    operator: { vi: 'Trung tâm An ninh thông tin', en: 'Information Security Centre' },
  })
  expect((await admin.send('GET', '/api/agencies')).body.items.map((item: { id: string }) => item.id)).toEqual([
    'attt',
    'congdan',
    'khodulieu',
  ])
})

test('a store that fails is told as such', async () => {
  await server.app.close()
  const sessions = {
    find: async () => {
      throw new VonggacError('store-failed', 'The store does not answer.')
    },
  }
  server = await testServer({ sessions })
  const reply = await Object.assign(new Browser(), { cookie: 'vonggac=x' }).send('GET', '/api/session')
  expect(reply).toMatchObject({ status: 503, code: 'store-failed' })
})
