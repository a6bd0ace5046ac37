import { fields, formatEventId, type FieldValue } from '@vonggac/contract'
import { readEvent } from '@vonggac/sigma'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromSource, toBareDocument, toDocument } from './document.ts'
import { kindOf, own, unindexed, unnamable } from './fields.ts'

const id = formatEventId(Date.UTC(2026, 0, 1), 'c1', 7)
const base = { [fields.id]: id, [fields.timestamp]: '2026-01-01T00:00:00.000Z', [fields.agency]: 'port', [fields.dataset]: 'd' }
const sourceOf = (event: Record<string, FieldValue>) => toDocument({ ...base, ...event })!.source
const plain = (event: object) => Object.fromEntries(Object.entries(event))
const sent = (source: object) => JSON.parse(JSON.stringify(source)) as Record<string, FieldValue>

describe('an event as a document', () => {
  const scalar = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.constantFrom('\uD800', '1e400', '10.0.0.1', '::ffff:1.2.3.4', '12', ''),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0),
    fc.boolean(),
    fc.constant(null),
  )
  const name = fc.oneof(
    fc.constantFrom(
      'source.ip',
      'source.ip.keyword',
      'source.port',
      '@timestamp',
      'event.created',
      own.odd,
      `${own.numbers}x`,
      '_id',
      ' ',
      '',
      'a.b',
    ),
    fc.string({ unit: 'binary', maxLength: 6 }).filter((text) => text !== '__proto__'),
  )
  const events = fc.dictionary(name, fc.oneof(scalar, fc.array(scalar, { maxLength: 3 })), { maxKeys: 8 })

  it('comes back as it was, from its fields or without them', () => {
    const property = fc.property(events, fc.boolean(), (more, hasTime) => {
      const event = readEvent(JSON.stringify({ ...(hasTime && { [fields.timestamp]: base[fields.timestamp] }), ...more, [fields.id]: id }))
      expect(plain(fromSource(sent(toDocument(event)!.source)))).toEqual(plain(event))
      expect(plain(fromSource(sent(toBareDocument(event, 'why')!.source)))).toEqual(plain(event))
    })
    fc.assert(property, { numRuns: 500 })
  })

  it('is none without a place among the others', () => {
    expect(toDocument({ ...base, [fields.id]: 'nonsense' })).toBeUndefined()
    expect(toBareDocument({}, 'why')).toBeUndefined()
  })

  it('always has a time that a data stream takes', () => {
    expect(sourceOf({ [fields.timestamp]: 'yesterday' })[fields.timestamp]).toBe('2026-01-01T00:00:00.000Z')
    expect(sourceOf({ [fields.timestamp]: '2026-02-03T04:05:06+07:00' })).toMatchObject({
      [fields.timestamp]: '2026-02-02T21:05:06.000Z',
      [own.odd]: [fields.timestamp],
    })
  })

  it.each<[string, FieldValue, string[] | undefined]>([
    ['user.name', 'root', undefined],
    ['user.name', ['root', 5, true], undefined],
    ['user.name', ['root', null], ['user.name']],
    ['user.name', 'a\uDC00b', ['user.name']],
    ['source.port', '443', undefined],
    ['source.port', 'https', ['source.port']],
    ['source.port', 1.5, ['source.port']],
    ['source.ip', '2001:db8::1', undefined],
    ['source.ip', 'fe80::1%eth0', ['source.ip']],
    ['source.ip', '::ffff:10.0.0.1', ['source.ip']],
    ['source.ip', 'a host', ['source.ip']],
    ['custom.level', ['3', 'high'], undefined],
    [' ', 'blank', [unnamable]],
    ['source.ip.keyword', 'x', [unnamable]],
    [own.exact, 'x', [unnamable]],
  ])('says where the index does not know all about %s: %j', (field, value, odd) => {
    expect(sourceOf({ [field]: value })[own.odd]).toEqual(odd)
  })

  it('puts the numbers of a field without a type where they can be compared', () => {
    expect(sourceOf({ 'custom.level': [3, '4.5', 'high'] })[`${own.numbers}custom.level`]).toEqual([3, 4.5])
    expect(sourceOf({ 'custom.level': 'high' })).not.toHaveProperty([`${own.numbers}custom.level`])
    expect(sourceOf({ 'user.id': '7' })).not.toHaveProperty([`${own.numbers}user.id`])
  })

  it('can be kept without any of its fields', () => {
    expect(toBareDocument({ ...base, 'custom.size': 'x' }, 'of another type')!.source).toMatchObject({
      [fields.agency]: 'port',
      [own.odd]: [unindexed],
      [own.refused]: 'of another type',
    })
  })
})

it('knows which names can be fields', () => {
  expect(['user', 'user.name', 'a b', 'Đ', 'a"b', 'constructor', 'a..b'].map(kindOf)).toEqual([
    'other',
    'text',
    'other',
    'other',
    'other',
    'other',
    'other',
  ])
  for (const name of ['', ' ', '_id', 'a*b', '\u0000', '\uD800', 'x'.repeat(300), own.odd, 'host.ip.keyword'])
    expect(kindOf(name), name).toBeUndefined()
})
