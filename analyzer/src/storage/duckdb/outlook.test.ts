import { formatEventId, type FlatEvent } from '@vonggac/contract'
import { evaluate, readEvent, type Expression, type Test } from '@vonggac/sigma'
import * as fc from 'fast-check'
import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { PlainLine } from './engine/plain-line.ts'
import { Signing } from './engine/signing.ts'
import { hourMs } from './catalogue.ts'
import { lookOutFor } from './outlook.ts'
import { toRow } from './row.ts'
import { readSignatures, writeSignatures } from './signature-file.ts'
import { folded, keptOf, SignatureBuilder } from './signature.ts'

const receivedMs = Date.UTC(2026, 10, 22)
const [dataset, agency] = ['nginx.access', 'port']

const words = [
  'mimikatz',
  'Đăng nhập',
  'C:\\Windows\\x.exe',
  'a"b',
  'KELVIN',
  '\u212aelvin',
  'İstanbul',
  'ΟΔΟΣ',
  '😀smile',
  '\n\ttab',
  'abc',
  '',
]
const addresses = [
  '10.1.2.3',
  '10.1.2.200',
  '10.1.77.1',
  '010.1.2.3',
  '::ffff:10.1.2.3',
  '::ffff:a01:203',
  '0:0:0:0:0:FFFF:10.1.2.3',
  'fe80::1',
  '::10.1.2.3',
]
const text = fc.oneof(
  fc.constantFrom(...words, ...addresses),
  fc.tuple(fc.constantFrom(...words), fc.constantFrom(...words)).map((pair) => pair.join(' ')),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom('\ud800', 'x\udc00y', '5', '443', '1e3'),
)
const scalar = fc.oneof({ weight: 4, arbitrary: text }, fc.constantFrom<number | boolean | null>(5, 443, 4444, 1e21, 0.5, true, null))
const value = fc.oneof({ weight: 4, arbitrary: scalar }, fc.array(scalar, { maxLength: 3 }))
const field = fc.constantFrom(
  'message',
  'source.ip',
  'user.name',
  'destination.port',
  'source.port',
  'custom.a',
  'process.command_line',
  'event.category',
  'event.dataset',
)
const events = fc.array(fc.dictionary(field, value, { maxKeys: 5 }), { minLength: 1, maxLength: 6 })

const cased = fc.constantFrom({}, { cased: true as const })
const test: fc.Arbitrary<Test> = fc.oneof(
  fc.tuple(scalar, cased).map(([wanted, how]): Test => ({ kind: 'equals', value: wanted ?? 'null', ...how })),
  fc
    .tuple(fc.constantFrom('prefix', 'suffix', 'contains'), text, cased)
    .map(([kind, wanted, how]) => ({ kind, value: wanted, ...how }) as Test),
  fc.tuple(text, text).map(([a, b]): Test => ({ kind: 'glob', pattern: `*${a}?${b}*` })),
  fc.constantFrom<Test>(
    { kind: 'regex', source: 'mimi(katz|dogz)', flags: 'i' },
    { kind: 'regex', source: '(?i)kelvin', flags: '' },
    { kind: 'regex', source: '\\d', flags: '' },
    { kind: 'exists' },
    { kind: 'null' },
    { kind: 'compare', operator: 'gte', value: 100 },
    { kind: 'timePart', part: 'year', value: 1970 },
    { kind: 'equalsField', other: 'user.name', match: 'contains' },
  ),
  fc
    .constantFrom('10.1.2.0/24', '10.1.2.3/32', '10.1.0.0/16', '10.0.0.0/8', '::ffff:10.1.2.0/120', 'fe80::/10', '77.1.0.0/16', 'no')
    .map((cidr): Test => ({ kind: 'network', cidr })),
)
const leaf = fc
  .tuple(fc.oneof(field, fc.constant('*'), fc.constant('organization.id')), test)
  .map(([name, of]): Expression => ({ field: name, test: of }))
const expression: fc.Arbitrary<Expression> = fc.letrec<{ node: Expression }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small' },
    { weight: 3, arbitrary: leaf },
    tie('node').map((not) => ({ not })),
    fc.array(tie('node'), { maxLength: 3 }).map((all) => ({ all })),
    fc.array(tie('node'), { maxLength: 3 }).map((any) => ({ any })),
  ),
})).node

/** As the engine signs them: the lines that are rows nearly as they came, and the others. */
function sign(lines: readonly string[]): { signing: Signing; stored: FlatEvent[] } {
  const [signing, plain] = [new Signing(), new PlainLine()]
  const stored = lines.map((line) => {
    const [event, bytes] = [readEvent(line), Buffer.from(line)]
    const from = plain.values.count
    if (plain.read(bytes, 0, bytes.length)) Signing.addPlain(signing.partOf(plain)!, plain, from, plain.values.count, bytes)
    else signing.addEvent(event, toRow(event)!)
    return event
  })
  return { signing, stored }
}

describe('what a part can hold', () => {
  it('never rules out an event that is wanted, and is certain only of what holds for all', () => {
    fc.assert(
      fc.property(events, fc.array(expression, { minLength: 1, maxLength: 8 }), (list, wanted) => {
        const lines = list.map((rest, n) =>
          JSON.stringify({ 'event.id': formatEventId(receivedMs, 'c1', n), 'organization.id': agency, 'event.dataset': dataset, ...rest }),
        )
        const { signing, stored } = sign(lines)
        const groups = new Map<string | null, FlatEvent[]>()
        for (const event of stored) {
          const column = toRow(event)!['event.dataset']
          const key = typeof column === 'string' ? column : null
          groups.set(key, [...(groups.get(key) ?? []), event])
        }
        for (const [of, members] of groups) {
          const signature = signing.signatureOf(receivedMs / hourMs, of, agency)!
          const part = { dataset: of, agency, events: members.length, received: [], occurred: [], counts: null, signature }
          const [read] = readSignatures(writeSignatures([part]))!
          for (const each of wanted) {
            const outlook = lookOutFor(each)(read!)
            const found = members.filter((event) => evaluate(each, event)).length
            if (outlook === 'never') expect({ each, found }).toEqual({ each, found: 0 })
            if (outlook === 'always') expect({ each, found }).toEqual({ each, found: members.length })
          }
        }
      }),
      { numRuns: 800 },
    )
  })

  it.each<[string, Expression]>([
    ['a text', { field: 'message', test: { kind: 'contains', value: 'khong-co' } }],
    ['a text anywhere', { field: '*', test: { kind: 'contains', value: 'khong-co' } }],
    ['a value', { field: 'user.name', test: { kind: 'equals', value: 'lan' } }],
    ['a number', { field: 'destination.port', test: { kind: 'equals', value: 4444 } }],
    ['a network', { field: 'source.ip', test: { kind: 'network', cidr: '10.2.0.0/16' } }],
    ['a field', { field: 'process.name', test: { kind: 'exists' } }],
    ['a dataset', { field: 'event.dataset', test: { kind: 'prefix', value: 'zeek' } }],
  ])('rules out %s that is not there', (_, wanted) => {
    const rest = { 'source.ip': '10.1.2.3', 'destination.port': 443, message: 'GET /dich-vu-cong', 'user.name': 'minh' }
    const line = JSON.stringify({
      'event.id': formatEventId(receivedMs, 'c1', 1),
      'event.dataset': dataset,
      'organization.id': agency,
      ...rest,
    })
    const signature = sign([line]).signing.signatureOf(receivedMs / hourMs, dataset, agency)
    expect(lookOutFor(wanted)({ dataset, agency, signature })).toBe('never')
    expect(lookOutFor({ not: wanted })({ dataset, agency, signature })).toBe('always')
    expect(
      lookOutFor({ any: [wanted, { field: 'message', test: { kind: 'contains', value: 'DICH-VU' } }] })({ dataset, agency, signature }),
    ).toBe('maybe')
  })

  it('keeps bitmaps small where little is in them', () => {
    const builder = new SignatureBuilder()
    for (let n = 0; n < 100; n++) builder.addText(`address 10.1.2.${n}`, keptOf('process.command_line'))
    expect(folded(builder.grams).byteLength).toBeLessThan(512)
    expect(folded(builder.values).byteLength).toBeLessThan(512)
  })

  it('is known from a file of the first version, but for its six bytes and counts of values', () => {
    const builder = new SignatureBuilder()
    builder.addText('mimikatz', keptOf('user.name'))
    const file = writeSignatures([{ dataset, agency, events: 1, received: [1, 1], occurred: null, counts: [], signature: builder }])
    const end = 8 + file.readUInt32LE(4)
    const written = JSON.parse(file.toString('utf8', 8, end)) as { parts: Record<string, unknown>[] }
    for (const part of written.parts) for (const later of ['long', 'counts']) delete part[later]
    const head = Buffer.from(JSON.stringify({ version: 1, parts: written.parts }))
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32LE(head.length)
    sum.writeUInt32LE(crc32(Buffer.concat([length, head, file.subarray(end)])))
    const [read] = readSignatures(Buffer.concat([sum, length, head, file.subarray(end)]))!
    const wanted = (value: string): Expression => ({ field: '*', test: { kind: 'contains', value } })
    expect(read).toMatchObject({ counts: null, events: 1 })
    expect([wanted('mimi'), wanted('rubeus')].map((each) => lookOutFor(each)(read!))).toEqual(['maybe', 'never'])
  })

  it('is not known from a damaged file', () => {
    const builder = new SignatureBuilder()
    builder.addText('mimikatz', keptOf('process.command_line'))
    const file = writeSignatures([{ dataset, agency, events: 1, received: [1, 1], occurred: null, counts: null, signature: builder }])
    expect(readSignatures(file)).toHaveLength(1)
    for (const damage of [file.subarray(0, 5), file.subarray(0, -1), Buffer.from(file).fill(0xff, 20, 22), Buffer.alloc(0)])
      expect(readSignatures(damage)).toBeUndefined()
  })
})
