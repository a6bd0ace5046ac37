import { isIP } from 'node:net'
import type { FieldValue, Scalar } from '@vonggac/contract'
import type { Fields } from '../fields.ts'

/** ECS `related.*`: every address and every user of an event in one place, so that one look-up finds it whatever its role. */
const addresses = ['source.ip', 'destination.ip', 'client.ip', 'server.ip', 'host.ip', 'source.nat.ip', 'destination.nat.ip']
const users = ['user.name', 'user.target.name', 'user.effective.name', 'source.user.name', 'destination.user.name']

export function addRelated(fields: Fields): void {
  collect(fields, 'related.ip', addresses, (value) => isIP(value) !== 0)
  collect(fields, 'related.user', users, (value) => value !== '')
}

function collect(fields: Fields, to: string, from: readonly string[], fits: (value: string) => boolean): void {
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
