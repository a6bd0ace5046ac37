import type { Finding } from '@vonggac/contract'
import { foundWords } from './findings.ts'

/** A stretch of a text; `marked` where it is what a rule looked for. */
export interface Stretch {
  readonly text: string
  readonly marked: boolean
}

/**
 * What to look for in the original line: the words that the rule's tests found, as they are and as a URL carries them
 * (`union select` is written `union+select` or `union%20select` there), and for tests that find no words the whole value that met them.
 */
export function needlesOf(findings: readonly Finding[]): string[] {
  const needles = new Set<string>()
  for (const finding of findings) {
    if (finding.negated) continue
    const words = foundWords(finding)
    for (const word of words.length > 0 ? words : finding.actual) {
      if (word.length < 2) continue
      needles.add(word)
      needles.add(encodeURIComponent(word))
      needles.add(encodeURIComponent(word).replaceAll('%20', '+'))
      needles.add(word.replaceAll(' ', '+'))
      needles.add(word.replaceAll(' ', '%20'))
    }
  }
  return [...needles]
}

/** Cuts a text at its matches, without regard to case; overlapping matches become one. */
export function stretchesOf(text: string, needles: readonly string[]): Stretch[] {
  const marked = new Uint8Array(text.length)
  const lower = text.toLowerCase()
  // A few capitals change length when they are lowered: then positions would not fit, and the text is searched as it is.
  const haystack = lower.length === text.length ? lower : text
  for (const needle of needles) {
    const wanted = needle.toLowerCase()
    if (wanted === '') continue
    for (let at = haystack.indexOf(wanted); at >= 0; at = haystack.indexOf(wanted, at + wanted.length))
      marked.fill(1, at, at + wanted.length)
  }
  return cut(text, marked)
}

/** A value for reading: its found stretches marked, and of a long one only what is around the first of them. */
export function excerptOf(value: string, spans: readonly (readonly [start: number, end: number])[] = []): Stretch[] {
  const marked = new Uint8Array(value.length)
  for (const [start, end] of spans) marked.fill(1, start, end)
  if (value.length <= longestValue) return cut(value, marked)
  const first = spans.length > 0 ? Math.min(...spans.map(([start]) => start)) : 0
  const from = Math.max(0, first - before)
  const to = Math.min(value.length, from + longestValue)
  const cutOff = (isCut: boolean): Stretch[] => (isCut ? [{ text: '…', marked: false }] : [])
  return [...cutOff(from > 0), ...cut(value.slice(from, to), marked.slice(from, to)), ...cutOff(to < value.length)]
}

/** Characters of a value that are read in a sentence's company; the whole one stands among the event's fields. */
const longestValue = 280
const before = 60

function cut(text: string, marked: Uint8Array): Stretch[] {
  const stretches: Stretch[] = []
  for (let from = 0, at = 1; at <= text.length; at++) {
    if (at < text.length && marked[at] === marked[from]) continue
    stretches.push({ text: text.slice(from, at), marked: marked[from] === 1 })
    from = at
  }
  return stretches
}
