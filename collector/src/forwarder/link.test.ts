import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { batchHeaderName, type BatchHeader } from '@vonggac/contract'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Link } from './link.ts'

const header: BatchHeader = { collector: 'c1', first: 3, last: 4, count: 2, tallies: [] }
const body = Buffer.from('{"a":1}\n{"a":2}\n')
const { signal } = new AbortController()

let server: Server
let port: number
let got: { headers: Record<string, unknown>; body: Buffer }[]
let answer: { status: number; value: unknown }

beforeEach(async () => {
  got = []
  answer = { status: 200, value: { collector: 'c1', last: 4, stored: 2, rejected: 0 } }
  server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      got.push({ headers: request.headers, body: Buffer.concat(chunks) })
      response.writeHead(answer.status).end(JSON.stringify(answer.value))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})

afterEach(() => {
  server.close()
  server.closeAllConnections()
})

it('sends the batch with its header and secret, plain on this machine and packed to another', async () => {
  const plain = new Link({ targets: [{ host: '127.0.0.1', port }], secret: 's' })
  expect(await plain.sendBatch(header, body, signal)).toMatchObject({ last: 4, stored: 2 })
  const packed = new Link({ targets: [{ host: '127.0.0.1', port }], secret: 's', compress: true })
  await packed.sendBatch(header, body, signal)
  expect(got[0]!.body).toEqual(body)
  expect(gunzipSync(got[1]!.body)).toEqual(body)
  expect(got[1]!.headers).toMatchObject({ authorization: 'Bearer s', 'content-encoding': 'gzip', 'content-type': 'application/x-ndjson' })
  expect(JSON.parse(String(got[0]!.headers[batchHeaderName]))).toEqual(header)
  plain.close()
  packed.close()
})

it.each([
  [{ status: 503, value: { detail: 'the store does not answer' } }, 'the analyzer answered 503: the store does not answer'],
  [{ status: 200, value: { collector: 'c1', last: 9, stored: 2, rejected: 0 } }, 'the analyzer answered for another batch'],
  [{ status: 200, value: 'ok' }, 'something that is no receipt'],
])('takes %j for no acknowledgement', async (given, message) => {
  answer = given
  const link = new Link({ targets: [{ host: '127.0.0.1', port }], secret: 's' })
  await expect(link.sendBatch(header, body, signal)).rejects.toThrow(message)
  link.close()
})

it('says when nobody answers', async () => {
  server.close()
  const link = new Link({ targets: [{ host: '127.0.0.1', port }], secret: 's' })
  await expect(link.sendBatch(header, body, signal)).rejects.toThrow('no answer from the analyzer: ')
  link.close()
})

it('turns to the next analyzer when one does not answer, and stays there', async () => {
  const gone = createServer()
  await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve))
  const closed = (gone.address() as AddressInfo).port
  await new Promise((resolve) => gone.close(resolve))
  const targets = [closed, port].map((each) => ({ host: '127.0.0.1', port: each }))
  const link = new Link({ targets, secret: 's' })
  await expect(link.sendBatch(header, body, signal)).rejects.toThrow('no answer from the analyzer')
  await link.sendBatch(header, body, signal)
  await link.sendBatch(header, body, signal)
  expect(got).toHaveLength(2)
  link.close()
})
