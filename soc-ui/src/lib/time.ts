import type { Language } from './i18n/language.ts'

/** Times are stored in UTC and shown where the city is. */
export const timeZone = 'Asia/Ho_Chi_Minh'

const locales = { vi: 'vi-VN', en: 'en-GB' } as const satisfies Record<Language, string>
const made = new Map<string, Intl.DateTimeFormat>()

function format(language: Language, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = language + JSON.stringify(options)
  let formatter = made.get(key)
  if (!formatter) made.set(key, (formatter = new Intl.DateTimeFormat(locales[language], { timeZone, hourCycle: 'h23', ...options })))
  return formatter
}

const date = { day: '2-digit', month: '2-digit', year: 'numeric' } as const
const time = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const

/** `22/11/2026 17:41:07`: the day first in both languages, as the city writes it. */
export function formatDateTime(iso: string, language: Language): string {
  const at = new Date(iso)
  return `${format(language, date).format(at)} ${format(language, time).format(at)}`
}

/** `17:41:07`. */
export function formatTime(iso: string, language: Language): string {
  return format(language, time).format(new Date(iso))
}

/** `17:41`, with the day in front when the span is longer than a day. */
export function formatTick(iso: string, spanMs: number, language: Language): string {
  const at = new Date(iso)
  const clock = format(language, { hour: '2-digit', minute: '2-digit' }).format(at)
  return spanMs > 86_400_000 ? `${format(language, { day: '2-digit', month: '2-digit' }).format(at)} ${clock}` : clock
}

const steps = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

/** `3 phút trước`, `5 minutes ago`; under a minute it says "now", so that a list does not flicker every second. */
export function formatAgo(iso: string, now: number, language: Language): string {
  const seconds = (new Date(iso).getTime() - now) / 1_000
  const relative = new Intl.RelativeTimeFormat(locales[language], { numeric: 'auto' })
  for (const [unit, length] of steps) {
    if (Math.abs(seconds) >= length) return relative.format(Math.trunc(seconds / length), unit)
  }
  return relative.format(0, 'second')
}

/** `23:59:58` or `2d 03:10:00` (`2 ngày 03:10:00`); the sign is left to the caller. */
export function formatSpan(milliseconds: number, language: Language): string {
  const seconds = Math.floor(Math.abs(milliseconds) / 1_000)
  const days = Math.floor(seconds / 86_400)
  const clock = [Math.floor(seconds / 3_600) % 24, Math.floor(seconds / 60) % 60, seconds % 60]
    .map((n) => String(n).padStart(2, '0'))
    .join(':')
  if (days === 0) return clock
  return language === 'vi' ? `${days} ngày ${clock}` : `${days}d ${clock}`
}

const durations = [...steps, ['second', 1]] as const

/** `5 phút`, `90 seconds`: in the largest unit that it is a whole number of. */
export function formatDuration(seconds: number, language: Language): string {
  const [unit, length] = durations.find(([, size]) => seconds >= size && seconds % size === 0) ?? (['second', 1] as const)
  return new Intl.NumberFormat(locales[language], { style: 'unit', unit, unitDisplay: 'long' }).format(seconds / length)
}

/** `+0,4 giây`, `+12 s`, `+00:05:20`: how long after something; tenths where it matters. */
export function formatElapsed(milliseconds: number, language: Language): string {
  if (Math.abs(milliseconds) >= 60_000) return `+${formatSpan(milliseconds, language)}`
  const seconds = new Intl.NumberFormat(locales[language], { maximumFractionDigits: 1, signDisplay: 'always' }).format(milliseconds / 1_000)
  return language === 'vi' ? `${seconds} giây` : `${seconds} s`
}

export function formatNumber(value: number, language: Language): string {
  return new Intl.NumberFormat(locales[language]).format(value)
}

/** `12,3 N` / `12.3K`, for axes and tight places. */
export function formatCompact(value: number, language: Language): string {
  return new Intl.NumberFormat(locales[language], { notation: 'compact', maximumFractionDigits: 1 }).format(value)
}
