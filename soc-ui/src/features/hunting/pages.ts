import { infiniteQueryOptions, type InfiniteData } from '@tanstack/react-query'
import { api, type Reply } from '../../lib/api.ts'

interface Paged {
  readonly next: string | null
}

/** Lists that come page by page; the key begins with the route's name and input, so that a change finds it. */
export function pagesOf<N extends 'listHunts' | 'listRetroHunts'>(name: N) {
  return infiniteQueryOptions<Reply<N>, Error, InfiniteData<Reply<N>, string | undefined>, readonly unknown[], string | undefined>({
    queryKey: [name, {}, 'endless'],
    queryFn: ({ pageParam, signal }) =>
      api.call(name, { query: { limit: 50, ...(pageParam ? { after: pageParam } : {}) } } as never, signal),
    initialPageParam: undefined,
    getNextPageParam: (last) => (last as Paged).next ?? undefined,
  })
}
