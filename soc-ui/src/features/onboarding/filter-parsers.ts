import type { ParserSummary } from '@vonggac/contract'
import { fold } from '../../lib/fold.ts'
import { parserDescription } from '../../lib/i18n/parser-descriptions.ts'

/** Those that have every word of the text somewhere in their name, description (in either language) or data set. */
export function filterParsers(parsers: readonly ParserSummary[], text: string): readonly ParserSummary[] {
  const words = fold(text).split(/\s+/).filter(Boolean)
  return parsers.filter((parser) => {
    const { name, description, dataset } = parser
    const all = fold(`${name} ${name.replaceAll('-', ' ')} ${description} ${parserDescription(parser, 'vi')} ${dataset}`)
    return words.every((word) => all.includes(word))
  })
}
