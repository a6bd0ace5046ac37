import type { ParserSummary } from '@vonggac/contract'
import { fold } from '../../lib/fold.ts'

/** Those that have every word of the text somewhere in their name, description or data set. */
export function filterParsers(parsers: readonly ParserSummary[], text: string): readonly ParserSummary[] {
  const words = fold(text).split(/\s+/).filter(Boolean)
  return parsers.filter(({ name, description, dataset }) => {
    const all = fold(`${name} ${name.replaceAll('-', ' ')} ${description} ${dataset}`)
    return words.every((word) => all.includes(word))
  })
}
