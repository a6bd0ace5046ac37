import * as fc from 'fast-check'

/** Values that make life hard for a store with columns. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom(
    '',
    '0x10',
    '010',
    '1e3',
    'null',
    'true',
    '\uD800',
    'a\uDC00b',
    '\u0000',
    'Đà Nẵng',
    '"\\',
    '2026-01-01T00:00:00Z',
    '12345678901234567890',
    '{"a":1}',
    'NaN',
  ),
)
const number = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0),
  fc.constantFrom(1e21, 1e-7, 0.1, 2 ** 63),
)
const scalar = fc.oneof(text, number, fc.boolean(), fc.constant(null))
const value = fc.oneof({ weight: 3, arbitrary: scalar }, { weight: 1, arbitrary: fc.array(scalar, { maxLength: 3 }) })
const field = fc.oneof(
  fc.constantFrom(
    'User',
    'user',
    'user.name',
    'User.Name',
    'user.id',
    'source.port',
    'source.ip',
    'tags',
    'event.category',
    'message',
    'process.pid',
    'custom.a',
  ),
  fc.constantFrom('_x', '_t', '_odd', '_exact', 'constructor', 'a"b', "a'b", 'a/b~c', '', 'Đ', '\uD800', 'event.severity'),
  fc.string({ maxLength: 8 }).filter((name) => name !== '__proto__'),
)
/** An event's fields besides those that every event has. */
export const fields = fc.dictionary(field, value, { maxKeys: 8 })
