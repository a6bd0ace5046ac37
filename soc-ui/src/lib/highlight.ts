import type { Finding } from '@vonggac/contract'

/** A stretch of a text; `marked` where it is what a rule looked for. */
export interface Stretch {
  readonly text: string
  readonly marked: boolean
}

const literal = new Set(['equals', 'prefix', 'suffix', 'contains'])

/**
 * What to look for in the original line: the words that the rule asks for, as they are and as a URL carries them
 * (`union select` is written `union+select` or `union%20select` there), and for other tests the whole value that met them.
 */
export function needlesOf(findings: readonly Finding[]): string[] {
  const needles = new Set<string>()
  for (const finding of findings) {
    if (finding.negated) continue
    const words = literal.has(finding.test) ? [finding.expected] : finding.actual
    for (const word of words) {
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
  const stretches: Stretch[] = []
  for (let from = 0, at = 1; at <= text.length; at++) {
    if (at < text.length && marked[at] === marked[from]) continue
    stretches.push({ text: text.slice(from, at), marked: marked[from] === 1 })
    from = at
  }
  return stretches
}
