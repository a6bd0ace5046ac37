import { expect, it } from 'vitest'
import { framingOf, mostLines, sampleLines, valuesIn } from './lists.ts'
import { sourceIdOf } from './source-id.ts'

it('takes values however people part them', () => {
  expect(valuesIn(' 10.0.0.1, 10.0.0.2;\n10.0.0.0/8\n\n10.0.0.1 ')).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.0/8'])
  expect(valuesIn('  ')).toEqual([])
})

it('takes as many sample lines as the API does', () => {
  expect(sampleLines('a\r\n\n  \nb\n')).toEqual(['a', 'b'])
  expect(sampleLines('x\n'.repeat(500))).toHaveLength(mostLines)
})

it('tells lines of syslog from bare ones', () => {
  expect(framingOf(['<134>1 2026-11-22T03:59:58Z fw app - - - x', 'Nov  2 10:59:58 web sshd[1]: y', 'continued'])).toBe('syslog')
  expect(framingOf(['203.0.113.66 - - [22/Nov/2026:10:59:58 +0700] "GET / HTTP/1.1" 200 1', '{"a":1}'])).toBe('plain')
  expect(framingOf([])).toBe('plain')
})

it('makes an id of a Vietnamese name', () => {
  expect(sourceIdOf('Tường lửa — Trung tâm dữ liệu Đà Nẵng')).toBe('tuong-lua-trung-tam-du-lieu-da-nang')
  expect(sourceIdOf('  «»  ')).toBe('')
  expect(sourceIdOf('a'.repeat(39) + ' b')).toBe('a'.repeat(39))
})
