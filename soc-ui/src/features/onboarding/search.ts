import { compact, textIn } from '../../lib/search.ts'

/** What the form of a new source begins with. */
export interface NewSourceSearch {
  readonly system?: string
  readonly parser?: string
}

export function readNewSourceSearch(search: Record<string, unknown>): NewSourceSearch {
  return compact({ system: textIn(search['system'], 100), parser: textIn(search['parser'], 63) })
}

export interface ParserListSearch {
  readonly text?: string
  readonly origin?: 'agency'
}

export function readParserListSearch(search: Record<string, unknown>): ParserListSearch {
  return compact({ text: textIn(search['text']), origin: search['origin'] === 'agency' ? ('agency' as const) : undefined })
}

/** `source`: whose unread lines are tried. */
export interface ParserSearch {
  readonly source?: string
}

export function readParserSearch(search: Record<string, unknown>): ParserSearch {
  return compact({ source: textIn(search['source'], 63) })
}
