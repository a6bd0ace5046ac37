import { sourceSchema } from '@vonggac/contract'
import { expect, test } from 'vitest'
import type { ParserLibrary } from '../parsers/library.ts'
import { sourceRetention } from './source-retention.ts'

const library = { find: (name: string) => ({ dataset: `${name}.log` }) } as Pick<ParserLibrary, 'find'> as ParserLibrary
const policy = { days: 365, exceptions: [{ dataset: 'nginx.log', days: 90 }] }
let made = 0
const source = (agency: string, parser: string, retentionDays: number | null) => ({
  config: sourceSchema.parse({ id: `s${++made}`, name: { vi: 'a', en: 'a' }, agency, transport: 'http', parsers: [parser] }),
  retentionDays,
})

test('a source’s own retention goes before the policy', () => {
  expect(sourceRetention([source('a', 'nginx', 30), source('b', 'sshd', 730)], library, policy)).toEqual([
    { agency: 'a', dataset: 'nginx.log', days: 30 },
    { agency: 'b', dataset: 'sshd.log', days: 730 },
  ])
})

test('where sources share a dataset the longest counts, be it the policy’s', () => {
  const days = (...sources: ReturnType<typeof source>[]) => sourceRetention(sources, library, policy).map((one) => one.days)
  expect(days(source('a', 'sshd', 30), source('a', 'sshd', 60))).toEqual([60])
  expect(days(source('a', 'sshd', 30), source('a', 'sshd', null))).toEqual([])
  expect(days(source('a', 'nginx', 120), source('a', 'nginx', null))).toEqual([120])
})
