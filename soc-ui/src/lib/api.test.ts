import { routes, type Session } from '@vonggac/contract'
import { describe, expect, it, vi } from 'vitest'
import { addressOf, createClient, fileNameOf } from './api.ts'
import { ApiError } from './problem.ts'

const session: Session = {
  user: {
    id: 'u1',
    userName: 'lan.nt',
    displayName: 'Nguyễn Thị Lan',
    role: 'analyst',
    agency: '*',
    clearance: 'TLP:RED',
    disabled: false,
    createdAt: '2026-11-22T00:00:00Z',
    version: 1,
  },
  csrfToken: 'token-1',
  expiresAt: '2026-11-22T12:00:00Z',
}

function json(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })
}

/** A client whose server answers in turn, and the requests that it was sent. */
function clientWith(...replies: (Response | Error)[]) {
  const send = vi.fn<typeof fetch>(async () => {
    const reply = replies.shift()
    if (!reply) throw new Error('no reply is left')
    if (reply instanceof Error) throw reply
    return reply
  })
  const headersOf = (call: number) => new Headers(send.mock.calls[call]?.[1]?.headers)
  return { client: createClient(send), send, headersOf }
}

describe('addressOf', () => {
  it('puts parameters in their places, escaped', () => {
    expect(addressOf('readAlert', { params: { id: 'a/b c' } })).toBe('/api/alerts/a%2Fb%20c')
    expect(addressOf('changeCaseTask', { params: { id: 'c1', task: 't1' }, body: { version: 1 } })).toBe('/api/cases/c1/tasks/t1')
  })

  it('joins lists by commas and leaves out what is empty', () => {
    const address = addressOf('listAlerts', {
      query: { status: ['new', 'closed'], severity: [], entity: '', agency: undefined, limit: 20 } as never,
    })
    expect(decodeURIComponent(address)).toBe('/api/alerts?status=new,closed&limit=20')
    expect(routes.listAlerts.query.parse({ status: 'new,closed' }).status).toEqual(['new', 'closed'])
  })
})

describe('the client', () => {
  it('sends the CSRF token of the session with what changes something, and only with that', async () => {
    const { client, headersOf } = clientWith(json(session), json({ items: [] }), new Response(null, { status: 204 }))
    await client.call('session', {})
    await client.call('listRules', {})
    await client.call('signOut', {})
    expect(headersOf(1).get('x-csrf-token')).toBeNull()
    expect(headersOf(2).get('x-csrf-token')).toBe('token-1')
  })

  it('sends a body as JSON', async () => {
    const { client, send, headersOf } = clientWith(json(session))
    await client.call('signIn', { body: { userName: 'lan.nt', password: 'secret' } })
    expect(send.mock.calls[0]?.[1]).toMatchObject({ method: 'POST', body: '{"userName":"lan.nt","password":"secret"}' })
    expect(headersOf(0).get('content-type')).toBe('application/json')
  })

  it('turns problem+json into an error with its code, title, detail and places', async () => {
    const problem = {
      type: 'urn:vonggac:error:invalid-request',
      title: 'The request is not valid',
      status: 400,
      code: 'invalid-request',
      detail: 'Correct the body.',
      errors: [{ path: 'userName', message: 'too short' }],
    }
    const { client } = clientWith(json(problem, 400))
    const error = await client.call('listRules', {}).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ApiError)
    expect(error).toMatchObject({
      code: 'invalid-request',
      status: 400,
      title: problem.title,
      message: problem.detail,
      places: problem.errors,
    })
  })

  it('makes a readable error of a proxy’s page and of no answer at all', async () => {
    const { client } = clientWith(
      new Response('<h1>Bad gateway</h1>', { status: 502, statusText: 'Bad Gateway' }),
      new TypeError('fetch failed'),
    )
    await expect(client.call('listRules', {})).rejects.toMatchObject({ code: 'unexpected-reply', status: 502, message: 'Bad Gateway' })
    await expect(client.call('listRules', {})).rejects.toMatchObject({ code: 'unreachable', status: 0 })
  })

  it('refuses a reply that breaks the contract, naming the route', async () => {
    const { client } = clientWith(json({ items: [{ id: 1 }] }))
    await expect(client.call('listRules', {})).rejects.toMatchObject({
      code: 'unexpected-reply',
      message: expect.stringContaining('listRules') as string,
    })
  })

  it('lets an abort through as it is', async () => {
    const controller = new AbortController()
    controller.abort()
    const abort = new DOMException('aborted', 'AbortError')
    const { client } = clientWith(abort)
    await expect(client.call('listRules', {}, controller.signal)).rejects.toBe(abort)
  })

  it('downloads a file under the name that the server gives', async () => {
    const disposition = `attachment; filename="thong-bao.docx"; filename*=UTF-8''${encodeURIComponent('Thông báo VG-2026-0001.docx')}`
    const { client, send } = clientWith(new Response('bytes', { headers: { 'content-disposition': disposition } }))
    const { blob, fileName } = await client.download('noticeDocx', { params: { id: 'c1' }, query: { language: 'vi' } })
    expect(fileName).toBe('Thông báo VG-2026-0001.docx')
    expect(await blob.text()).toBe('bytes')
    expect(send.mock.calls[0]?.[0]).toBe('/api/cases/c1/notice.docx?language=vi')
  })
})

it('fileNameOf falls back to the plain name, and to nothing', () => {
  expect(fileNameOf('attachment; filename=notice.pdf')).toBe('notice.pdf')
  expect(fileNameOf(null)).toBeUndefined()
})
