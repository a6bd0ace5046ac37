import { say, VonggacError, type Scope, type SearchExplanation } from '@vonggac/contract'
import type { Clock, Handlers } from '../../platform/index.ts'
import type { EventStore, Explanation } from '../../storage/event-store.ts'
import { askedQuery, checkedRange, type Asked, type AskedQuery } from './asked.ts'
import { bucketLength, bucketStarts } from './buckets.ts'
import { fieldsOf } from './field-list.ts'
import { withPatience } from './patience.ts'

/** Events that the list of fields is made from: enough to know what there is, few enough to be there at once. */
const sample = 500

type SearchHandlers = Pick<Handlers, 'readEvent' | 'searchEvents' | 'countEvents' | 'listFields' | 'fieldValues'>

/** What the search page asks: events, a histogram, fields and their values. */
export function searchHandlers({ events, clock }: { readonly events: EventStore; readonly clock: Clock }): SearchHandlers {
  /** Reads what is asked, and asks the store for it, for as long as somebody waits. */
  const ask = <T>(scope: Scope, gone: AbortSignal, asked: Asked, work: (asked: AskedQuery) => Promise<T>): Promise<T> =>
    withPatience(gone, async (signal) => work(await askedQuery({ events, clock, scope, signal }, asked)))

  return {
    async readEvent({ params }, scope) {
      const event = await events.read(scope, params.id)
      if (!event) throw new VonggacError('not-found', say('event-unknown', { event: params.id }))
      return { event }
    },

    async searchEvents({ body }, scope, { signal }) {
      const { order, limit, after } = body
      return ask(scope, signal, body, async ({ query, patterns }) => {
        const search = { ...query, order, limit, ...(after === undefined ? {} : { after }) }
        const [page, explanation] = await Promise.all([events.search(scope, search), events.explain(scope, query)])
        return { items: [...page.items], next: page.next, explanation: shownExplanation(explanation, patterns) }
      })
    },

    async countEvents({ body }, scope, { signal }) {
      const { from, to } = checkedRange(body)
      const bucketSeconds = bucketLength(to.getTime() - from.getTime(), body.buckets)
      const by = { by: 'time', bucketSeconds, ...(body.split === undefined ? {} : { split: body.split }) } as const
      const buckets = await ask(scope, signal, body, ({ query }) => events.aggregate(scope, query, by))
      const found = new Map(buckets.map((bucket) => [Date.parse(String(bucket.key)), bucket]))
      const items = bucketStarts(from.getTime(), to.getTime(), bucketSeconds).map((start) => {
        const { count = 0, parts } = found.get(start) ?? {}
        return { at: new Date(start).toISOString(), count, ...(parts ? { parts: { ...parts } } : {}) }
      })
      return { total: buckets.reduce((sum, { count }) => sum + count, 0), bucketSeconds, items }
    },

    async listFields({ body }, scope, { signal }) {
      const newest = { order: 'newest', limit: sample } as const
      const { items } = await ask(scope, signal, body, ({ query }) => events.search(scope, { ...query, ...newest }))
      return { sampled: items.length, items: fieldsOf(items) }
    },

    async fieldValues({ body }, scope, { signal }) {
      const { field, first, size } = body
      const [items, measure] = await ask(scope, signal, body, ({ query }) =>
        Promise.all([events.aggregate(scope, query, { by: 'terms', field, size, first }), events.measure(scope, query, field)]),
      )
      return { items: items.map(({ key, count }) => ({ value: key, count })), measure }
    },
  }
}

/** Names that an explanation shows of one pattern. */
const shownNames = 100

function shownExplanation({ pruned, ...rest }: Explanation, patterns: AskedQuery['patterns']): SearchExplanation {
  const shown = patterns.map(({ pattern, fields }) => ({ pattern, fields: fields.slice(0, shownNames), count: fields.length }))
  return { ...rest, pruned: [...pruned], patterns: shown }
}
