/** Random events and expressions that meet each other often: both draw on the same few texts. For tests only. */
import * as fc from 'fast-check'
import type { Expression, FlatEvent, Scalar, Test } from '../../ir/expression.ts'

const oneOf = <T>(values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values)
const words = (list: string): fc.Arbitrary<string> => oneOf(list.split(' '))

/** Letters whose case is special, characters that some language quotes, and half a surrogate pair. */
const characters = oneOf([
  ...'aAbiIİıkKsSſςσΣđĐàÀßẞǅ01',
  ...' .-_%$(\\*?"\'/~\n\r\t\0😀',
  'i\u0307',
  '\u212a',
  '\u1c89',
  '\ua7dc',
  '\ud800',
])
const word = fc.array(characters, { maxLength: 4 }).map((list) => list.join(''))

const addresses = words(
  '10.1.2.3 10.0.0.0 10.255.255.255 11.0.0.1 192.168.1.127 192.168.1.128 0.0.0.0 255.255.255.255 010.1.2.3 10.1.2 10.1.2.256 ::1 :: ' +
    '0:0:0:0:0:0:0:1 fe80::1 FE80::1%eth0 febf:ffff::1 fec0::1 ::ffff:10.1.2.3 ::FFFF:0a01:0203 0:0:0:0:0:ffff:a01:203 ::10.1.2.3 ' +
    '0::ffff:a01:203 1:2:3:4:5:6:7:8 1::8 1:2:: ::7:8 1::2::3 2001:db8:: 2001:0db8:0000::0001 2001:db8:1::1 64:ff9b::10.1.2.3 ' +
    '::ffff:0:0 0:0:0:0:0:ffff:: 12345::1 ::1:0:0 x::1',
)
const networks = words(
  '10.0.0.0/8 10.1.2.3 10.1.2.0/23 192.168.1.128/25 0.0.0.0/0 ::ffff:10.0.0.0/104 fe80::/10 ::/0 ::1/128 ::/96 2001:db8::/32 ' +
    '2001:db8::/47 ::1:0:0/95 1:2::/31 1::8 nonsense 10.0.0.0/33 ::ffff:0:0/96 ::fff0:0:0/76',
)
const moments = oneOf([
  '2026-07-28 11:35:15.945',
  '2026-07-29T06:35:15+07:00',
  '2026-07-28t11:35z',
  '2026-07-28',
  '2021-01-03',
  '2021-01-04T00:00:00-0330',
  '2026-13-45 25:61:61',
  '0099-01-01',
  '2024-02-29T23:59:59\u00a0Z',
  '2026-7-28',
  '2026-00-10',
  '1969-12-31T23:59:59Z',
  '2026-07-28T11',
  '2026-02-30T11:35:15.945Z',
  '2026-07-28T11:35:15,94+00:00',
  '0000-01-01T00:00:00.000Z',
])
/** At or beside one of the moments above, and one that a number names. */
const instants = [
  '2026-07-28T11:35:15.945Z',
  '2026-07-28T11:35:15.946Z',
  '2026-07-28T23:35:15Z',
  '2026-07-28T00:00:00Z',
  '2026-03-02T00:00:00Z',
  '2021-01-04T03:30:00Z',
  '1969-12-31T23:59:59Z',
  '0099-01-01T00:00:00Z',
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999Z',
].map((time) => Date.parse(time))
const spelled = words('1 1.0 01 -1 1e1 10 5 5.5 1e999 -0 +1 .5 1. 1e+21 9007199254740993 0.00001')
const small = [0, 1, -1, 5, 10, 4625, 5.5, 0.1, 0.5, -0.5, 1e-5, 1e-6, 1.5e-7, -2.5e-9]
const large = [1e15, 1e16, 1.5e17, 1e20, 1e21, -1.25e300, 2 ** 53 - 1, 2 ** 53, 1_785_238_515_945, 8.64e15, 8.64e15 + 2]
const numbers = oneOf([...small, ...large])

export const texts = fc.oneof(
  { weight: 5, arbitrary: word },
  { weight: 2, arbitrary: addresses },
  { weight: 1, arbitrary: moments },
  { weight: 1, arbitrary: spelled },
  { weight: 1, arbitrary: oneOf(['true', 'FALSE', 'null', '']) },
)
const scalars: fc.Arbitrary<Scalar> = fc.oneof(
  { weight: 6, arbitrary: texts },
  { weight: 2, arbitrary: numbers },
  { weight: 1, arbitrary: oneOf([true, false, null]) },
)

/** The first five are columns of the test's table, named by what they hold; the others have odd names. */
const fields = ['text', 'number', 'whole', 'flag', 'list', 'a.b', 'odd /~"$*', 'other'] as const
const field = oneOf(fields)

type Values = fc.Arbitrary<Scalar | Scalar[]>
const list = (members: fc.Arbitrary<Scalar>): Values => fc.array(members, { maxLength: 3 })
const fitting: Readonly<Record<string, Values>> = { text: texts, number: numbers, whole: numbers, flag: fc.boolean(), list: list(texts) }
const valuesOf = (name: string): Values =>
  fc.oneof({ weight: 3, arbitrary: fitting[name] ?? scalars }, { weight: 1, arbitrary: scalars }, { weight: 1, arbitrary: list(scalars) })

const record = Object.fromEntries(fields.map((name) => [name, valuesOf(name)]))

export const events: fc.Arbitrary<FlatEvent> = fc.record(record, { requiredKeys: [] }).map((event) => asStored(event as FlatEvent))

/** Half a surrogate pair does not survive UTF-8. */
function asStored(event: FlatEvent): FlatEvent {
  return JSON.parse(Buffer.from(JSON.stringify(event).replace(/\\ud800/g, '\ufffd')).toString()) as FlatEvent
}

const cased = oneOf([{}, {}, { cased: true as const }])
const pieces = fc.oneof(oneOf(['*', '?', '*', '\\*', '\\?', '\\\\', '\\', '1', 'a']), characters)
const patterns = fc.array(pieces, { maxLength: 5 }).map((list) => list.join(''))
const regexPieces = words('a B . .* \\d+ \\w \\s \\S+ \\b ^ $ [ab] [^a] (a|b) (?:i) a{1,2} k s \\. 10 \\x41')
const regexStart = oneOf(['', '', '(?i)'])
const portable = fc.tuple(regexStart, fc.array(regexPieces, { maxLength: 4 })).map(([start, list]) => start + list.join(''))
const regexes = fc.oneof({ weight: 9, arbitrary: portable }, { weight: 1, arbitrary: words('đ(?i)À \\pL [[:alpha:]] (?i)σ \\x{212a}') })

const tests: fc.Arbitrary<Test> = fc.oneof(
  fc.tuple(fc.oneof(texts, numbers, fc.boolean()), cased).map(([value, how]): Test => ({ kind: 'equals', value, ...how })),
  fc.tuple(oneOf(['prefix', 'suffix', 'contains'] as const), word, cased).map(([kind, value, how]): Test => ({ kind, value, ...how })),
  fc.tuple(patterns, cased).map(([pattern, how]): Test => ({ kind: 'glob', pattern, ...how })),
  fc.tuple(regexes, oneOf(['', '', 'i', 's', 'm', 'ims'])).map(([source, flags]): Test => ({ kind: 'regex', source, flags })),
  networks.map((cidr): Test => ({ kind: 'network', cidr })),
  fc.tuple(oneOf(['lt', 'lte', 'gt', 'gte'] as const), numbers).map(([operator, value]): Test => ({ kind: 'compare', operator, value })),
  fc
    .tuple(
      oneOf(['minute', 'hour', 'day', 'week', 'month', 'year'] as const),
      oneOf([0, 1, 3, 7, 11, 28, 31, 35, 53, 59, 1970, 1999, 2026]),
    )
    .map(([part, value]): Test => ({ kind: 'timePart', part, value })),
  fc.tuple(oneOf(['since', 'before'] as const), oneOf(instants)).map(([side, at]): Test => ({ kind: 'moment', side, at })),
  oneOf<Test>([{ kind: 'exists' }, { kind: 'null' }]),
  fc
    .tuple(oneOf([...fields, '*']), oneOf(['equals', 'prefix', 'suffix', 'contains'] as const), cased)
    .map(([other, match, how]): Test => ({ kind: 'equalsField', other, match, ...how })),
)

const anywhere = fc.oneof({ weight: 6, arbitrary: field }, { weight: 1, arbitrary: fc.constant('*') })
const predicates = fc.tuple(anywhere, tests).map(([name, test]): Expression => ({ field: name, test }))

/** Several tests of one field, as lists of values in rules are. */
const ofOneField = fc
  .tuple(anywhere, fc.array(tests, { minLength: 2, maxLength: 6 }))
  .map(([name, list]): Expression => ({ any: list.map((test) => ({ field: name, test })) }))

export const expressions = fc.letrec<{ node: Expression }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small' },
    { weight: 4, arbitrary: predicates },
    { weight: 1, arbitrary: tie('node').map((not) => ({ not })) },
    { weight: 1, arbitrary: fc.array(tie('node'), { maxLength: 3 }).map((all) => ({ all })) },
    { weight: 1, arbitrary: fc.array(tie('node'), { maxLength: 3 }).map((any) => ({ any })) },
    { weight: 1, arbitrary: ofOneField },
  ),
})).node
