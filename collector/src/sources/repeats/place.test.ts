import { expect, it } from 'vitest'
import { placeName } from './place.ts'

const event = (offset: number, message = 'đăng nhập') => ({
  message,
  agent: { type: 'filebeat', id: 'b1' },
  log: { offset, file: { path: '/var/log/a' } },
  tags: [{ a: 1, b: 'hai' }, null],
})

it('names an event by what it says, in whatever order its members come', () => {
  const turned = {
    tags: [{ b: 'hai', a: 1 }, null],
    log: { file: { path: '/var/log/a' }, offset: 17 },
    agent: { id: 'b1', type: 'filebeat' },
    message: 'đăng nhập',
  }
  expect(placeName('a', turned)).toBe(placeName('a', event(17)))
})

it('names no two events alike', () => {
  const record = (id: number, more: object) => ({ ...more, winlog: { record_id: id } })
  const others = [
    event(17),
    event(18),
    event(17, 'đăng xuất'),
    { ...event(17), more: true },
    record(17, {}),
    record(17, { log: 1 }),
    record(18, {}),
  ]
  const names = [...others.map((one) => placeName('a', one)), placeName('b', event(17))]
  expect(new Set(names).size).toBe(names.length)
  expect(names).not.toContain(undefined)
})

it('has no name for what tells of no place', () => {
  for (const one of [{ message: 'x' }, { log: 'x' }, { log: { file: { path: '/a' } } }, { winlog: null }])
    expect(placeName('a', one)).toBeUndefined()
})

it('has no name for what is nested without end', () => {
  const nested = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`) as unknown
  expect(placeName('a', { ...event(17), nested })).toBeUndefined()
})
