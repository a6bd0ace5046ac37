import type { CheckStep, RejectReason } from '@vonggac/contract'
import type { TFunction } from 'i18next'
import type { Language } from '../../lib/i18n/language.ts'
import { formatAgo, formatNumber } from '../../lib/time.ts'

/** More names than these are counted. */
const mostNames = 5

/** The figures of a step in words; a figure that it does not have is left out. */
export function figuresOf({ step, numbers, names }: CheckStep, t: TFunction, language: Language): string[] {
  const shown = (value: number) => formatNumber(value, language)
  const counted = (key: 'connections' | 'received' | 'rejected' | 'seeing' | 'blind', even0 = false) => {
    const count = numbers[key]
    return count === undefined || (count === 0 && !even0) ? undefined : t(`connect.figures.${key}`, { count, shown: shown(count) })
  }
  const listed = () => {
    const first = names.slice(0, mostNames).join(', ')
    return names.length > mostNames ? `${first} ${t('connect.figures.more', { count: names.length - mostNames })}` : first
  }
  const { secondsAgo, read = 0, unread = 0, found = 0, missing = 0 } = numbers
  const words = {
    connection: () => [
      counted('connections', true),
      secondsAgo !== undefined &&
        t('connect.figures.lastSeen', { ago: formatAgo(new Date(-secondsAgo * 1_000).toISOString(), 0, language) }),
    ],
    frames: () => [counted('received', true), counted('rejected')],
    parsed: () => [
      read + unread > 0 &&
        t('connect.figures.read', { share: percent(read, read + unread, language), read: shown(read), all: shown(read + unread) }),
      names.map((reason) => t(`sources.reason.${reason as RejectReason}`, { defaultValue: reason })).join(', '),
    ],
    fields: () => [
      found + missing > 0 && t('connect.figures.fields', { found: shown(found), all: shown(found + missing) }),
      names.length > 0 && t('connect.figures.missing', { names: listed() }),
    ],
    rules: () => [counted('seeing'), names.length > 0 && listed(), counted('blind')],
  } satisfies Record<CheckStep['step'], () => unknown[]>
  return words[step]().filter((word): word is string => typeof word === 'string' && word !== '')
}

/** Rounded down: what is not all is never shown as all. */
function percent(part: number, whole: number, language: Language): string {
  return `${formatNumber(Math.floor((part / whole) * 1_000) / 10, language)}%`
}
