import { configSchema, parseYaml, shippersOf, tokenPlaceholder, type Shipper, type Transport } from '@vonggac/contract'
import { describe, expect, it } from 'vitest'
import { ownFiles, receiverOf, type Receiver } from './receiver.ts'
import { snippetFor } from './snippet.ts'

const withTls: Receiver = {
  host: 'vonggac.example.gov.vn',
  syslog: { port: 6514, tls: true },
  http: { port: 8443, tls: true },
  lumberjack: { port: 5045, tls: true },
  relp: { port: 2515, tls: true },
  gelf: { port: 12202, tls: true },
  gelfPlain: { protocol: 'tcp', port: 12201, tls: false },
  authority: 'PEM',
  own: undefined,
}
const certified: Receiver = { ...withTls, own: ownFiles('cong') }
const plain: Receiver = {
  ...withTls,
  syslog: { port: 5514, tls: false },
  http: { port: 8089, tls: false },
  lumberjack: { port: 5044, tls: false },
  relp: { port: 2514, tls: false },
  gelf: { port: 12201, tls: false },
}
const ports = { syslog: 6514, http: 8443, lumberjack: 5045, gelf: 12202 } as const
const all = (['syslog', 'http', 'lumberjack', 'gelf'] as const)
  .flatMap((transport) => shippersOf[transport]!.map((shipper) => [transport, shipper] as const))
  .filter(([, shipper]) => shipper !== 'docker')
const yamlOnes: readonly Shipper[] = ['filebeat', 'winlogbeat', 'vector', 'fluent-bit', 'opentelemetry']

describe.each(all)('%s by %s', (transport, shipper) => {
  const overRelp = shipper === 'rsyslog-relp'
  // Over RELP with TLS, a sender has a certificate.
  const secure = overRelp ? certified : withTls

  it('names the address, trusts the authority, and has a place for the token', () => {
    const { text, others } = snippetFor(secure, transport, shipper)
    expect(text).toContain(withTls.host)
    expect(text).toContain(String(overRelp ? 2515 : ports[transport]))
    expect(others.map((other) => other.text)).toEqual(['PEM'])
    expect(text.replaceAll('\\\\', '\\')).toContain(others[0]!.file)
    expect(text.includes(tokenPlaceholder)).toBe(transport === 'http')
  })

  it('asks for no certificate where the collector listens without TLS', () => {
    const { text, others } = snippetFor(plain, transport, shipper)
    expect(others).toEqual([])
    expect(text).not.toMatch(/vonggac-ca\.crt|https:|gtls|tls=|tls\(|Tls/)
  })

  it.runIf(transport !== 'http')('shows the certificate of a sender that has one', () => {
    const { text } = snippetFor(certified, transport, shipper)
    expect(text).toContain('cong.crt')
    expect(text).toContain('cong.key')
    if (yamlOnes.includes(shipper)) expect(parseYaml(text)).toBeTypeOf('object')
  })

  it.runIf(yamlOnes.includes(shipper))('is YAML', () => {
    for (const to of [withTls, plain]) expect(parseYaml(snippetFor(to, transport, shipper).text)).toBeTypeOf('object')
  })

  it('has its blocks closed', () => {
    const { text } = snippetFor(secure, transport, shipper)
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
  expect(write(certified)).toMatch(/URL=https:\/\/vonggac\.example\.gov\.vn:8443\nServerKeyFile=\/etc\/vonggac\/cong\.key\n/)
  expect(write(plain)).toContain(`URL=http://vonggac:${tokenPlaceholder}@vonggac.example.gov.vn:8089`)
})

it('of RELP over TLS asks for a certificate', () => {
  expect(() => snippetFor(withTls, 'syslog', 'rsyslog-relp')).toThrow('issue one for this source')
})

it('of Docker is its configuration, over TCP or, where that is closed, UDP', () => {
  const optionsOf = (to: Receiver) => {
    const { text, others } = snippetFor(to, 'gelf', 'docker')
    expect(others).toEqual([])
    const { 'log-driver': driver, 'log-opts': options } = JSON.parse(text) as Record<string, Record<string, string>>
    expect(driver).toBe('gelf')
    expect(Object.values(options!).every((value) => typeof value === 'string')).toBe(true)
    return options!
  }
  expect(optionsOf(withTls)).toMatchObject({ 'gelf-address': 'tcp://vonggac.example.gov.vn:12201', mode: 'non-blocking' })
  const overUdp = optionsOf({ ...withTls, host: '2001:db8::1', gelfPlain: { protocol: 'udp', port: 12201, tls: false } })
  expect(overUdp['gelf-address']).toBe('udp://[2001:db8::1]:12201')
  expect(overUdp['gelf-tcp-max-reconnect']).toBeUndefined()
})

it.each<[Transport, Shipper, keyof Receiver, string]>([
  ['lumberjack', 'filebeat', 'lumberjack', 'collector.lumberjack.tlsPort'],
  ['syslog', 'rsyslog-relp', 'relp', 'collector.relp.tlsPort'],
  ['gelf', 'python', 'gelf', 'collector.gelf.tlsPort'],
  ['gelf', 'docker', 'gelfPlain', 'collector.gelf.tcpPort'],
])('of %s and %s says what the operator has to switch on first', (transport, shipper, door, setting) => {
  expect(() => snippetFor({ ...certified, [door]: undefined }, transport, shipper)).toThrow(setting)
})

it('tells senders the first name that reaches the collector from elsewhere', () => {
  const { collector } = configSchema.parse({
    collector: {
      tls: { names: ['localhost', '10.1.2.3'] },
      syslog: { tlsPort: 6514 },
      relp: { port: 2514 },
      gelf: { udpPort: 12201, tlsPort: 12202 },
    },
  })
  expect(receiverOf(collector, 'PEM')).toMatchObject({
    host: '10.1.2.3',
    syslog: { port: 6514, tls: true },
    http: { port: 8089, tls: false },
    lumberjack: undefined,
    relp: { port: 2514, tls: false },
    gelf: { port: 12202, tls: true },
    gelfPlain: { protocol: 'udp', port: 12201 },
  })
})
