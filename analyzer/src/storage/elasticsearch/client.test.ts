import { isVonggacError } from '@vonggac/contract'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { connectElasticsearch, type Client, type ElasticsearchConfig } from './client.ts'
import { retrying } from './retry.ts'
import { isPassing, storeFailed } from './trouble.ts'

let server: Server | undefined
let client: Client | undefined
afterEach(async () => {
  await client?.close()
  server?.closeAllConnections()
  server?.close()
})

/** A server that says what version it is and answers everything else by `answer`. */
async function connectTo(
  version: string,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  config: Partial<ElasticsearchConfig> = {},
): Promise<Client> {
  server = createServer((request, response) => {
    response.setHeader('x-elastic-product', 'Elasticsearch').setHeader('content-type', 'application/json')
    if (request.url === '/') response.end(JSON.stringify({ version: { number: version } }))
    else answer(request, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  client = connectElasticsearch({ nodes: [`http://127.0.0.1:${(server.address() as AddressInfo).port}`], ...config })
  return client
}

const failing = (status: number, type: string, reason: string) => (_: IncomingMessage, response: ServerResponse) =>
  response.writeHead(status).end(JSON.stringify({ error: { type, reason }, status }))

/** As version 8 does it. */
function strict(major: number) {
  return (request: IncomingMessage, response: ServerResponse) => {
    const media = [request.headers.accept, request.headers['content-type']].join(' ')
    const versions = [...media.matchAll(/compatible-with=(\d)/g)].map(([, version]) => Number(version))
    if (versions.length === 0 || versions.some((version) => version !== major))
      return failing(400, 'media_type_header_exception', media)(request, response)
    return response.end('{"errors":false,"items":[],"hits":{"hits":[]}}')
  }
}

describe.each([8, 9])('a server of version %i', (major) => {
  it('is spoken to in its own language', async () => {
    const client = await connectTo(`${major}.1.0`, strict(major))
    await expect(client.search({ index: 'a', query: { match_all: {} } })).resolves.toBeDefined()
    await expect(client.bulk({ operations: [{ create: { _index: 'a' } }, { n: 1 }] })).resolves.toBeDefined()
  })
})

describe('a secret', () => {
  const basic = (password: string) => `Basic ${Buffer.from(`vonggac:${password}`).toString('base64')}`

  it.each<[string, (read: () => string) => Partial<ElasticsearchConfig>, (secret: string) => string]>([
    ['an API key', (apiKey) => ({ apiKey }), (key) => `ApiKey ${key}`],
    ['a password', (password) => ({ username: 'vonggac', password }), basic],
  ])('is read again when it is refused: %s', async (_, config, header) => {
    let valid = 'first'
    let kept: string | undefined = 'first'
    let reads = 0
    const read = () => {
      reads++
      if (kept === undefined) throw new Error('no such file')
      return kept
    }
    const answer = (request: IncomingMessage, response: ServerResponse) =>
      request.headers.authorization === header(valid)
        ? strict(9)(request, response)
        : failing(401, 'security_exception', 'unable to authenticate')(request, response)
    const client = await connectTo('9.1.0', answer, config(read))
    const ask = () => client.search({ index: 'a' })
    await ask()
    await ask()
    expect(reads).toBe(1)
    valid = 'second'
    await expect(ask()).rejects.toThrow('security_exception')
    kept = undefined
    await expect(ask()).rejects.toThrow('security_exception')
    kept = 'second'
    const sendBulk = () => client.bulk({ operations: [{ create: { _index: 'a' } }, { n: 1 }] })
    await expect(Promise.all([ask(), ask(), sendBulk()])).resolves.toBeDefined()
    reads = 0
    await ask()
    expect(reads).toBe(0)
  })

  it('that cannot be read at the start is said at once', () => {
    const apiKey = () => {
      throw new Error('no such file')
    }
    expect(() => connectElasticsearch({ nodes: ['http://127.0.0.1:9200'], apiKey })).toThrow('no such file')
  })
})

describe('what is wrong', () => {
  const detail = (work: Promise<unknown>) =>
    work.then(
      () => 'nothing',
      (error: unknown) => storeFailed('cannot search', error).message,
    )

  it.each<[number, string, string, RegExp]>([
    [401, 'security_exception', 'unable to authenticate', /refuses the API key/],
    [403, 'security_exception', 'action [x] is unauthorized', /lacks a privilege \(action \[x\]/],
    [403, 'cluster_block_exception', 'index [a] blocked by: read-only', /takes no writes .*Free disk space/],
    [429, 'es_rejected_execution_exception', 'queue is full', /overloaded \(queue is full\)/],
    [503, 'no_shard_available_action_exception', 'no shard', /not available \(no shard\)/],
    [400, 'mapper_parsing_exception', 'failed to parse', /answered 400: failed to parse/],
  ])('is said for %i %s', async (status, type, reason, expected) => {
    const client = await connectTo('9.1.0', failing(status, type, reason))
    expect(await detail(client.search({ index: 'a' }))).toMatch(expected)
  })

  it('is said where nothing or something else answers', async () => {
    const old = await connectTo('7.17.0', strict(7))
    expect(await detail(old.search())).toMatch(/version 7\.17\.0, and 8 or 9 is needed/)
    server!.closeAllConnections()
    await new Promise((closed) => server!.close(closed))
    expect(await detail(old.search())).toMatch(/cannot be reached .*Check that it runs/)
  })

  it.each<[Partial<ElasticsearchConfig>, RegExp]>([
    [{ nodes: ['search:9200'] }, /"search:9200" is not an address/],
    [{ apiKey: 'k', username: 'u' }, /not both/],
    [{ username: 'u' }, /give both/],
    [{ caFile: '/does/not/exist.pem' }, /certificate file .* cannot be read/],
    [{ caFile: import.meta.filename }, /certificate file .* cannot be read/],
  ])('is said of the configuration %o', (config, expected) => {
    const connect = () => connectElasticsearch({ nodes: ['http://127.0.0.1:9200'], ...config })
    expect(connect).toThrow(expected)
    expect(connect).toThrow(expect.toSatisfy((error) => isVonggacError(error, 'invalid-configuration')))
  })
})

describe.runIf(existsSync('/usr/bin/openssl'))('a certificate', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'vonggac-certificate-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  /** What a request comes to at a server whose certificate, which signs itself, is for the name. */
  async function askSecurely(name: string, scheme: 'http' | 'https', isNamed: boolean): Promise<unknown> {
    const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
    const named = ['-subj', '/CN=search', '-addext', `subjectAltName=${name}`]
    execFileSync('/usr/bin/openssl', [...made, ...named, '-keyout', 'key.pem', '-out', 'ca.pem'], { cwd: folder, stdio: 'ignore' })
    const files = { key: readFileSync(join(folder, 'key.pem')), cert: readFileSync(join(folder, 'ca.pem')) }
    const answer = (_request: IncomingMessage, response: ServerResponse) => {
      response.setHeader('x-elastic-product', 'Elasticsearch').setHeader('content-type', 'application/json')
      response.end('{"version":{"number":"9.1.0"}}')
    }
    server = (scheme === 'https' ? createSecureServer(files, answer) : createServer(answer)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const nodes = [`https://127.0.0.1:${(server.address() as AddressInfo).port}`]
    client = connectElasticsearch({ nodes, ...(isNamed && { caFile: join(folder, 'ca.pem') }) })
    return client.info().then(
      () => undefined,
      (error: unknown) => error,
    )
  }

  it('is trusted that the CA file names', async () => {
    expect(await askSecurely('IP:127.0.0.1', 'https', true)).toBeUndefined()
  })

  it.each<[string, Parameters<typeof askSecurely>, RegExp]>([
    ['that nobody names', ['IP:127.0.0.1', 'https', false], /certificate is not trusted .*as the CA file/],
    ['for another address', ['DNS:search.example', 'https', true], /certificate is for another address .*Address it as/],
    ['that is missing', ['IP:127.0.0.1', 'http', true], /does not speak TLS .*begins with http, not https/],
  ])('%s is not trusted, and it is said what to do', async (_, asked, expected) => {
    const error = await askSecurely(...asked)
    expect(isPassing(error)).toBe(false)
    expect(storeFailed('cannot search', error).message).toMatch(expected)
  })
})

describe('patience', () => {
  it('repeats what failed for a moment, and only that', async () => {
    let asked = 0
    const client = await connectTo('9.1.0', (request, response) => {
      if (++asked < 4) failing(asked % 2 === 0 ? 429 : 503, 'busy', 'wait')(request, response)
      else failing(404, 'index_not_found_exception', 'no such index')(request, response)
    })
    await expect(retrying(() => client.search({ index: 'a' }), { random: () => 0 })).rejects.toThrow('index_not_found_exception')
    expect(asked).toBe(4)
  })

  it('ends', async () => {
    const client = await connectTo('9.1.0', failing(429, 'busy', 'wait'))
    const error = await retrying(() => client.search({ index: 'a' }), { forMs: 200 }).catch((error: unknown) => error)
    expect(isPassing(error)).toBe(true)
  })
})
