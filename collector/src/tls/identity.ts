import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isIP } from 'node:net'
import type { CertificateGrant, Config } from '@vonggac/contract'
import type { Logger } from 'pino'
import { z } from 'zod'
import { Backoff } from '../backoff.ts'
import { ensureFolder, writeAtomically } from '../platform/index.ts'
import { SourceMistake } from '../source-mistake.ts'
import { makeCertificateRequest } from './certificate-request.ts'

/** PEM: what the collector shows to those who send, and whose certificates it trusts. */
export interface TlsIdentity {
  readonly certificate: string
  readonly key: string
  readonly authority: string
}

const savedSchema = z.object({ certificate: z.string(), key: z.string(), authority: z.string() })
const renewBeforeMs = 30 * 86_400_000
/** Reached step by step: an analyzer that starts together with the collector answers soon, and until it does TLS is refused. */
const longestRetryMs = 5_000
const checkAgainMs = 6 * 3_600_000

export interface IdentityParts {
  readonly settings: Config['collector']['tls']
  readonly folder: string
  readonly log: Logger
  readonly now: () => number
  readonly ask: (request: string) => Promise<CertificateGrant>
  readonly random?: () => number
}

/**
 * The collector's certificate: the operator's own, or one that the platform's authority issued, which is renewed in time and asked for until
 * the analyzer answers. Those who listen are told of each.
 */
export class IdentityKeeper {
  readonly #parts: IdentityParts
  readonly #listeners: ((identity: TlsIdentity) => void)[] = []
  readonly #backoff: Backoff
  #current: TlsIdentity | undefined
  #timer: NodeJS.Timeout | undefined
  #stopped = false

  constructor(parts: IdentityParts) {
    this.#parts = parts
    this.#backoff = new Backoff(longestRetryMs, parts.random)
  }

  /** Called at once with the present identity, if there is one, and with each later one. */
  follow(listener: (identity: TlsIdentity) => void): void {
    this.#listeners.push(listener)
    if (this.#current) listener(this.#current)
  }

  /** @throws SourceMistake for files of the operator that cannot be used */
  async start(): Promise<void> {
    const own = await readOwn(this.#parts.settings)
    if (own) return this.#use(own)
    const saved = await this.#readSaved()
    if (saved) this.#use(saved)
    await this.#renew()
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
  }

  async #renew(): Promise<void> {
    const wait = await this.#renewIfDue().then(
      () => {
        this.#backoff.reset()
        return checkAgainMs
      },
      (error: Error) => {
        this.#parts.log.warn({ reason: error.message }, 'the analyzer issued no certificate yet: asking again')
        return this.#backoff.next()
      },
    )
    if (!this.#stopped) this.#timer = setTimeout(() => void this.#renew(), wait)
    this.#timer?.unref()
  }

  async #renewIfDue(): Promise<void> {
    const { settings, ask, log } = this.#parts
    if (this.#current && isGood(this.#current, settings.names, this.#parts.now())) return
    const { key, request } = await makeCertificateRequest(settings.names)
    const identity = { ...(await ask(request)), key }
    await ensureFolder(this.#parts.folder)
    await writeAtomically(this.#path, JSON.stringify(identity))
    if (!this.#stopped) this.#use(identity)
    log.info(
      { names: settings.names, until: new X509Certificate(identity.certificate).validTo },
      'the platform issued a certificate for TLS',
    )
  }

  async #readSaved(): Promise<TlsIdentity | undefined> {
    const text = await readFile(this.#path, 'utf8').catch(() => '')
    try {
      return text === '' ? undefined : savedSchema.parse(JSON.parse(text))
    } catch {
      this.#parts.log.warn('the certificate for TLS cannot be read: another is asked for')
      return undefined
    }
  }

  get #path(): string {
    return join(this.#parts.folder, 'identity.json')
  }

  #use(identity: TlsIdentity): void {
    this.#current = identity
    for (const listener of this.#listeners) listener(identity)
  }
}

async function readOwn({ certificateFile, keyFile, authorityFile }: Config['collector']['tls']): Promise<TlsIdentity | undefined> {
  if (certificateFile === undefined && keyFile === undefined) return undefined
  if (certificateFile === undefined || keyFile === undefined)
    throw new SourceMistake(
      'collector.tls',
      'certificateFile and keyFile go together: give both, or none for a certificate of the platform',
    )
  const read = (path: string, name: string) =>
    readFile(path, 'utf8').catch((error: Error) => {
      throw new SourceMistake(`collector.tls.${name}`, error.message)
    })
  const certificate = await read(certificateFile, 'certificateFile')
  const key = await read(keyFile, 'keyFile')
  return { certificate, key, authority: authorityFile === undefined ? '' : await read(authorityFile, 'authorityFile') }
}

/** Whether it names every address and does not end soon. */
function isGood({ certificate }: TlsIdentity, names: readonly string[], now: number): boolean {
  const own = new X509Certificate(certificate)
  if (Date.parse(own.validTo) - now < renewBeforeMs) return false
  return names.every((name) => (isIP(name) ? own.checkIP(name) : own.checkHost(name)) !== undefined)
}
