import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { AlertSearch } from './search.ts'
import { alertListQuery } from './use-alert-list.ts'

/**
 * The alerts before and after this one in the list that the address names. An alert that has left the list since (acknowledged under the filter
 * "new") has none.
 */
export function useNeighbours(id: string, search: AlertSearch) {
  const navigate = useNavigate()
  const { data } = useInfiniteQuery(alertListQuery(search))
  const ids = (data?.pages ?? []).flatMap((page) => page.items.map((alert) => alert.id))
  const at = ids.indexOf(id)
  const toward = (target: string | undefined) =>
    target === undefined ? undefined : () => void navigate({ to: '/alerts/$id', params: { id: target }, search })
  return {
    position: at < 0 ? undefined : { at: at + 1, of: ids.length },
    previous: toward(at > 0 ? ids[at - 1] : undefined),
    next: toward(at >= 0 ? ids[at + 1] : undefined),
  }
}
