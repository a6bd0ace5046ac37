import { createHash } from 'node:crypto'
import type { Scalar } from '@vonggac/contract'

/** Characters of one value that an alert keeps: what lists show and what `entity` in a query may be. */
const maxLength = 300

/**
 * A value of an event as an alert keeps it. Attackers choose these values: whole, a few host names of 60 kB each would make an alert of megabytes, and a page
 * of the list more than a process can hold. A digest keeps long values apart that begin alike.
 */
export function keptText(text: string): string {
  if (text.length <= maxLength) return text
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 16)
  // Not between the halves of a surrogate pair.
  const start = text.slice(0, maxLength - digest.length - 2).replace(/[\uD800-\uDBFF]$/, '')
  return `${start}… ${digest}`
}

export function keptValue(value: Scalar): Scalar {
  return typeof value === 'string' ? keptText(value) : value
}
