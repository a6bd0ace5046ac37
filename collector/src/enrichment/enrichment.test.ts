import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { configSchema, type FieldValue } from '@vonggac/contract'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Fields } from '../fields.ts'
import { Enrichment } from './enrichment.ts'
import { mmdbOf } from './mmdb.testing.ts'
import { addSkew } from './skew.ts'
import { UserAgents } from './user-agent.ts'

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'vonggac-enrichment-'))))
afterEach(() => rmSync(folder, { recursive: true }))

const settings = (given: object = {}) => configSchema.parse({ collector: { enrichment: given } }).collector.enrichment
const enriched = (enrichment: Enrichment, fields: Record<string, FieldValue>, agency = 'yte') => {
  const map = new Fields(Object.entries(fields))
  enrichment.enrich(map, agency)
  for (const name of Object.keys(fields)) expect(map.get(name)).toEqual(fields[name])
  return Object.fromEntries([...map].filter(([name]) => !(name in fields)))
}

it('names the country of public IPv4 addresses by the file that comes with the product', async () => {
  const enrichment = new Enrichment(settings())
  expect(await enrichment.refresh()).toEqual([])
  expect(enriched(enrichment, { 'source.ip': '113.160.0.1', 'destination.ip': '8.8.8.8' })).toEqual({
    'source.geo.country_iso_code': 'VN',
    'destination.geo.country_iso_code': 'US',
  })
  for (const ip of ['10.0.0.1', '203.0.113.9', '127.0.0.1', '::1', 'fe80::1', '2001:db8::1', '2001:ee0::1', 'portal', '', '1.2.3']) {
    expect([ip, enriched(enrichment, { 'source.ip': ip })]).toEqual([ip, {}])
  }
})

it('adds the autonomous system, and leaves what the sender says', async () => {
  const [countryFile, asnFile] = [join(folder, 'country.mmdb'), join(folder, 'asn.mmdb')]
  writeFileSync(countryFile, mmdbOf([['8.0.0.0/8', { country: { iso_code: 'US' } }]]))
  writeFileSync(asnFile, mmdbOf([['8.8.8.0/24', { autonomous_system_number: 15_169, autonomous_system_organization: 'GOOGLE' }]]))
  const enrichment = new Enrichment(settings({ geoip: { countryFile, asnFile } }))
  await enrichment.refresh()
  expect(enriched(enrichment, { 'client.ip': '8.8.8.8' })).toEqual({
    'client.geo.country_iso_code': 'US',
    'client.as.number': 15_169,
    'client.as.organization.name': 'GOOGLE',
  })
  expect(enriched(enrichment, { 'server.ip': '8.8.4.4', 'server.geo.country_iso_code': 'VN' })).toEqual({})
})

it('reads a file again when it has changed, keeps the last one while it is broken, and says so', async () => {
  const countryFile = join(folder, 'country.mmdb')
  const enrichment = new Enrichment(settings({ geoip: { countryFile } }))
  const write = (content: Buffer, at: number) => {
    writeFileSync(countryFile, content)
    utimesSync(countryFile, at, at)
  }
  const country = () => enriched(enrichment, { 'source.ip': '8.8.8.8' })['source.geo.country_iso_code']
  expect(await enrichment.refresh()).toEqual([expect.stringContaining('country.mmdb cannot be used')])
  expect(country()).toBeUndefined()
  write(mmdbOf([['8.0.0.0/8', { country_code: 'US' }]]), 1_000)
  expect([await enrichment.refresh(), country()]).toEqual([[], 'US'])
  write(Buffer.from('torn'), 2_000)
  expect([await enrichment.refresh(), country()]).toEqual([[expect.stringContaining('country.mmdb cannot be used')], 'US'])
  write(mmdbOf([['8.0.0.0/8', { country_code: 'VN' }]]), 3_000)
  expect([await enrichment.refresh(), country()]).toEqual([[], 'VN'])
})

it('can be told to look nothing up', async () => {
  const enrichment = new Enrichment(settings({ geoip: { countryFile: null }, userAgent: false }))
  expect(await enrichment.refresh()).toEqual([])
  expect(enriched(enrichment, { 'source.ip': '8.8.8.8', 'user_agent.original': 'curl/8.5.0' })).toEqual({})
})

const phone = 'Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36'

it.each([
  [phone, { name: 'Chrome', version: '126.0.0.0', 'os.name': 'Android', 'os.version': '14', 'device.name': 'Samsung SM-S918B' }],
  ['curl/8.5.0', { name: 'curl', version: '8.5.0' }],
  ['sqlmap/1.7.2#stable (https://sqlmap.org)', { name: 'sqlmap', version: '1.7.2' }],
  ['-', {}],
  ['Mozilla/5.0', {}],
  [`x/1 ${'a'.repeat(100_000)}`, {}],
])('reads the user agent %.30s', (original, expected) => {
  const found = enriched(new Enrichment(settings({ geoip: { countryFile: null } })), { 'user_agent.original': original })
  expect(found).toEqual(Object.fromEntries(Object.entries(expected).map(([name, value]) => [`user_agent.${name}`, value])))
})

it('marks the systems of the event’s own agency and the direction, the smallest network first', () => {
  const enrichment = new Enrichment(settings({ geoip: { countryFile: null } }))
  enrichment.useNetworks([
    { network: '10.0.0.0/8', system: 's1', agency: 'yte', name: 'Mạng chung' },
    { network: '10.2.0.0/16', system: 's2', agency: 'yte', name: 'Bệnh án điện tử' },
    { network: '2001:db8:7::/48', system: 's2', agency: 'yte', name: 'Bệnh án điện tử' },
    { network: '10.0.0.0/8', system: 's9', agency: 'congdan', name: 'Cổng' },
    { network: '8.8.8.8', system: 's9', agency: 'congdan', name: 'Cổng' },
  ])
  const of = (source: string, destination: string, agency?: string) =>
    enriched(enrichment, { 'source.ip': source, 'destination.ip': destination }, agency)
  expect(of('8.8.8.8', '10.2.3.4')).toEqual({
    'network.direction': 'inbound',
    'vonggac.asset.system': ['s2'],
    'vonggac.asset.name': ['Bệnh án điện tử'],
  })
  expect(of('10.1.0.1', '2001:db8:7::1')).toMatchObject({ 'network.direction': 'internal', 'vonggac.asset.system': ['s1', 's2'] })
  expect(of('10.1.0.1', '1.1.1.1')).toMatchObject({ 'network.direction': 'outbound' })
  expect(of('192.168.0.1', '172.16.0.1')).toEqual({ 'network.direction': 'internal' })
  expect(of('1.1.1.1', '9.9.9.9')).toEqual({ 'network.direction': 'external' })
  expect(of('1.1.1.1', '203.0.113.9')).toEqual({})
  expect(of('8.8.8.8', '1.1.1.1', 'congdan')).toMatchObject({ 'vonggac.asset.system': ['s9'], 'network.direction': 'outbound' })
  expect(of('8.8.8.8', '10.2.3.4', 'elsewhere')).toEqual({})
  expect(enriched(enrichment, { 'source.ip': '10.2.0.1', 'destination.ip': '1.1.1.1', 'network.direction': 'egress' })).toEqual({
    'vonggac.asset.system': ['s2'],
    'vonggac.asset.name': ['Bệnh án điện tử'],
  })
})

it('flags a clock that is further off than is tolerated, with how far', () => {
  const skew = (aheadMs: number, toleratedMs = 3_600_000) => {
    const fields = new Fields()
    return addSkew(fields, 1_000_000_000 + aheadMs, 1_000_000_000, toleratedMs) ? fields.get('vonggac.clock_skew_seconds') : undefined
  }
  expect([skew(3_600_000), skew(3_600_001), skew(-7_200_500), skew(61_000, 60_000)]).toEqual([undefined, 3_600, -7_200, 61])
})

it('reads no more than a thousand new user agents a second, and the known ones all the same', () => {
  let now = 0
  const agents = new UserAgents(() => now)
  const nameOf = (original: string) => {
    const fields = new Fields([['user_agent.original', original]])
    agents.enrich(fields)
    return fields.get('user_agent.name')
  }
  const names = Array.from({ length: 1_200 }, (_, index) => nameOf(`tool-${index}/1`))
  expect([names.filter(Boolean).length, names[999], names[1_000]]).toEqual([1_000, 'tool-999', undefined])
  expect([nameOf('tool-0/1'), nameOf('curl/8')]).toEqual(['tool-0', undefined])
  now = 1_000
  expect(nameOf('wget/1')).toBe('wget')
})
