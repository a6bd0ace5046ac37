import { infiniteQueryOptions, keepPreviousData, useInfiniteQuery, type InfiniteData } from '@tanstack/react-query'
import type { Alert } from '@vonggac/contract'
import { useEffect, useMemo, useRef, useState } from 'react'
import { api, type Input, type Reply } from '../../lib/api.ts'
import { alertQuery, type AlertSearch } from './search.ts'

type Page = Reply<'listAlerts'>
type Key = readonly ['listAlerts', Input<'listAlerts'>, 'endless']

/** The alert list page by page. The key begins with the route's name and input, as everywhere, so that the stream finds and patches it. */
export function alertListQuery(search: AlertSearch) {
  const query = alertQuery(search)
  return infiniteQueryOptions<Page, Error, InfiniteData<Page, string | undefined>, Key, string | undefined>({
    queryKey: ['listAlerts', { query }, 'endless'],
    queryFn: ({ pageParam, signal }) => api.call('listAlerts', { query: { ...query, ...(pageParam ? { after: pageParam } : {}) } }, signal),
    initialPageParam: undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    // The stream refreshes the list; asking for all loaded pages again on every focus would be dear.
    refetchOnWindowFocus: false,
  })
}

export function useAlertList(search: AlertSearch) {
  const query = useInfiniteQuery({ ...alertListQuery(search), placeholderData: keepPreviousData })
  const alerts = useMemo(() => unique(query.data?.pages.flatMap((page) => page.items) ?? []), [query.data])
  const fresh = useFresh(alerts, JSON.stringify(search), query.isPlaceholderData || !query.data)
  return { query, alerts, fresh, counts: query.data?.pages[0]?.counts }
}

/** A new alert shifts the pages behind it, so that one may stand in two of them until both are asked for again. */
function unique(alerts: readonly Alert[]): Alert[] {
  return [...new Map(alerts.map((alert) => [alert.id, alert])).values()]
}

/** The alerts that appeared since the list was first shown; pages loaded by hand are older and do not count. */
function useFresh(alerts: readonly Alert[], list: string, waiting: boolean): ReadonlySet<string> {
  const seen = useRef<{ list: string; newest: string } | undefined>(undefined)
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set())
  useEffect(() => {
    if (waiting) return
    const newest = alerts.reduce((latest, alert) => (alert.createdAt > latest ? alert.createdAt : latest), '')
    if (seen.current?.list !== list) {
      seen.current = { list, newest }
      setFresh(new Set())
      return
    }
    const since = seen.current.newest
    const arrived = alerts.filter((alert) => alert.createdAt > since).map((alert) => alert.id)
    if (arrived.length === 0) return
    seen.current = { list, newest }
    setFresh((old) => new Set([...old, ...arrived]))
  }, [alerts, list, waiting])
  return fresh
}
