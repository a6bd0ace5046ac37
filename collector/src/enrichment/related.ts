import type { FieldValue, Scalar } from '@vonggac/contract'
import { fieldId, type FieldId } from '../field-names.ts'
import type { Fields } from '../fields.ts'
import { isAddress } from './address.ts'

/** ECS `related.*`: every address, user, host and hash of an event in one place, so that one look-up finds it whatever its role. */
const addresses = [
  'source.ip',
  'destination.ip',
  'client.ip',
  'server.ip',
  'host.ip',
  'observer.ip',
  'source.nat.ip',
  'destination.nat.ip',
  'dns.resolved_ip',
].map(fieldId)
const users = ['user.name', 'user.target.name', 'user.effective.name', 'source.user.name', 'destination.user.name'].map(fieldId)
const hosts = [
  'host.name',
  'host.hostname',
  'observer.hostname',
  'source.domain',
  'destination.domain',
  'url.domain',
  'dns.question.name',
  'tls.client.server_name',
].map(fieldId)
const hashes = [
  'file.hash.md5',
  'file.hash.sha1',
  'file.hash.sha256',
  'process.hash.md5',
  'process.hash.sha1',
  'process.hash.sha256',
  'dll.hash.md5',
  'dll.hash.sha1',
  'dll.hash.sha256',
  'tls.client.ja3',
  'tls.server.ja3s',
].map(fieldId)

const related = { ip: fieldId('related.ip'), user: fieldId('related.user'), hosts: fieldId('related.hosts'), hash: fieldId('related.hash') }

export function addRelated(fields: Fields): void {
  collect(fields, related.ip, addresses, (value) => isAddress(value))
  collect(fields, related.user, users, (value) => value !== '')
  collect(fields, related.hosts, hosts, (value) => value !== '' && !isAddress(value))
  collect(fields, related.hash, hashes, (value) => value !== '')
}

function collect(fields: Fields, to: FieldId, from: readonly FieldId[], fits: (value: string) => boolean): void {
  let found: Scalar[] | undefined
  for (const name of from) {
    const value = fields.get(name)
    if (value === undefined) continue
    for (const one of Array.isArray(value) ? (value as readonly Scalar[]) : [value as Scalar]) {
      if (typeof one !== 'string' || !fits(one)) continue
      found ??= [...listOf(fields.get(to))]
      if (!found.includes(one)) found.push(one)
    }
  }
  if (found) fields.set(to, found)
}

function listOf(value: FieldValue | undefined): readonly Scalar[] {
  if (value === undefined) return []
  return Array.isArray(value) ? (value as readonly Scalar[]) : [value as Scalar]
}
