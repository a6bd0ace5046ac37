import { configSchema, parseYaml, shippersOf, tokenPlaceholder, type Shipper, type Transport } from '@vonggac/contract'
import { describe, expect, it } from 'vitest'
import { ownFiles, receiverOf, type Receiver } from './receiver.ts'
import { snippetFor } from './snippet.ts'

const withTls: Receiver = {
  host: 'vonggac.example.gov.vn',
  syslog: { port: 6514, tls: true },
  http: { port: 8443, tls: true },
  lumberjack: { port: 5045, tls: true },
  authority: 'PEM',
  own: undefined,
}
const plain: Receiver = {
  ...withTls,
  syslog: { port: 5514, tls: false },
  http: { port: 8089, tls: false },
  lumberjack: { port: 5044, tls: false },
}
const ports = { syslog: 6514, http: 8443, lumberjack: 5045 } as const
const all = (['syslog', 'http', 'lumberjack'] as const).flatMap((transport) =>
  shippersOf[transport]!.map((shipper) => [transport, shipper] as const),
)
const yamlOnes: readonly Shipper[] = ['filebeat', 'winlogbeat', 'vector', 'fluent-bit', 'opentelemetry']

describe.each(all)('%s by %s', (transport, shipper) => {
  it('names the address, trusts the authority, and has a place for the token', () => {
    const { text, others } = snippetFor(withTls, transport, shipper)
    expect(text).toContain(withTls.host)
    expect(text).toContain(String(ports[transport]))
    expect(others.map((other) => other.text)).toEqual(['PEM'])
    expect(text.replaceAll('\\\\', '\\')).toContain(others[0]!.file)
    expect(text.includes(tokenPlaceholder)).toBe(transport === 'http')
  })

  it('asks for no certificate where the collector listens without TLS', () => {
    const { text, others } = snippetFor(plain, transport, shipper)
    expect(others).toEqual([])
    expect(text).not.toMatch(/vonggac-ca\.crt|https:|gtls/)
  })

  it.runIf(transport !== 'http')('shows the certificate of a sender that has one', () => {
    const { text } = snippetFor({ ...withTls, own: ownFiles('cong') }, transport, shipper)
    expect(text).toContain('cong.crt')
    expect(text).toContain('cong.key')
    if (yamlOnes.includes(shipper)) expect(parseYaml(text)).toBeTypeOf('object')
  })

  it.runIf(yamlOnes.includes(shipper))('is YAML', () => {
    for (const to of [withTls, plain]) expect(parseYaml(snippetFor(to, transport, shipper).text)).toBeTypeOf('object')
  })

  it('has its blocks closed', () => {
    const { text } = snippetFor(withTls, transport, shipper)
    for (const [open, close] of ['()', '{}', '[]'].map((pair) => [...pair] as [string, string]))
      expect(text.split(open).length, open).toBe(text.split(close).length)
  })
})

it.each<[Transport, Shipper]>([
  ['syslog', 'curl'],
  ['http', 'rsyslog'],
  ['gelf', 'filebeat'],
])('of %s and %s: writes it or says what there is', (transport, shipper) => {
  const known = shippersOf[transport]?.includes(shipper) ?? false
  if (known) expect(snippetFor(plain, transport, shipper).text).not.toBe('')
  else expect(() => snippetFor(plain, transport, shipper)).toThrow(`no configuration of ${shipper}`)
})

it('of journald shows a certificate over TLS, for which it asks, and the token without', () => {
  const write = (to: Receiver) => snippetFor(to, 'journald', 'systemd-journal-upload').text
  expect(() => write(withTls)).toThrow('issue one for this source')
  expect(write({ ...withTls, own: ownFiles('cong') })).toMatch(
    /URL=https:\/\/vonggac\.example\.gov\.vn:8443\nServerKeyFile=\/etc\/vonggac\/cong\.key\n/,
  )
  expect(write(plain)).toContain(`URL=http://vonggac:${tokenPlaceholder}@vonggac.example.gov.vn:8089`)
})

it('says what the operator has to switch on first', () => {
  expect(() => snippetFor({ ...plain, lumberjack: undefined }, 'lumberjack', 'filebeat')).toThrow('collector.lumberjack.tlsPort')
})

it('tells senders the first name that reaches the collector from elsewhere', () => {
  const { collector } = configSchema.parse({ collector: { tls: { names: ['localhost', '10.1.2.3'] }, syslog: { tlsPort: 6514 } } })
  expect(receiverOf(collector, 'PEM')).toMatchObject({
    host: '10.1.2.3',
    syslog: { port: 6514, tls: true },
    http: { port: 8089, tls: false },
  })
})
