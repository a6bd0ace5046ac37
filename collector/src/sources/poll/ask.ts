import { readFile } from 'node:fs/promises'
import type { PollSource } from './source.ts'

/** The server did not give an answer that can be used. */
export class Refused extends Error {
  /** For how long it asked to be left alone. */
  readonly waitMs: number | undefined

  constructor(message: string, waitMs?: number) {
    super(message)
    this.waitMs = waitMs
  }
}

export interface Answer {
  readonly text: string
  /** Of its header `link`. */
  readonly links: string | null
}

const slowestMs = 30_000
const mostBytes = 16 * 1024 * 1024
const longestWaitMs = 3_600_000

/** One request. @throws Refused */
export async function ask(url: URL, source: PollSource, secretPath: string, stopped: AbortSignal): Promise<Answer> {
  const { method, body, headers, secret } = source
  const own = new Headers({ accept: 'application/json', 'user-agent': 'vonggac' })
  if (body !== undefined) own.set('content-type', 'application/json')
  for (const [name, value] of Object.entries(headers)) own.set(name, value)
  if (secret) own.set(secret.header, secret.prefix + (await readSecret(secretPath)))
  try {
    const signal = AbortSignal.any([stopped, AbortSignal.timeout(slowestMs)])
    const answer = await fetch(url, { method, headers: own, redirect: 'error', signal, ...(body !== undefined && { body }) })
    if (answer.ok) return { text: await readText(answer), links: answer.headers.get('link') }
    await answer.body?.cancel()
    throw new Refused(`it answers ${answer.status} ${answer.statusText}`.trimEnd(), waitOf(answer.headers.get('retry-after')))
  } catch (error) {
    if (error instanceof Refused) throw error
    const { message, cause } = error as Error
    const slow = (error as Error).name === 'TimeoutError' ? `it did not answer within ${slowestMs / 1000} seconds` : undefined
    throw new Refused(slow ?? (cause instanceof Error && cause.message !== '' ? cause.message : message))
  }
}

async function readSecret(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw new Refused(`its secret cannot be read: ${error.message}`)
  })
  return text.trim()
}

async function readText(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.length
    if (length > mostBytes) throw new Refused(`its answer is longer than ${mostBytes} bytes: ask for fewer items at a time`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** `retry-after` is seconds or a date. */
function waitOf(header: string | null): number | undefined {
  if (header === null) return undefined
  const wait = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now()
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(wait, 0), longestWaitMs)
}
