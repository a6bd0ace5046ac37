import { mkdtempSync, rmSync, writeFileSync, statSync } from 'node:fs'
import { X509Certificate } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Authority } from './authority.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-authority-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const clock = { now: () => new Date('2026-11-22T03:00:00Z') }
const open = () => Authority.open(join(folder, 'secrets/authority'), clock)

test('it is made once, its key for the owner alone', async () => {
  const first = await open()
  expect((await open()).certificate).toBe(first.certificate)
  expect(statSync(join(folder, 'secrets/authority.key')).mode & 0o777).toBe(0o600)
  const own = new X509Certificate(first.certificate)
  expect([own.ca, own.subject, own.verify(own.publicKey)]).toEqual([true, 'CN=Vọng Gác authority', true])
})

test('a client certificate names its source, is signed by the authority and is nothing but a client', async () => {
  const authority = await open()
  const { certificate, key, serial, notAfter } = await authority.issueClient('cong-dan-web')
  const made = new X509Certificate(certificate)
  expect(made.checkIssued(new X509Certificate(authority.certificate))).toBe(true)
  expect(made.verify(new X509Certificate(authority.certificate).publicKey)).toBe(true)
  expect([made.subject, made.ca, made.serialNumber.toLowerCase(), made.keyUsage]).toEqual([
    'CN=cong-dan-web',
    false,
    serial,
    ['1.3.6.1.5.5.7.3.2'],
  ])
  expect(notAfter).toEqual(new Date('2029-02-24T03:00:00Z'))
  expect(key).toMatch(/^-----BEGIN PRIVATE KEY-----/)
})

test('files that were tampered with are told, not made anew', async () => {
  await open()
  writeFileSync(join(folder, 'secrets/authority.key'), 'x')
  await expect(open()).rejects.toMatchObject({ code: 'invalid-configuration' })
})

test('a key whose certificate was never written is made anew', async () => {
  await open()
  rmSync(join(folder, 'secrets/authority.crt'))
  await expect(open()).resolves.toBeInstanceOf(Authority)
})

test('a request that nobody signed is refused', async () => {
  await expect(
    (await open()).issueServer('-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----'),
  ).rejects.toMatchObject({
    code: 'invalid-request',
  })
})
