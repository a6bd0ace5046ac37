import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { routes, say, VonggacError, type Scope } from '@vonggac/contract'
import { Registry } from 'prom-client'
import { afterEach, describe, expect, test } from 'vitest'
import { registerGauges } from './gauges.ts'
import { asBrowser, fixedSessions, testServer, type TestServer, type TestServerOptions } from './testing.ts'

const scope = (role: Scope['role'], agency = '*'): Scope => ({ agency, role, tlp: 'TLP:RED', actor: role })
const sessions = fixedSessions({
  viewer: scope('viewer'),
  analyst: scope('analyst'),
  manager: scope('manager'),
  administrator: scope('administrator'),
})

const open: TestServer[] = []
async function serve(options: Partial<TestServerOptions> = {}): Promise<TestServer> {
  const server = await testServer({ sessions, ...options })
  open.push(server)
  return server
}
afterEach(async () => {
  for (const { app } of open.splice(0)) await app.close()
})

const about = async () => ({ name: 'Vọng Gác', version: '1', operator: { vi: 'Trung tâm', en: 'Centre' } })

describe('routes', () => {
  test('every route of the contract is served, and none without a session unless it is public', async () => {
    const { app } = await serve()
    const answers = await Promise.all(
      Object.entries(routes).map(async ([name, route]) => {
        const reply = await app.inject({ method: route.method, url: route.path.replaceAll(/:(\w+)/g, 'x') })
        return [name, reply.json().code === 'not-signed-in' ? 'guarded' : reply.json().code === 'not-found' ? 'missing' : 'public']
      }),
    )
    expect(answers).toEqual(Object.entries(routes).map(([name, route]) => [name, route.role === 'public' ? 'public' : 'guarded']))
  })

  test('a handler gets validated parts with their defaults, the scope of the session, and the exchange', async () => {
    const calls: unknown[] = []
    const { app } = await serve({
      handlers: {
        listCases: async (request, given, exchange) => {
          calls.push({ query: request.query, scope: given, session: exchange.sessionId })
          return { items: [], next: null, counts: { status: {} } }
        },
      },
    })
    const reply = await app.inject({ url: '/api/cases?status=open,closed', headers: asBrowser('viewer') })
    expect(reply.statusCode).toBe(200)
    expect(reply.json()).toEqual({ items: [], next: null, counts: { status: {} } })
    expect(calls).toEqual([{ query: { limit: 50, status: ['open', 'closed'] }, scope: scope('viewer'), session: 'viewer' }])
  })

  test('a role below the required one is refused before the body is read', async () => {
    const { app } = await serve()
    const reply = await app.inject({ method: 'POST', url: '/api/users', headers: asBrowser('manager'), payload: { nonsense: true } })
    expect(reply.json()).toMatchObject({ status: 403, code: 'forbidden', detail: 'This needs the role administrator; yours is manager.' })
  })

  test('a file is answered with its type and its name in any script', async () => {
    const { app } = await serve({
      handlers: { noticePdf: async () => ({ fileName: 'Thông báo sự cố đầu.pdf', bytes: new TextEncoder().encode('%PDF') }) },
    })
    const reply = await app.inject({ url: '/api/cases/1/notice.pdf', headers: asBrowser('analyst') })
    expect(reply.headers['content-type']).toBe('application/pdf')
    expect(reply.headers['content-disposition']).toBe(
      `attachment; filename="Thong bao su co dau.pdf"; filename*=UTF-8''Th%C3%B4ng%20b%C3%A1o%20s%E1%BB%B1%20c%E1%BB%91%20%C4%91%E1%BA%A7u.pdf`,
    )
    expect(reply.body).toBe('%PDF')
  })
})

describe('problems', () => {
  test('a mistake names each place', async () => {
    const { app } = await serve()
    const reply = await app.inject({
      method: 'POST',
      url: '/api/users',
      headers: asBrowser('administrator'),
      payload: { userName: 'a', displayName: 'A', password: 'short', role: 'viewer' },
    })
    expect(reply.headers['content-type']).toMatch(/^application\/problem\+json/)
    expect(reply.json()).toMatchObject({ status: 400, code: 'invalid-request', type: 'urn:vonggac:error:invalid-request' })
    expect(reply.json().errors.map((place: { path: string }) => place.path)).toEqual(['body.userName', 'body.password'])
    expect(reply.json().said).toEqual(['body.userName:', say('user-name-form'), '·', 'body.password:', say('password-short')])
  })

  test('a mistake in the query is told as well', async () => {
    const { app } = await serve()
    const reply = await app.inject({ url: '/api/cases?limit=0', headers: asBrowser('viewer') })
    expect(reply.json().errors[0].path).toBe('query.limit')
  })

  test('an error of the catalogue keeps its code, status and detail', async () => {
    const { app } = await serve({
      handlers: {
        readCase: async () => {
          throw new VonggacError('conflict', 'Somebody was faster.')
        },
      },
    })
    const reply = await app.inject({ url: '/api/cases/1', headers: asBrowser('viewer') })
    expect(reply.json()).toEqual({
      type: 'urn:vonggac:error:conflict',
      title: 'Somebody changed the record in the meantime',
      status: 409,
      code: 'conflict',
      detail: 'Somebody was faster.',
    })
  })

  test('an unforeseen error says nothing about itself but the id under which the log has it', async () => {
    const { app, log } = await serve({
      handlers: {
        about: async () => {
          throw new Error('secret inside')
        },
      },
    })
    const reply = await app.inject('/api/about')
    expect(reply.json()).toMatchObject({ status: 500, code: 'internal' })
    expect(reply.body).not.toContain('secret inside')
    const id = /under ([0-9a-f-]{36})/.exec(reply.json().detail)![1]!
    const line = log.find((entry) => entry.includes(id))!
    expect(JSON.parse(line).err.message).toBe('secret inside')
  })

  test('a reply that breaks the contract is an internal error, not a wrong answer', async () => {
    const { app } = await serve({ handlers: { about: async () => ({ name: 1 }) as never } })
    expect((await app.inject('/api/about')).json()).toMatchObject({ code: 'internal' })
  })

  test.each([
    ['an unknown address', { url: '/api/nothing' }, 404, 'not-found'],
    [
      'a body that is not JSON',
      { method: 'POST', url: '/api/session', headers: { 'content-type': 'application/json' }, payload: '{' },
      400,
      'invalid-request',
    ],
    [
      'a body of another type',
      { method: 'POST', url: '/api/session', headers: { 'content-type': 'text/xml' }, payload: '<a/>' },
      400,
      'invalid-request',
    ],
    ['no body', { method: 'POST', url: '/api/session' }, 400, 'invalid-request'],
    ['a body too large', { method: 'POST', url: '/api/session', payload: { userName: 'x'.repeat(2_000_000) } }, 413, 'too-large'],
  ] as const)('%s is a problem', async (_name, request, status, code) => {
    const { app } = await serve()
    const reply = await app.inject(request)
    expect(reply.statusCode).toBe(status)
    expect(reply.json()).toMatchObject({ status, code })
  })
})

describe('CSRF', () => {
  const signOut = { method: 'DELETE', url: '/api/session' } as const
  const handlers = { signOut: async () => undefined, session: async () => ({}) as never }

  test('what changes something needs the token of this very session', async () => {
    const { app } = await serve({ handlers })
    const { cookie } = asBrowser('viewer')
    expect((await app.inject({ ...signOut, headers: { cookie } })).json().code).toBe('csrf-mismatch')
    const foreign = asBrowser('analyst')['x-csrf-token']
    expect((await app.inject({ ...signOut, headers: { cookie, 'x-csrf-token': foreign } })).json().code).toBe('csrf-mismatch')
    expect((await app.inject({ ...signOut, headers: asBrowser('viewer') })).statusCode).toBe(204)
  })

  test.each([
    [{ origin: 'https://evil.example' }, 403],
    [{ origin: 'null' }, 403],
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ origin: 'http://console.test' }, 204],
    [{ 'sec-fetch-site': 'same-origin' }, 204],
    [{}, 204],
  ])('a request with %o is answered with %i', async (headers, status) => {
    const { app } = await serve({ handlers })
    const reply = await app.inject({ ...signOut, headers: { host: 'console.test', ...asBrowser('viewer'), ...headers } })
    expect(reply.statusCode).toBe(status)
  })

  test('with a public address only its pages may change something', async () => {
    const { app } = await serve({ handlers, publicUrl: 'https://soc.example.vn/' })
    const browser = asBrowser('viewer', '__Host-vonggac')
    const from = async (origin: string) => (await app.inject({ ...signOut, headers: { host: 'inner:1', ...browser, origin } })).statusCode
    expect(await from('https://soc.example.vn')).toBe(204)
    expect(await from('http://inner:1')).toBe(403)
  })

  test('signing in from a foreign page is refused too', async () => {
    const { app } = await serve()
    const reply = await app.inject({ method: 'POST', url: '/api/session', headers: { origin: 'https://evil.example' }, payload: {} })
    expect(reply.json().code).toBe('csrf-mismatch')
  })
})

describe('cookies', () => {
  const signIn = async (_request: unknown, _scope: unknown, exchange: { setSession(id: string, at: Date): void }) => {
    exchange.setSession('abc', new Date('2030-01-01T00:00:00Z'))
    return { name: '', version: '', operator: { vi: 'a', en: 'b' } }
  }

  test('over http they are HttpOnly and SameSite=Strict', async () => {
    const { app } = await serve({ handlers: { about: signIn } })
    const cookie = (await app.inject('/api/about')).headers['set-cookie']
    expect(cookie).toBe('vonggac=abc; Path=/; Expires=Tue, 01 Jan 2030 00:00:00 GMT; HttpOnly; SameSite=Strict')
  })

  test('over https they are bound to the host and to https', async () => {
    const { app } = await serve({ handlers: { about: signIn }, publicUrl: 'https://soc.example.vn' })
    const cookie = String((await app.inject('/api/about')).headers['set-cookie'])
    expect(cookie).toMatch(/^__Host-vonggac=abc; Path=\/; .*HttpOnly; Secure; SameSite=Strict$/)
  })
})

describe('limits', () => {
  test('sign-in is limited by address', async () => {
    const { app } = await serve({ limits: { requests: 1_000, tries: 2 } })
    const attempt = async () => (await app.inject({ method: 'POST', url: '/api/session', payload: {} })).json()
    await attempt()
    await attempt()
    expect(await attempt()).toMatchObject({ status: 429, code: 'too-many-requests' })
  })

  test('everything is limited by address', async () => {
    const { app } = await serve({ handlers: { about }, limits: { requests: 2, tries: 2 } })
    const codes = []
    for (let i = 0; i < 3; i++) codes.push((await app.inject('/api/about')).statusCode)
    expect(codes).toEqual([200, 200, 429])
  })
})

describe('headers', () => {
  test('scripts come from our own origin alone', async () => {
    const { app } = await serve({ handlers: { about } })
    const { headers } = await app.inject('/api/about')
    expect(headers['content-security-policy']).toBe(
      "default-src 'self';script-src 'self';style-src 'self' 'unsafe-inline';img-src 'self' data:;font-src 'self' data:;object-src 'none';base-uri 'self';form-action 'self';frame-ancestors 'none'",
    )
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['strict-transport-security']).toBeUndefined()
  })

  test('what has not changed is not sent again', async () => {
    const { app } = await serve({ handlers: { about } })
    const first = await app.inject('/api/about')
    const again = await app.inject({ url: '/api/about', headers: { 'if-none-match': String(first.headers.etag) } })
    expect([again.statusCode, again.body]).toEqual([304, ''])
  })

  test('a large answer is compressed', async () => {
    const { app } = await serve()
    const reply = await app.inject({ url: '/api/openapi.json', headers: { 'accept-encoding': 'gzip' } })
    expect(reply.headers['content-encoding']).toBe('gzip')
  })
})

describe('documentation, health and metrics', () => {
  test('the OpenAPI document has every operation', async () => {
    const { app } = await serve()
    const document = (await app.inject('/api/openapi.json')).json()
    const operations = Object.values(document.paths as Record<string, Record<string, { operationId: string }>>).flatMap((path) =>
      Object.values(path).map((operation) => operation.operationId),
    )
    expect(operations.toSorted()).toEqual(Object.keys(routes).toSorted())
    expect(document.paths['/api/session'].post.requestBody.content['application/json'].schema.properties).toHaveProperty('userName')
  })

  test('its page loads nothing from elsewhere and runs no inline script', async () => {
    const { app } = await serve()
    const page = await app.inject({ url: '/api/docs/', headers: { accept: 'text/html' } })
    expect(page.statusCode).toBe(200)
    expect(page.body).not.toMatch(/(src|href)="https?:/)
    expect(page.body).not.toMatch(/<script>[^<]/)
  })

  test.each([
    ['ready', 200],
    ['degraded', 200],
    ['failed', 503],
  ] as const)('a part that is %s makes /healthz answer %i', async (state, status) => {
    const { app } = await serve({ health: async () => ({ events: state, documents: 'ready' }) })
    const reply = await app.inject('/healthz')
    expect([reply.statusCode, reply.json()]).toEqual([status, { state, parts: { events: state, documents: 'ready' } }])
  })

  test('metrics are for this machine and for administrators', async () => {
    const { app } = await serve({ handlers: { about } })
    await app.inject('/api/about')
    expect((await app.inject('/metrics')).body).toContain(
      'vonggac_http_request_seconds_count{method="GET",route="/api/about",status="200"} 1',
    )
    const from = async (headers: Record<string, string>) =>
      (await app.inject({ url: '/metrics', remoteAddress: '10.0.0.9', headers })).statusCode
    expect(await from({})).toBe(401)
    expect(await from(asBrowser('manager'))).toBe(403)
    expect(await from(asBrowser('administrator'))).toBe(200)
    expect((await app.inject({ url: '/metrics', headers: { 'x-forwarded-for': '10.0.0.9' } })).statusCode).toBe(401)
  })
})

test('a gauge that cannot be read does not hide the others', async () => {
  const registry = new Registry()
  registerGauges(registry, [
    { name: 'one', help: 'One.', read: () => 1 },
    { name: 'broken', help: 'Broken.', read: () => Promise.reject(new Error('no')) },
    { name: 'by_kind', help: 'By kind.', label: 'kind', read: async () => ({ a: 2, b: 3 }) },
  ])
  const lines = (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  expect(lines).toEqual(expect.arrayContaining(['one 1', 'by_kind{kind="a"} 2', 'by_kind{kind="b"} 3']))
})

describe('the console’s files', () => {
  const page = { accept: 'text/html,application/xhtml+xml' }

  test('deep links get the page, hashed assets are kept, everything else is not found', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vonggac-console-'))
    try {
      mkdirSync(join(folder, 'assets'))
      writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Vọng Gác</title>')
      writeFileSync(join(folder, 'assets', 'index-abc123.js'), 'console.log(1)')
      const { app } = await serve({ consoleFolder: folder })
      for (const url of ['/', '/alerts/abc?tab=1']) {
        const reply = await app.inject({ url, headers: page })
        expect(reply.body).toContain('<title>Vọng Gác</title>')
        expect(reply.headers['cache-control']).toBe('no-cache')
      }
      const asset = await app.inject('/assets/index-abc123.js')
      expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable')
      expect((await app.inject({ url: '/assets/gone.js', headers: page })).statusCode).toBe(404)
      expect((await app.inject({ url: '/api/gone', headers: page })).json().code).toBe('not-found')
      expect((await app.inject('/favicon.ico')).statusCode).toBe(404)
      expect((await app.inject({ url: '/../../package.json' })).statusCode).not.toBe(200)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test('without a built console its address says what to do', async () => {
    const { app } = await serve()
    const reply = await app.inject({ url: '/', headers: page })
    expect([reply.statusCode, reply.body]).toEqual([503, 'The console is not built. Run: npm run build'])
  })
})
