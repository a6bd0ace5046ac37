import { configSchema } from '@vonggac/contract'
import { expect, test } from 'vitest'
import { addressesOf } from './addresses.ts'

const doors = (collector: object) => configSchema.parse({ collector }).collector
const remote = doors({
  tls: { names: ['localhost', 'nhan.example.gov.vn'] },
  syslog: { host: '0.0.0.0', tlsPort: 6514 },
  http: { host: '10.1.2.3', tlsPort: 8443 },
  relp: { host: '0.0.0.0', port: 2514, tlsPort: 2515 },
  lumberjack: { host: '0.0.0.0', port: 5044, tlsPort: 5045 },
  gelf: { host: '0.0.0.0', udpPort: 12_201, tcpPort: 12_201, tlsPort: 12_202 },
})

test('names what reaches the collector from elsewhere, the safest way first', () => {
  expect(addressesOf(remote, { transport: 'syslog' })).toEqual([
    'tls://nhan.example.gov.vn:6514',
    'relp+tls://nhan.example.gov.vn:2515',
    'relp://nhan.example.gov.vn:2514',
    'tcp://nhan.example.gov.vn:5514',
    'udp://nhan.example.gov.vn:5514',
  ])
  expect(addressesOf(remote, { transport: 'http' })[0]).toBe('https://nhan.example.gov.vn:8443/v1/events')
})

test('names the doors of Beats, GELF and journals, those that are open', () => {
  expect(addressesOf(remote, { transport: 'lumberjack' })).toEqual([
    'beats+tls://nhan.example.gov.vn:5045',
    'beats://nhan.example.gov.vn:5044',
  ])
  expect(addressesOf(remote, { transport: 'gelf' })).toEqual([
    'gelf+tls://nhan.example.gov.vn:12202',
    'gelf+tcp://nhan.example.gov.vn:12201',
    'gelf+udp://nhan.example.gov.vn:12201',
  ])
  expect(addressesOf(remote, { transport: 'journald' })[0]).toBe('https://nhan.example.gov.vn:8443')
  expect(addressesOf(doors({}), { transport: 'gelf' })).toEqual([])
})

test('says that a door is open to this machine alone', () => {
  expect(addressesOf(doors({}), { transport: 'syslog' })).toEqual(['tcp://127.0.0.1:5514', 'udp://127.0.0.1:5514'])
})

test('has none for what collectors fetch by themselves', () => {
  expect(addressesOf(remote, { transport: 'poll' })).toEqual([])
})
