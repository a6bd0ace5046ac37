/**
 * The platform's own certificate authority: it vouches for collectors to those who send, and for senders to collectors. Nobody else needs to
 * trust it. Its key stays in `secrets/authority.key` of the data folder; keys are ECDSA P-256.
 */
import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { VonggacError } from '@vonggac/contract'
import * as x509 from '@peculiar/x509'
import type { Clock } from '../../platform/index.ts'

x509.cryptoProvider.set(webcrypto)

type Key = webcrypto.CryptoKey

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const dayMs = 86_400_000
const authorityYears = 15
/** Clocks of senders may be behind. */
const backdatedMs = dayMs
const serverDays = 397
const clientDays = 825
/** Names that one collector may answer to. */
const mostNames = 50

export interface Issued {
  /** PEM, as everything here. */
  readonly certificate: string
  /** Hexadecimal. */
  readonly serial: string
  readonly notAfter: Date
}

export class Authority {
  /** What senders and collectors are to trust. */
  readonly certificate: string
  readonly #own: x509.X509Certificate
  readonly #key: Key
  readonly #clock: Clock

  private constructor(own: x509.X509Certificate, key: Key, clock: Clock) {
    this.certificate = own.toString('pem')
    this.#own = own
    this.#key = key
    this.#clock = clock
  }

  /** Reads it from `<path>.crt` and `<path>.key`, or makes it. Throws `invalid-configuration` for files that cannot be used. */
  static async open(path: string, clock: Clock): Promise<Authority> {
    const present = await read(path)
    if (present) return new Authority(present.own, present.key, clock)
    const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
    const now = clock.now().getTime()
    const own = await x509.X509CertificateGenerator.createSelfSigned({
      name: 'CN=Vọng Gác authority',
      keys,
      signingAlgorithm: algorithm,
      notBefore: new Date(now - backdatedMs),
      notAfter: new Date(now + authorityYears * 365 * dayMs),
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    })
    await mkdir(dirname(path), { recursive: true })
    // The certificate last: where it stands, the key does.
    await writeNew(`${path}.key`, await exportKey(keys.privateKey))
    await writeNew(`${path}.crt`, own.toString('pem'))
    return new Authority(own, keys.privateKey, clock)
  }

  /** For a collector: its key never leaves it. Throws `invalid-request` for a request that nobody signed or that names too much. */
  async issueServer(requestPem: string): Promise<Issued> {
    const request = readRequest(requestPem)
    if (!request || !(await request.verify())) {
      throw new VonggacError('invalid-request', 'The certificate request cannot be read, or its signature is wrong.')
    }
    const names = namesOf(request)
    if (names.length === 0 || names.length > mostNames) {
      throw new VonggacError('invalid-request', `A certificate request of a collector names 1 to ${mostNames} addresses or host names.`)
    }
    const publicKey = await request.publicKey.export()
    return this.#issue(`CN=Vọng Gác collector`, publicKey, serverDays, x509.ExtendedKeyUsage.serverAuth, [
      new x509.SubjectAlternativeNameExtension([...names]),
    ])
  }

  /** For a source: its id is the common name, by which collectors know its frames. The key is made here and kept nowhere. */
  async issueClient(source: string): Promise<Issued & { readonly key: string }> {
    const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
    const issued = await this.#issue(`CN=${source}`, keys.publicKey, clientDays, x509.ExtendedKeyUsage.clientAuth, [])
    return { ...issued, key: await exportKey(keys.privateKey) }
  }

  async #issue(
    subject: string,
    publicKey: Key,
    days: number,
    usage: x509.ExtendedKeyUsage,
    more: readonly x509.Extension[],
  ): Promise<Issued> {
    const now = this.#clock.now().getTime()
    const certificate = await x509.X509CertificateGenerator.create({
      subject,
      issuer: this.#own.subject,
      publicKey,
      signingKey: this.#key,
      signingAlgorithm: algorithm,
      notBefore: new Date(now - backdatedMs),
      notAfter: new Date(Math.min(now + days * dayMs, this.#own.notAfter.getTime())),
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([usage]),
        await x509.AuthorityKeyIdentifierExtension.create(this.#own),
        ...more,
      ],
    })
    return { certificate: certificate.toString('pem'), serial: certificate.serialNumber, notAfter: certificate.notAfter }
  }
}

async function read(path: string): Promise<{ own: x509.X509Certificate; key: Key } | undefined> {
  const [certificate, key] = await Promise.all([
    readFile(`${path}.crt`, 'utf8').catch(absent),
    readFile(`${path}.key`, 'utf8').catch(absent),
  ])
  if (certificate === undefined) {
    // Whoever made it was stopped between the two files: nobody has trusted it yet.
    if (key !== undefined) await rm(`${path}.key`)
    return undefined
  }
  try {
    if (key === undefined) throw new Error(`${path}.key is missing`)
    const [bytes] = x509.PemConverter.decode(key)
    return {
      own: new x509.X509Certificate(certificate),
      key: await webcrypto.subtle.importKey('pkcs8', bytes!, algorithm, true, ['sign']),
    }
  } catch (error) {
    throw new VonggacError(
      'invalid-configuration',
      `The authority in ${path}.crt cannot be used: restore it and its key from a back-up, or delete both; then every certificate must be issued anew.`,
      { cause: error },
    )
  }
}

function readRequest(pem: string): x509.Pkcs10CertificateRequest | undefined {
  try {
    return new x509.Pkcs10CertificateRequest(pem)
  } catch {
    return undefined
  }
}

function namesOf(request: x509.Pkcs10CertificateRequest): readonly x509.GeneralName[] {
  return request.extensions.flatMap((extension) => (extension instanceof x509.SubjectAlternativeNameExtension ? extension.names.items : []))
}

async function exportKey(key: Key): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')
}

/** Whole or not at all, and never over another. */
async function writeNew(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}`
  await writeFile(draft, `${text}\n`, { mode: 0o600, flush: true })
  try {
    await link(draft, path)
  } finally {
    await rm(draft, { force: true })
  }
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}
