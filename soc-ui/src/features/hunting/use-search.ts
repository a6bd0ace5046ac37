import { useDebouncedValue } from '@mantine/hooks'
import {
  infiniteQueryOptions,
  keepPreviousData,
  useInfiniteQuery,
  useIsFetching,
  useQuery,
  useQueryClient,
  type InfiniteData,
  type Query,
  type UseQueryResult,
} from '@tanstack/react-query'
import { fields, type FlatEvent } from '@vonggac/contract'
import { useMemo } from 'react'
import { api, type Input, type Reply } from '../../lib/api.ts'
import { fieldText } from '../../lib/event-text.ts'
import { orderIn, periodOf, type HuntSearch, type Period } from './search.ts'

/** A search at the moment when it ran: its period has fixed ends, so that all parts of the page speak of the same events. */
export interface Run {
  readonly query: string
  readonly period: Period
  readonly clock: 'received' | 'occurred'
  /** Tells a run from the one before of the same text and period. */
  readonly at: number
}

export function runOf(search: HuntSearch, at: number): Run {
  return { query: search.q ?? '', period: periodOf(search, at), clock: search.clock ?? 'received', at }
}

/** What every question about a run asks. */
export function askedOf({ query, period, clock }: Run) {
  return { ...period, query, clock }
}

/**
 * A run's answer does not change: what the stream announces is for the next run. So it is `static`, and asked for anew only by running again.
 * Answers of past runs are let go soon, since a page of events is large.
 */
const settled = { staleTime: 'static', gcTime: 60_000, refetchOnWindowFocus: false, retry: false } as const

type Question = 'countEvents' | 'listFields' | 'fieldValues'

/** `keep`: the answer of the run before stays on screen meanwhile. */
export function useAnswer<N extends Question>(name: N, input: Input<N>, run: Run, { keep }: { keep: boolean }): UseQueryResult<Reply<N>> {
  return useQuery<Reply<N>>({
    queryKey: [name, input, run.at],
    queryFn: ({ signal }) => api.call(name, input, signal),
    ...settled,
    ...(keep && { placeholderData: keepPreviousData as never }),
  })
}

type Page = Reply<'searchEvents'>
const pageSize = 100
/** More rows nobody reads: then it is time to narrow, or to export. */
export const mostRows = 1_000

export function useEvents(run: Run, order: string | undefined) {
  const body = { ...askedOf(run), order: orderIn(order), limit: pageSize }
  const query = useInfiniteQuery({
    ...infiniteQueryOptions<Page, Error, InfiniteData<Page, string | undefined>, readonly unknown[], string | undefined>({
      queryKey: ['searchEvents', { body }, run.at],
      queryFn: ({ pageParam, signal }) =>
        api.call('searchEvents', { body: { ...body, ...(pageParam ? { after: pageParam } : {}) } }, signal),
      initialPageParam: undefined,
      getNextPageParam: (last, pages) => (pages.length * pageSize < mostRows ? (last.next ?? undefined) : undefined),
    }),
    ...settled,
    placeholderData: keepPreviousData,
  })
  const { data } = query
  const events = useMemo(() => unique(data?.pages.flatMap((page) => page.items) ?? []), [data])
  const last = data?.pages.at(-1)
  return { query, events, explanation: data?.pages[0]?.explanation, cut: events.length >= mostRows && last?.next !== null }
}

function unique(events: readonly FlatEvent[]): FlatEvent[] {
  return [...new Map(events.map((event) => [fieldText(event[fields.id]), event])).values()]
}

export function useHistogram(run: Run, split: string | undefined) {
  return useAnswer('countEvents', { body: { ...askedOf(run), buckets: 60, ...(split ? { split } : {}) } }, run, { keep: true })
}

export function useFields(run: Run) {
  return useAnswer('listFields', { body: askedOf(run) }, run, { keep: true })
}

const ofSearch: ReadonlySet<unknown> = new Set(['searchEvents', 'countEvents', 'listFields'])
/** The key of a run's question ends with the run; what the query bar asks for its suggestions has none. */
const isOfRun = ({ queryKey }: Pick<Query, 'queryKey'>) => queryKey.length === 3 && ofSearch.has(queryKey[0])

/** Most searches are over before anybody could stop them: then nothing flickers. */
const patienceMs = 300

/** Whether a search takes its time, and how to stop it: the server gives up as well when the connection closes. */
export function useSearching(): { searching: boolean; cancel: () => void } {
  const client = useQueryClient()
  const busy = useIsFetching({ predicate: isOfRun }) > 0
  const [late] = useDebouncedValue(busy, patienceMs)
  return { searching: busy && late, cancel: () => void client.cancelQueries({ predicate: isOfRun }) }
}

/** Nothing came, and nothing will: somebody stopped it. */
export function isStopped({ data, isPlaceholderData, fetchStatus, error }: UseQueryResult): boolean {
  return fetchStatus === 'idle' && (data === undefined || isPlaceholderData) && !error
}
