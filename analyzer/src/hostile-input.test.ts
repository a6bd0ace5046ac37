import { connect } from 'node:net'
import { routes, type RouteName } from '@vonggac/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTown, type Answer, type Town } from './testing/town.ts'

let town: Town
beforeAll(async () => {
  town = await openTown()
})
afterAll(() => town.close())

const nasty: readonly (readonly [string, string])[] = [
  ['NUL', 'a\0b'],
  ['a quote', `'; DROP TABLE document; --`],
  ['a path', '../../../../etc/passwd'],
  ['an inherited name', '__proto__'],
  ['another inherited name', 'constructor'],
  ['a long text', 'x'.repeat(5_000)],
  ['turned directions', '\u202Egnp.exe'],
  ['half a surrogate', '\uD800'],
  ['nothing', ''],
  ['a huge number', '9'.repeat(400)],
  ['the end of time', '9999-12-31T23:59:59.999Z'],
  ['the beginning of time', '0000-01-01T00:00:00Z'],
  ['a list', '[1,2]'],
  ['an object', '{"$gt":""}'],
]

/** Refused or answered, but not broken: nothing of the inside in it. */
function expectSound({ status, text }: Answer, what: string): void {
  expect([200, 204, 400, 403, 404, 409, 413], `${what}: ${text}`).toContain(status)
  if (status >= 400) expect(text, what).not.toMatch(/node_modules|\.ts:|\.js:|SQLITE|at async|\/data\//)
}

/** In a body any value may stand anywhere. */
const values = [
  'a\0b',
  '__proto__',
  '\uD800',
  '9999-12-31T23:59:59.999Z',
  'x'.repeat(5_000),
  null,
  -1,
  1e308,
  [{}],
  { ['x'.repeat(200)]: '\0' },
]

const names = Object.keys(routes) as RouteName[]

let requests = 0
/** Hundreds of requests would meet the limit of one address. */
const someAddress = () => ({ 'x-forwarded-for': `10.77.${(requests++ >> 8) & 255}.${requests & 255}` })

async function versionOf(name: RouteName, { id }: { readonly id: string }): Promise<number> {
  if (name === 'changeUser') {
    const { items } = (await town.admin.call('listUsers')).body as unknown as { items: { id: string; version: number }[] }
    return items.find((user) => user.id === id)!.version
  }
  const alert = name === 'changeAlert'
  const { text, body } = await town.admin.call(alert ? 'readAlert' : 'readCase', { params: { id } })
  expect(body, text).toHaveProperty(alert ? 'alert.version' : 'case.version')
  return (body as Record<string, { version: number }>)[alert ? 'alert' : 'case']!.version
}

/** Every text that a route's request may hold, at its place: found by the shape of the schema. */
function fieldsOf(part: unknown): string[] {
  return Object.keys((part as { shape?: object } | undefined)?.shape ?? {})
}

describe('hostile input', () => {
  test.each(names.filter((name) => routes[name].params))('%s takes any address', async (name) => {
    const keys = fieldsOf(routes[name].params)
    for (const [what, text] of nasty.filter(([what]) => what !== 'nothing' && what !== 'half a surrogate')) {
      const params = Object.fromEntries(keys.map((key) => [key, text]))
      expectSound(await town.admin.call(name, { params, ...(routes[name].body ? { body: {} } : {}) }, someAddress()), what)
    }
  })

  test.each(names.filter((name) => routes[name].query))('%s takes any query', async (name) => {
    const { congdan } = town.estates
    const known = { id: /sources/.test(routes[name].path) ? congdan.source : congdan.case }
    for (const key of fieldsOf(routes[name].query)) {
      for (const [what, text] of nasty) {
        const base = fieldsOf(routes[name].query).includes('from') ? { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' } : {}
        expectSound(await town.admin.call(name, { params: known, query: { ...base, [key]: text } }, someAddress()), `${key}: ${what}`)
      }
      const twice = `${routes[name].path.replace(/:id/, known.id)}?${key}=1&${key}=2`
      expectSound(await town.admin.send('GET', twice, undefined, someAddress()), `${key} twice`)
    }
  })

  test.each(names.filter((name) => routes[name].body && name !== 'signIn' && name !== 'setup'))('%s takes any body', async (name) => {
    const { congdan } = town.estates
    const params = {
      id: name === 'changeAlert' || name === 'escalateAlert' ? congdan.alert : name === 'changeUser' ? congdan.user : congdan.case,
      task: congdan.task,
      obligation: congdan.obligation,
    }
    const base = { title: 'Tên', text: 'Lời', severity: 'low', enabled: true, done: true, values: {} }
    let version = 1
    for (const key of fieldsOf(routes[name].body)) {
      for (const value of values) {
        const send = () => town.admin.call(name, { params, body: { ...base, version, [key]: value } }, someAddress())
        let answer = await send()
        if (answer.code === 'conflict' && key !== 'version') {
          version = await versionOf(name, params)
          answer = await send()
        }
        expectSound(answer, `${key}: ${JSON.stringify(value).slice(0, 60)}`)
      }
    }
  })

  test.each([
    ['__proto__', '{"__proto__":{"isAdmin":true},"userName":"a","password":"b"}'],
    ['constructor', '{"constructor":{"prototype":{"x":1}},"userName":"a","password":"b"}'],
    ['depth', `{"userName":${'['.repeat(100_000)}${']'.repeat(100_000)},"password":"b"}`],
    ['a number without end', `{"userName":1e999999,"password":${'9'.repeat(100_000)}}`],
    ['not JSON', '{"password":"hunter2-hunter2"'],
  ])('a body with %s is refused and nothing of it is shown', async (_name, text) => {
    const reply = await fetch(`${town.base}/api/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: text })
    expect(reply.status).toBe(400)
    const said = await reply.text()
    expect(said.length).toBeLessThan(2_000)
    expect(said).not.toContain('hunter2')
  })

  test('a case stays readable whatever was written into it', async () => {
    for (const name of ['readCase', 'readNotice', 'listCases', 'noticePdf', 'noticeDocx'] as const) {
      const { status, text } = await town.admin.call(name, { params: { id: town.estates.congdan.case } })
      expect(status === 200 ? 200 : text, name).toBe(200)
    }
    expect((await town.admin.call('listAlerts')).status).toBe(200)
  })

  test('bytes that are no UTF-8 and addresses that are none are problems', async () => {
    for (const path of ['/api/alerts/%ff%fe', '/api/alerts/%', '/api/alerts/%00', '/%c0%ae%c0%ae/%c0%ae%c0%ae/etc/passwd']) {
      const answer = await town.admin.send('GET', path)
      expectSound(answer, path)
      expect([400, 404], path).toContain(answer.status)
      expect(answer.code, answer.text).toBeDefined()
    }
  })

  test.each([
    '/../../../../etc/passwd',
    '/assets/../../../package.json',
    '/assets/..%2f..%2f..%2fpackage.json',
    '/assets/%2e%2e/%2e%2e/package.json',
    '/assets/..%5c..%5cpackage.json',
    '/api/docs/static/../../../../package.json',
    '/api/docs/static/%2e%2e%2f%2e%2e%2fpackage.json',
    '//etc/passwd',
  ])('no file outside the console is served at %s', async (path) => {
    const { port } = new URL(town.base)
    const reply = await raw(Number(port), `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
    expect(reply).not.toMatch(/root:|"workspaces"|"dependencies"/)
    expect(reply).toMatch(/^HTTP\/1\.1 (301|400|403|404) /)
  })

  test.each([
    ['two lengths', 'Content-Length: 4\r\nContent-Length: 5\r\n'],
    ['a length and chunks', 'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n'],
    ['an unknown coding', 'Transfer-Encoding: xchunked\r\n'],
    ['a folded header', 'X-A: b\r\n c: d\r\nContent-Length: 0\r\n X: y\r\n'],
    ['headers without end', `X-A: ${'a'.repeat(100_000)}\r\n`],
  ])('a request with %s is refused', async (_name, headers) => {
    const { port } = new URL(town.base)
    const reply = await raw(Number(port), `POST /api/session HTTP/1.1\r\nHost: x\r\n${headers}\r\nabcd`)
    expect(reply).toMatch(/^HTTP\/1\.1 4\d\d /)
  })
})

/** Sends these bytes and gives the whole answer. */
function raw(port: number, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(request))
    socket.setTimeout(30_000, () => socket.destroy())
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
      if (!/connection: keep-alive/i.test(text)) return
      socket.end()
    })
    socket.on('close', () => resolve(text))
    socket.on('error', (error) => (text ? resolve(text) : reject(error)))
  })
}
