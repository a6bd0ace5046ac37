import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mostSenderFields, tooManyFieldsTag, type Step } from '../draft.ts'
import { cef } from './cef.ts'
import { csv } from './csv.ts'
import { kv } from './kv.ts'
import { leef } from './leef.ts'
import { draftOf, run } from './testing.ts'
import { xml } from './xml.ts'

describe('csv', () => {
  it('reads quotes, skips columns, leaves out what is empty or absent', () => {
    const step = "- csv: { columns: [a, '', b, c, d, e], absent: '-' }"
    expect(run(step, 'x,skipped,"one, ""two""",-,,end')).toEqual({ message: expect.any(String), a: 'x', b: 'one, "two"', e: 'end' })
  })
  it('keeps what stands behind the named columns, and where a quote never ends', () => {
    expect(run('- csv: { columns: [a, b], rest: more }', '1,2,3,"4,5"')).toMatchObject({ a: '1', b: '2', more: '3,"4,5"' })
    expect(run('- csv: { columns: [a, b, c] }', '1,"2,3')).toMatchObject({ a: '1', b: '2,3' })
    expect(run('- csv: { columns: [a, b] }', '"1"x,2')).toMatchObject({ a: '1x', b: '2' })
  })
  it('refuses a text with too few columns', () => {
    expect(run('- csv: { columns: [a, b, c], least: 3 }', '1,2')).toBeUndefined()
    expect(run('- csv: { columns: [a, b, c], separator: "\\t", least: 3 }', '1\t\t3')).toMatchObject({ a: '1', c: '3' })
  })
  it('gives back what was written', () => {
    const value = fc.string({ unit: fc.constantFrom('a', ',', '"', ' ', 'đ'), maxLength: 6 })
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 5 }), (values) => {
        const own = draftOf(values.map((one) => `"${one.replaceAll('"', '""')}"`).join(','))
        const columns = values.map((_, index) => `c${index}`)
        expect(csv({ field: 'message', columns, separator: ',', absent: undefined, least: 1, rest: undefined })(own)).toBe(true)
        expect(columns.map((name) => own.fields.get(name) ?? '')).toEqual(values)
      }),
    )
  })
})

describe('kv', () => {
  it('reads both kinds of quotes; a quote without a partner is part of the value', () => {
    expect(run('- kv: { prefix: k. }', `a="x y" b='it "is"' c="open d=2`)).toMatchObject({
      'k.a': 'x y',
      'k.b': 'it "is"',
      'k.c': '"open',
      'k.d': '2',
    })
  })
  it('reads other separators, leaves out what is absent, collects words', () => {
    expect(
      run("- kv: { separator: ';', assign: ':', prefix: k., absent: N/A }", 'time:"12:00"; action:"Accept"; user:"N/A"; none:""'),
    ).toEqual({
      message: expect.any(String),
      'k.time': '12:00',
      'k.action': 'Accept',
    })
    expect(run('- kv: { prefix: k., words: flags }', 'DROP IN=eth0 OUT= DF PROTO=TCP SYN URGP=0 end')).toMatchObject({
      'k.IN': 'eth0',
      'k.PROTO': 'TCP',
      flags: ['DROP', 'DF', 'SYN', 'end'],
    })
  })
  it('takes no more fields than are allowed, and says so', () => {
    const text = Array.from({ length: mostSenderFields + 10 }, (_, index) => `k${index}=1`).join(' ')
    const read = run('- kv: { prefix: k. }', text)!
    expect(Object.keys(read)).toHaveLength(mostSenderFields + 2)
    expect(read['tags']).toEqual([tooManyFieldsTag])
  })
})

describe('cef', () => {
  const step = '- cef: {}'
  it('reads the header with its escapes, the dictionary, and values of the sender by their labels', () => {
    const extension =
      'src=192.0.2.1 spt=4711 dst=2001:db8::1 request=https://a.example/?x=1&y=2 msg=Two words\\nand \\= more cs1=DMZ web cs1Label=Zone Name custom=1 dpt=http'
    expect(run(step, `CEF:0|Công ty|Cổng \\| web|1\\\\2|100|Tấn công web|High|${extension}`)).toEqual({
      'observer.vendor': 'Công ty',
      'observer.product': 'Cổng | web',
      'observer.version': '1\\2',
      'event.code': '100',
      'event.severity': 8,
      'cef.name': 'Tấn công web',
      message: 'Two words\nand = more',
      'source.ip': '192.0.2.1',
      'source.port': 4711,
      'destination.ip': '2001:db8::1',
      'url.original': 'https://a.example/?x=1&y=2',
      'cef.zone_name': 'DMZ web',
      'cef.custom': '1',
      'cef.dpt': 'http',
    })
  })
  it('stands behind other text, or with its first word taken for the program of a syslog message', () => {
    expect(run(step, 'fw01 CEF:1|v|p|1|2|name|5|src=192.0.2.1')).toMatchObject({ 'source.ip': '192.0.2.1', message: 'name' })
    expect(run(step, '0|v|p|1|2|name|5|', { 'process.name': 'CEF' })).not.toHaveProperty(['process.name'])
  })
  it.each(['CEF:0|v|p|1|2|name|5', 'CEF:x|v|p|1|2|name|5|', '0|v|p|1|2|name|5|', 'CEF'])('%s is none', (text) => {
    expect(run(step, text)).toBeUndefined()
  })
})

describe('leef', () => {
  const step = '- leef: {}'
  it('reads version 1 with tabs and version 2 with its delimiter', () => {
    const first = { 'observer.vendor': 'v', 'event.code': 'deny', 'source.ip': '192.0.2.1', 'source.port': 4711, 'leef.zone': 'a b' }
    expect(run(step, 'LEEF:1.0|v|p|1|deny|src=192.0.2.1\tsrcPort=4711\tzone=a b')).toMatchObject(first)
    expect(run(step, 'LEEF:2.0|v|p|1|deny|^|src=192.0.2.1^srcPort=4711^zone=a b')).toMatchObject(first)
    expect(run(step, 'LEEF:2.0|v|p|1|deny|0x5E|src=192.0.2.1^srcPort=4711^zone=a b')).toMatchObject(first)
    expect(run(step, 'LEEF:2.0|v|p|1|deny|x7c|src=192.0.2.1|srcPort=4711|zone=a b')).toMatchObject(first)
    expect(run(step, 'LEEF:2.0|v|p|1|deny||src=192.0.2.1\tsrcPort=4711\tzone=a b')).toMatchObject(first)
    expect(run(step, 'LEEF:2.0|v|p|1|deny|src=192.0.2.1\tsrcPort=4711\tzone=a b')).toMatchObject(first)
  })
  it('keeps a defined key whose value is of a wrong type below its own name', () => {
    expect(run(step, 'LEEF:1.0|v|p|1|e|src=gateway')).toMatchObject({ 'leef.src': 'gateway' })
    expect(run(step, 'LEEF:1.0|v|p')).toBeUndefined()
  })
})

describe('xml', () => {
  const step = '- xml: { prefix: x., named: [Data], names: { Event.EventData: data } }'
  it('makes flat fields of elements, attributes, named data and CDATA', () => {
    const text = `<?xml version="1.0"?><!-- c --><e:Event xmlns:e="urn:x"><System><Provider Name='P' Guid="{1}"/><EventID>4624</EventID></System>
      <EventData><Data Name="User">A &amp; B &#272;</Data><Data Name="Empty"></Data><Data>one</Data><Data>two</Data></EventData><Note><![CDATA[<b>]]></Note></e:Event>`
    expect(run(step, text)).toEqual({
      'x.Event.System.Provider.Name': 'P',
      'x.Event.System.Provider.Guid': '{1}',
      'x.Event.System.EventID': '4624',
      'x.data.User': 'A & B Đ',
      'x.data.Data': ['one', 'two'],
      'x.Event.Note': '<b>',
    })
  })
  it.each([
    ['a document type', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'],
    ['an element that does not end', '<a><b></b>'],
    ['elements that end in the wrong order', '<a><b></a></b>'],
    ['two roots', '<a/><b/>'],
    ['text around it', 'x<a/>'],
    ['too many levels', '<a>'.repeat(40) + '</a>'.repeat(40)],
    ['nothing', ''],
  ])('refuses %s', (_, text) => expect(run(step, text)).toBeUndefined())
  it('expands nothing that it does not know', () => {
    expect(run(step, '<a>&nbsp;&#x110000;&lt;</a>')).toEqual({ 'x.a': '&nbsp;&#x110000;<' })
  })
  it('gives back the text that was written', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '<', '&', '"', "'", ' ', ';', 'đ') }), (value) => {
        const written = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
        expect(run(step, `<a><b c="${written}">${written}</b></a>`) ?? {}).toEqual(
          Object.fromEntries([...(value === '' ? [] : [['x.a.b.c', value]]), ...(value.trim() === '' ? [] : [['x.a.b', value]])]),
        )
      }),
    )
  })
})

it('a decoder that reads nothing changes nothing', () => {
  for (const decoder of [
    cef('message', 'cef.'),
    leef('message', 'leef.'),
    kv({ field: 'message', separator: ' ', assign: '=', prefix: '', absent: undefined, words: 'words' }),
  ]) {
    for (const program of ['CEF', 'LEEF']) {
      const own = draftOf('0|cut or none', { 'process.name': program })
      expect(decoder(own)).toBe(false)
      expect(Object.fromEntries(own.fields)).toEqual({ message: '0|cut or none', 'process.name': program })
    }
  }
})

/** What one sender could do to all decoders: any text must be read or refused, with few fields, at a cost that grows with its length alone. */
describe('any text', () => {
  const absent = undefined
  const decoders: Readonly<Record<string, Step>> = {
    csv: csv({ field: 'message', columns: ['a', 'b', 'c'], separator: ',', absent, least: 1, rest: 'd' }),
    kv: kv({ field: 'message', separator: ' ', assign: '=', prefix: 'k.', absent, words: 'words' }),
    cef: cef('message', 'cef.'),
    leef: leef('message', 'leef.'),
    xml: xml({ field: 'message', prefix: 'x.', named: ['Data'], names: {} }),
  }
  const pieces = [
    'CEF:0|a|b|c|d|e|5|',
    'LEEF:2.0|a|b|c|d|^|',
    '<a>',
    '</a>',
    '<a b="1"/>',
    '<![CDATA[',
    ']]>',
    '&#65;',
    '|',
    '\\',
    '=',
    'k=',
    '"',
    "'",
    ' ',
    ',',
    '^',
    '<',
    '>',
  ]
  const text = fc
    .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary' })), { maxLength: 40 })
    .map((parts) => parts.join(''))

  it.each(Object.keys(decoders))('%s never throws and names nothing of ours', (name) => {
    fc.assert(
      fc.property(text, (message) => {
        const own = draftOf(message)
        decoders[name]!(own)
        for (const field of own.fields.keys())
          expect(field).not.toMatch(/^(?:event\.(?!action|code|reason|severity|timezone)|vonggac\.|organization\.)/)
      }),
    )
  })

  const long = 200_000
  const attacks = pieces.flatMap((one) => [
    one.repeat(long / one.length),
    `CEF:0|a|b|c|d|e|5|${one.repeat(long / one.length)}`,
    `<a>${one.repeat(long / one.length)}`,
  ])
  it.each(Object.keys(decoders))('%s reads a long text in time that grows with its length', (name) => {
    // A quadratic walk over 200,000 characters takes minutes, and the test its time-out.
    for (const message of [
      ...attacks,
      'a="\\"x '.repeat(long / 8),
      'a=b'.repeat(long / 3),
      `<a ${'b '.repeat(long / 2)}`,
      `<a${' '.repeat(long)}`,
    ]) {
      const own = draftOf(message)
      decoders[name]!(own)
      expect(own.fields.size).toBeLessThan(mostSenderFields + 20)
    }
  })
})
