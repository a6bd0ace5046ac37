import { queryOptions, useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query'
import { routes, type RouteName } from '@vonggac/contract'
import { api, type Input, type Reply } from './api.ts'
import { showError } from './notify.ts'

/** A question to the API as TanStack Query sees it; the key is the route's name and input, so that the stream can find it by name. */
export function ask<N extends RouteName>(name: N, input: Input<N>) {
  return queryOptions<Reply<N>, Error, Reply<N>, readonly [N, Input<N>]>({
    queryKey: [name, input],
    queryFn: ({ signal }) => api.call(name, input, signal),
  })
}

type Tag = (typeof routes)[RouteName]['tag']

/** What a change in one part of the API may alter in others. */
const touches: Partial<Record<Tag, readonly Tag[]>> = {
  alerts: ['alerts', 'cases', 'events', 'rules'],
  cases: ['cases', 'alerts', 'reports'],
  reports: ['reports', 'cases'],
  rules: ['rules'],
  users: ['users'],
  onboarding: ['onboarding', 'sources', 'rules'],
  parsers: ['parsers', 'onboarding', 'rules'],
}

/** Asks again, where it is on screen, everything that a change of `tag` may have altered. */
export function refresh(client: QueryClient, tag: Tag): Promise<void> {
  const stale = new Set(touches[tag] ?? [tag])
  return client.invalidateQueries({
    predicate: ({ queryKey }) =>
      typeof queryKey[0] === 'string' && queryKey[0] in routes && stale.has(routes[queryKey[0] as RouteName].tag),
  })
}

/** A change: shows its error to the person, and refreshes what it altered. */
export function useChange<N extends RouteName>(name: N, options: { silent?: boolean } = {}) {
  const client = useQueryClient()
  return useMutation<Reply<N>, Error, Input<N>>({
    mutationFn: (input) => api.call(name, input),
    onSettled: () => refresh(client, routes[name].tag),
    onError: (error) => {
      if (!options.silent) showError(error)
    },
  })
}
