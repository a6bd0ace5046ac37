import { describe, expect, it } from 'vitest'
import { fromLocalInput, toLocalInput } from './local-input.ts'
import { formatAgo, formatDateTime, formatSpan, formatTick } from './time.ts'

const at = '2026-11-22T17:30:05Z'

describe('times', () => {
  it('are shown in Vietnam’s time, the day first', () => {
    expect(formatDateTime(at, 'vi')).toBe('23/11/2026 00:30:05')
    expect(formatDateTime(at, 'en')).toBe('23/11/2026 00:30:05')
  })

  it('tell how long ago in whole units', () => {
    const now = Date.parse(at)
    expect(formatAgo('2026-11-22T17:27:05Z', now, 'vi')).toBe('3 phút trước')
    expect(formatAgo('2026-11-22T15:20:05Z', now, 'en')).toBe('2 hours ago')
    expect(formatAgo('2026-11-22T17:29:50Z', now, 'en')).toBe('now')
  })

  it('count down with days in front', () => {
    expect(formatSpan(86_399_000, 'en')).toBe('23:59:59')
    expect(formatSpan(-(2 * 86_400_000 + 3 * 3_600_000 + 4_000), 'vi')).toBe('2 ngày 03:00:04')
  })

  it('show the day on an axis only where there is more than one', () => {
    expect(formatTick(at, 3_600_000, 'vi')).toBe('00:30')
    expect(formatTick(at, 7 * 86_400_000, 'en')).toBe('23/11 00:30')
  })

  it('go through a form field in Vietnam’s time', () => {
    expect(toLocalInput(at)).toBe('2026-11-23T00:30')
    expect(fromLocalInput('2026-11-23T00:30')).toBe('2026-11-22T17:30:00.000Z')
    expect(fromLocalInput('')).toBeUndefined()
  })
})
