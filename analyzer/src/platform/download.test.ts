import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Scope } from '@vonggac/contract'
import { afterEach, expect, it } from 'vitest'
import type { StreamedDownload } from './handler.ts'
import { asBrowser, fixedSessions, testServer } from './testing.ts'

const analyst: Scope = { agency: '*', role: 'analyst', tlp: 'TLP:RED', actor: 'an' }
const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** Asks a real server, on a socket, for a file of these chunks. */
async function ask(chunks: (signal: AbortSignal) => AsyncIterable<Uint8Array>, encoding = 'identity'): Promise<IncomingMessage> {
  const { app } = await testServer({
    sessions: fixedSessions({ an: analyst }),
    handlers: {
      exportEvents: async (_request, _scope, { signal }): Promise<StreamedDownload> => ({
        fileName: 'a.ndjson',
        type: 'application/x-ndjson',
        headers: { 'x-vonggac-events': '3' },
        chunks: chunks(signal),
      }),
    },
  })
  closing.push(() => app.close())
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const period = 'from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z'
  const request = get(`http://127.0.0.1:${port}/api/events/export?${period}`, {
    headers: { ...asBrowser('an'), 'accept-encoding': encoding },
  })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  return response
}

const kilobyte = Buffer.from(`${'x'.repeat(1023)}\n`)

it.each(['identity', 'gzip'])('sends a file while it is made, and cuts the connection where making it fails (%s)', async (encoding) => {
  const whole = await ask(async function* () {
    yield kilobyte
    yield kilobyte
  }, encoding)
  expect(whole.statusCode).toBe(200)
  expect(whole.headers).toMatchObject({ 'content-type': 'application/x-ndjson', 'x-vonggac-events': '3' })
  whole.resume()
  await once(whole, 'end')
  expect(whole.complete).toBe(true)

  const broken = await ask(async function* () {
    yield kilobyte
    throw new Error('the disk is gone')
  }, encoding)
  broken.resume()
  await expect(once(broken, 'end')).rejects.toThrow('aborted')
  expect(broken.complete).toBe(false)
})

it('makes no more than the caller takes, and stops when the caller goes away', async () => {
  let made = 0
  let ended = false
  let aborted = false
  const response = await ask(async function* (signal) {
    signal.addEventListener('abort', () => (aborted = true))
    try {
      for (;;) {
        made++
        yield Buffer.alloc(1 << 20, 'x')
      }
    } finally {
      ended = true
    }
  })
  response.pause()
  // What buffers on the way take; a file that is made without regard to the caller would never end.
  await expect.poll(async () => made).toBeGreaterThan(0)
  const before = made
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(made - before).toBeLessThan(50)
  response.destroy()
  await expect.poll(() => ended && aborted).toBe(true)
})
