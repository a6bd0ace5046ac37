/**
 * The door for commands on this machine: a port of 127.0.0.1 whose number and token stand in `secrets/keeping.json`, which only the
 * platform's own user can read. `POST /jobs {kind, folder?}` starts a job, `GET /jobs` tells the newest one; both answer with it.
 */
import { randomBytes } from 'node:crypto'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { isVonggacError, systemScope, VonggacError, type StorageJob } from '@vonggac/contract'
import { z } from 'zod'
import { constantTimeEquals } from '../platform/index.ts'
import type { StorageJobs } from './jobs.ts'

const askSchema = z.strictObject({ kind: z.enum(['back-up', 'check']), folder: z.string().min(1).max(4_096).optional() })
const longestAsk = 10_000
const scope = systemScope('command')

export interface KeepingDoor {
  close(): Promise<void>
}

export async function openKeepingDoor(jobs: StorageJobs, secretsFolder: string): Promise<KeepingDoor> {
  const token = randomBytes(32).toString('base64url')
  const server = createServer((request, response) => {
    answer(request, jobs, token).then(
      (job) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(job)),
      (error: unknown) => {
        const known = isVonggacError(error) ? error : new VonggacError('internal', error instanceof Error ? error.message : String(error))
        response.writeHead(known.status, { 'content-type': 'application/problem+json' }).end(JSON.stringify(known.toProblem()))
      },
    )
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  const file = join(secretsFolder, 'keeping.json')
  const { port } = server.address() as AddressInfo
  await mkdir(secretsFolder, { recursive: true, mode: 0o700 })
  await writeFile(`${file}.new`, JSON.stringify({ port, token }), { mode: 0o600 })
  await rename(`${file}.new`, file)
  return {
    async close() {
      await rm(file, { force: true })
      await closed(server)
    },
  }
}

async function answer(request: IncomingMessage, jobs: StorageJobs, token: string): Promise<StorageJob> {
  if (!constantTimeEquals(request.headers.authorization ?? '', `Bearer ${token}`)) {
    throw new VonggacError('not-signed-in', 'The token is another than that of this analyzer.')
  }
  if (request.url !== '/jobs') throw new VonggacError('not-found', 'There is nothing here.')
  if (request.method === 'POST') {
    const { kind, folder } = readAsk(await bodyOf(request))
    return jobs.start(scope, kind, folder)
  }
  const [newest] = await jobs.list()
  if (newest === undefined) throw new VonggacError('not-found', 'No job was started yet.')
  return newest
}

function readAsk(text: string): z.infer<typeof askSchema> {
  try {
    return askSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new VonggacError('invalid-request', 'The request names no job: {"kind": "back-up" or "check", "folder": …}.', { cause })
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request as AsyncIterable<Buffer>) {
    text += chunk.toString()
    if (text.length > longestAsk) throw new VonggacError('too-large', 'The request is too large.')
  }
  return text
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
