import { expect, it } from 'vitest'
import { addressAt, at, readPage, UnreadableAnswer } from './page.ts'

const url = 'https://api.example.gov.vn/v1/audit?limit=2'
const read = (answer: unknown, cursor?: Parameters<typeof addressAt>[1], links: string | null = null, items = 'data') =>
  readPage(JSON.stringify(answer), links, { items, cursor })

it('finds items and where to go on', () => {
  const field = { kind: 'field', path: 'meta.id', parameter: 'after', initial: '0' } as const
  const page = read({ data: [{ meta: { id: 4 } }, { meta: { id: 7 } }] }, field)
  expect([page.items.length, page.next]).toEqual([2, { cursor: '7' }])
  expect(read({ data: [] }, field).next).toBeUndefined()
  expect([addressAt(url, field, undefined).href, addressAt(url, field, page.next).href]).toEqual([`${url}&after=0`, `${url}&after=7`])
  const token = { kind: 'token', path: 'next', parameter: 'page token' } as const
  expect(read({ data: [], next: null }, token).next).toBeUndefined()
  expect(addressAt(url, token, { cursor: 'a&b' }).searchParams.get('page token')).toBe('a&b')
  expect(read([1, 2], undefined, null, '').items).toEqual([1, 2])
})

it('follows links on the same server alone', () => {
  const link = { kind: 'link' } as const
  const header = '<https://api.example.gov.vn/v1/audit>; rel="first prev", </v1/audit?page=2>; title="x"; rel=next'
  const { next } = read({ data: [] }, link, header)
  expect(addressAt(url, link, next).href).toBe('https://api.example.gov.vn/v1/audit?page=2')
  expect(read({ data: [] }, link, '<https://x>; rel="nextish"').next).toBeUndefined()
  for (const cursor of ['https://elsewhere.example/', 'http://api.example.gov.vn/', '//elsewhere.example/x', 'http://[']) {
    expect(() => addressAt(url, link, { cursor })).toThrow(UnreadableAnswer)
  }
})

it('says what an answer lacks', () => {
  expect(() => read({ items: [] })).toThrow('the answer has no list at "data"')
  expect(() => read({}, undefined, null, '')).toThrow('the answer is no list')
  expect(() => readPage('<html>', null, { items: '', cursor: undefined })).toThrow(/the answer is no JSON/)
  expect([at({ 'a.b': 1, a: { b: 2 } }, 'a.b'), at({ a: { b: 2 } }, 'a.b'), at({}, 'constructor.name'), at(null, 'a')]).toEqual([
    1,
    2,
    undefined,
    undefined,
  ])
})
