import { emptyCounts } from '@vonggac/contract'
import { expect, it } from 'vitest'
import { unlistedSource } from './status.ts'

const nameOf = (source: string) =>
  unlistedSource({ source, agency: 'attt', counts: emptyCounts(), upTo: {}, lastMinute: '2026-11-22T10:00:00.000Z' }).name

it('names the places where collectors turn away what is no source’s, and says of other ids that they are not configured', () => {
  expect(nameOf('syslog-tls')).toEqual({ vi: 'Kết nối bị từ chối: syslog TLS', en: 'Connections turned away: syslog TLS' })
  expect(nameOf('unknown').en).toBe('Unknown senders')
  expect(nameOf('cong-cu').vi).toBe('cong-cu (chưa khai báo)')
  expect(nameOf('constructor').en).toBe('constructor (not configured)')
})
