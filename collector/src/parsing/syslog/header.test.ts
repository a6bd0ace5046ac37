import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeSyslogHeader } from './header.ts'
import { readStructuredData } from './structured-data.ts'

const decode = (text: string) => {
  const header = decodeSyslogHeader(text)
  return header && { ...header, message: text.slice(header.messageAt) }
}

describe('RFC 5424', () => {
  it('reads all fields', () => {
    const data = '[origin ip="10.0.0.1"][x@1 a="q\\"]\\\\" b=""]'
    expect(decode(`<165>1 2026-11-22T11:00:00.003+07:00 web01 su 201 ID47 ${data} \ufeffđăng nhập`)).toMatchObject({
      priority: 165,
      version: 1,
      host: 'web01',
      program: 'su',
      processId: '201',
      messageId: 'ID47',
      structuredData: data,
      message: 'đăng nhập',
    })
    expect(readStructuredData(data)).toEqual([
      ['origin', 'ip', '10.0.0.1'],
      ['x@1', 'a', 'q"]\\'],
      ['x@1', 'b', ''],
    ])
  })
  it('leaves out what is nil', () => {
    expect(decode('<13>1 - - - - - -')).toMatchObject({ priority: 13, version: 1, message: '' })
    expect(decode('<13>1 - - - - - - hello')).toMatchObject({ message: 'hello' })
  })
  it('takes structured data that never ends for the message', () => {
    expect(decode('<13>1 - h a - - [x y="1" hello')).toMatchObject({ host: 'h', message: '[x y="1" hello' })
  })
})

it('takes brackets that hold no structured data for the message', () => {
  expect(decode('<134>1 2026-11-22T04:00:00Z gw CheckPoint 7 - [action:"Accept"; src:"192.0.2.1"]')).toMatchObject({
    program: 'CheckPoint',
    message: '[action:"Accept"; src:"192.0.2.1"]',
  })
})

describe('RFC 3164 and what is sent in its name', () => {
  it.each([
    ['<34>Oct 11 22:14:15 mymachine su: failed', { host: 'mymachine', program: 'su', message: 'failed' }],
    ['<34>Oct  1 22:14:15 10.0.0.1 sshd[42]: failed', { host: '10.0.0.1', program: 'sshd', processId: '42', message: 'failed' }],
    ['<13>Nov 22 11:00:00 tag: no host', { program: 'tag', message: 'no host' }],
    ['<13>Nov 22 11:00:00 tag[7]: no host', { program: 'tag', processId: '7', message: 'no host' }],
    ['<13>2026-11-22T11:00:00.5+07:00 web01 nginx: line', { host: 'web01', program: 'nginx', message: 'line' }],
    ['<189>*Nov 22 2026 11:00:00.123: %SYS-5-CONFIG_I: Configured', { program: '%SYS-5-CONFIG_I', message: 'Configured' }],
    ['<13>no time at all', { message: 'no time at all' }],
    ['<13>app: no time', { program: 'app', message: 'no time' }],
    ['Nov 22 11:00:00 web01 app: no priority', { host: 'web01', program: 'app', message: 'no priority' }],
    ['<13>Nov 22 11:00:00 web01 a message without a tag', { host: 'web01', message: 'a message without a tag' }],
  ])('%s', (text, expected) => expect(decode(text)).toMatchObject(expected))

  it.each(['plain text', '<>x', '<999>x', '<1', '', '203.0.113.1 - - [22/Nov/2026:11:00:00 +0700] "GET / HTTP/1.1"'])(
    '"%s" is no syslog',
    (text) => {
      expect(decodeSyslogHeader(text)).toBeUndefined()
    },
  )
})

it('reads any text without failing, and the message is always its end', () => {
  const piece = fc.constantFrom(
    '<13>',
    '1 ',
    'Nov 22 11:00:00 ',
    '2026-11-22T11:00:00Z ',
    '- ',
    '[',
    ']',
    '"',
    '\\',
    ':',
    ' ',
    'a',
    'tag[1]: ',
  )
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 20 }), (pieces) => {
      const text = pieces.join('')
      const at = decodeSyslogHeader(text)?.messageAt ?? 0
      expect(at).toBeGreaterThanOrEqual(0)
      expect(at).toBeLessThanOrEqual(text.length)
      readStructuredData(text)
    }),
  )
})
