import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as x509 from '@peculiar/x509'
import { configSchema, type CertificateGrant } from '@vonggac/contract'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { IdentityKeeper, type TlsIdentity } from './identity.ts'

let folder: string
let grant: CertificateGrant
let keeper: IdentityKeeper
const asked = vi.fn<() => Promise<CertificateGrant>>()
const followed: TlsIdentity[] = []

/** What this process does besides the pauses goes on in its own time. */
const settled = async (state: () => boolean) => {
  while (!state()) await new Promise(setImmediate)
}

async function issue(): Promise<CertificateGrant> {
  const keys = await webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])
  const extensions = [new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: 'localhost' }])]
  const notAfter = new Date(Date.now() + 365 * 86_400_000)
  const made = await x509.X509CertificateGenerator.createSelfSigned({ name: 'CN=c1', keys, notAfter, extensions })
  return { certificate: made.toString('pem'), authority: made.toString('pem') }
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-identity-'))
  grant = await issue()
  followed.length = 0
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
  keeper = new IdentityKeeper({
    settings: configSchema.parse({ collector: { tls: { names: ['localhost'] } } }).collector.tls,
    folder: join(folder, 'tls'),
    log: pino({ level: 'silent' }),
    now: Date.now,
    random: () => 1,
    ask: asked,
  })
  keeper.follow((identity) => followed.push(identity))
})
afterEach(() => {
  keeper.stop()
  vi.useRealTimers()
  asked.mockReset()
  rmSync(folder, { recursive: true })
})

/** Lets the pause that is under way be over, and gives its milliseconds when the work behind it is done. */
async function afterThePause(): Promise<number> {
  const before = Date.now()
  vi.advanceTimersToNextTimer()
  const pause = Date.now() - before
  await settled(() => vi.getTimerCount() === 1)
  return pause
}

it('asks for a certificate in short pauses at first, then in longer ones, and uses it as soon as it comes', async () => {
  asked.mockRejectedValue(new Error('no answer from the analyzer'))
  await keeper.start()
  const pauses: number[] = []
  for (let turn = 0; turn < 6; turn++) pauses.push(await afterThePause())
  expect(pauses).toEqual([200, 400, 800, 1_600, 3_200, 5_000])
  expect(asked).toHaveBeenCalledTimes(7)
  expect(followed).toEqual([])
  asked.mockResolvedValue(grant)
  await afterThePause()
  expect(followed).toMatchObject([grant])
})

it('asks for none while the one it has is good', async () => {
  asked.mockResolvedValue(grant)
  await keeper.start()
  expect(followed).toMatchObject([grant])
  await afterThePause()
  expect(asked).toHaveBeenCalledTimes(1)
})
