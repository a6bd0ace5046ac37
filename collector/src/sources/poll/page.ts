import type { PollCursor } from '@vonggac/contract'

/** Where to go on: what the last answer with a cursor named. */
export interface Place {
  readonly cursor: string
}

/** What an answer holds. */
export interface Page {
  readonly items: readonly unknown[]
  /** `undefined` where it names none. */
  readonly next: Place | undefined
}

/** An answer that is not as the source is configured. */
export class UnreadableAnswer extends Error {}

export interface PageShape {
  readonly items: string
  readonly cursor: PollCursor | undefined
}

/** The address to ask at a place; `undefined`: at the beginning. @throws UnreadableAnswer for a link that leads elsewhere */
export function addressAt(url: string, cursor: PollCursor | undefined, place: Place | undefined): URL {
  const start = new URL(url)
  if (!cursor) return start
  if (cursor.kind === 'link') return place ? sameOrigin(place.cursor, start) : start
  const value = place?.cursor ?? (cursor.kind === 'field' ? cursor.initial : undefined)
  if (value !== undefined) start.searchParams.set(cursor.parameter, value)
  return start
}

/** A secret goes with each request: it must not be led to another server. */
function sameOrigin(link: string, start: URL): URL {
  const url = URL.canParse(link, start.href) ? new URL(link, start) : undefined
  if (url?.origin === start.origin) return url
  throw new UnreadableAnswer(`the next page is at "${link.slice(0, 200)}", which is not at ${start.origin}`)
}

/** @throws UnreadableAnswer */
export function readPage(text: string, links: string | null, { items: where, cursor }: PageShape): Page {
  const answer = parse(text)
  const items = where === '' ? answer : at(answer, where)
  if (!Array.isArray(items)) throw new UnreadableAnswer(where === '' ? 'the answer is no list' : `the answer has no list at "${where}"`)
  const next = cursor && nextOf(cursor, answer, items, links)
  return { items, next: next === undefined ? undefined : { cursor: next } }
}

function nextOf(cursor: PollCursor, answer: unknown, items: readonly unknown[], links: string | null): string | undefined {
  if (cursor.kind === 'field') return text(at(items.at(-1), cursor.path))
  if (cursor.kind === 'link' && cursor.path === undefined) return linkedNext(links)
  return text(at(answer, cursor.path!))
}

/** RFC 8288: `<https://…>; rel="next"`. */
function linkedNext(links: string | null): string | undefined {
  for (const [, address, parameters] of (links ?? '').matchAll(/<([^>]*)>([^,]*)/g)) {
    if (/;\s*rel="?(?:[\w-]+ )*next(?: [\w-]+)*"?\s*(?:;|$)/i.test(parameters!)) return address
  }
  return undefined
}

/** What stands at `data.items` and so on; a name of the object itself goes before the dots in it. */
export function at(value: unknown, path: string): unknown {
  if (typeof value === 'object' && value !== null && Object.hasOwn(value, path)) return (value as Record<string, unknown>)[path]
  let found = value
  for (const name of path.split('.')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined
    found = (found as Record<string, unknown>)[name]
  }
  return found
}

function text(value: unknown): string | undefined {
  return (typeof value === 'string' && value !== '') || typeof value === 'number' ? String(value) : undefined
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new UnreadableAnswer(`the answer is no JSON: ${(error as Error).message}`, { cause: error })
  }
}
