import { say, VonggacError } from '@vonggac/contract'
import type { Clock, Handlers } from '../../platform/index.ts'
import type { EventStore } from '../../storage/event-store.ts'
import { askedQuery } from './asked.ts'
import { bucketLength, bucketStarts } from './buckets.ts'
import { fieldsOf } from './field-list.ts'
import { withPatience } from './patience.ts'

/** Events that the list of fields is made from: enough to know what there is, few enough to be there at once. */
const sample = 500

type SearchHandlers = Pick<Handlers, 'readEvent' | 'searchEvents' | 'countEvents' | 'listFields' | 'fieldValues'>

/** What the search page asks: events, a histogram, fields and their values. */
export function searchHandlers({ events, clock }: { readonly events: EventStore; readonly clock: Clock }): SearchHandlers {
  return {
    async readEvent({ params }, scope) {
      const event = await events.read(scope, params.id)
      if (!event) throw new VonggacError('not-found', say('event-unknown', { event: params.id }))
      return { event }
    },

    async searchEvents({ body }, scope, { signal: gone }) {
      const { order, limit, after } = body
      const query = askedQuery(body, clock.now())
      return withPatience(gone, async (signal) => {
        const search = { ...query, signal, order, limit, ...(after === undefined ? {} : { after }) }
        const [page, explanation] = await Promise.all([events.search(scope, search), events.explain(scope, { ...query, signal })])
        return { items: [...page.items], next: page.next, explanation: { ...explanation, pruned: [...explanation.pruned] } }
      })
    },

    async countEvents({ body }, scope, { signal: gone }) {
      const query = askedQuery(body, clock.now())
      const [from, to] = [query.range.from.getTime(), query.range.to.getTime()]
      const bucketSeconds = bucketLength(to - from, body.buckets)
      const by = { by: 'time', bucketSeconds, ...(body.split === undefined ? {} : { split: body.split }) } as const
      const buckets = await withPatience(gone, (signal) => events.aggregate(scope, { ...query, signal }, by))
      const found = new Map(buckets.map((bucket) => [Date.parse(String(bucket.key)), bucket]))
      const items = bucketStarts(from, to, bucketSeconds).map((start) => {
        const { count = 0, parts } = found.get(start) ?? {}
        return { at: new Date(start).toISOString(), count, ...(parts ? { parts: { ...parts } } : {}) }
      })
      return { total: buckets.reduce((sum, { count }) => sum + count, 0), bucketSeconds, items }
    },

    async listFields({ body }, scope, { signal: gone }) {
      const search = { ...askedQuery(body, clock.now()), order: 'newest', limit: sample } as const
      const { items } = await withPatience(gone, (signal) => events.search(scope, { ...search, signal }))
      return { sampled: items.length, items: fieldsOf(items) }
    },

    async fieldValues({ body }, scope, { signal: gone }) {
      const { field, first, size } = body
      const query = askedQuery(body, clock.now())
      const [items, measure] = await withPatience(gone, (signal) =>
        Promise.all([
          events.aggregate(scope, { ...query, signal }, { by: 'terms', field, size, first }),
          events.measure(scope, { ...query, signal }, field),
        ]),
      )
      return { items: items.map(({ key, count }) => ({ value: key, count })), measure }
    },
  }
}
