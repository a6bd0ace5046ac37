import { EcsFlat } from '@elastic/ecs'
import type { FieldValue } from '@vonggac/contract'
import { expect, it } from 'vitest'
import { Fields } from '../fields.ts'
import { conform } from './conform.ts'
import { ecsTypes, isEcsName } from './ecs-types.ts'

const kinds: Readonly<Record<string, string>> = {
  ip: 'ip',
  long: 'integer',
  integer: 'integer',
  float: 'number',
  scaled_float: 'number',
  double: 'number',
  boolean: 'boolean',
  date: 'date',
}

it('knows the types of the ECS reference', () => {
  const reference = Object.entries(EcsFlat as Record<string, { type: string }>).filter(([, { type }]) => type in kinds)
  expect(Object.fromEntries(ecsTypes)).toEqual(Object.fromEntries(reference.map(([name, { type }]) => [name, kinds[type]])))
})

it('knows the field sets of the ECS reference', () => {
  const nested = Object.keys(EcsFlat).filter((name) => name.includes('.'))
  expect(nested.filter((name) => !isEcsName(name))).toEqual([])
  expect(['message', 'kv.user', 'users.name', '.x'].filter(isEcsName)).toEqual([])
})

it.each<[string, FieldValue, FieldValue | undefined]>([
  ['source.ip', '192.0.2.1', '192.0.2.1'],
  ['source.ip', 'gateway', undefined],
  ['source.ip', 5, undefined],
  ['host.ip', ['192.0.2.1', '2001:db8::1'], ['192.0.2.1', '2001:db8::1']],
  ['host.ip', ['192.0.2.1', ''], undefined],
  ['source.port', '443', 443],
  ['source.port', 443.5, undefined],
  ['source.port', null, undefined],
  ['event.risk_score', '1.5', 1.5],
  ['tls.established', 'true', true],
  ['tls.established', 'maybe', undefined],
  ['event.start', '2026-11-22T04:00:00Z', '2026-11-22T04:00:00Z'],
  ['event.start', 'yesterday', undefined],
  ['user.name', 5, 5],
])('%s: %j becomes %j', (name, value, expected) => {
  const fields = new Fields([[name, value]])
  conform(fields)
  expect(Object.fromEntries(fields)).toEqual(expected === undefined ? { [`unfit.${name}`]: value } : { [name]: expected })
})
