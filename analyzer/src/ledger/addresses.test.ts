import { configSchema } from '@vonggac/contract'
import { expect, test } from 'vitest'
import { addressesOf } from './addresses.ts'

const doors = (collector: object) => configSchema.parse({ collector }).collector
const remote = doors({
  tls: { names: ['localhost', 'nhan.example.gov.vn'] },
  syslog: { host: '0.0.0.0', tlsPort: 6514 },
  http: { host: '10.1.2.3', tlsPort: 8443 },
})

test('names what reaches the collector from elsewhere, the safest way first', () => {
  expect(addressesOf(remote, { transport: 'syslog' })).toEqual([
    'tls://nhan.example.gov.vn:6514',
    'tcp://nhan.example.gov.vn:5514',
    'udp://nhan.example.gov.vn:5514',
  ])
  expect(addressesOf(remote, { transport: 'http' })[0]).toBe('https://nhan.example.gov.vn:8443/v1/events')
})

test('says that a door is open to this machine alone', () => {
  expect(addressesOf(doors({}), { transport: 'syslog' })).toEqual(['tcp://127.0.0.1:5514', 'udp://127.0.0.1:5514'])
})

test('has none for what collectors fetch by themselves', () => {
  expect(addressesOf(remote, { transport: 'poll' })).toEqual([])
})
