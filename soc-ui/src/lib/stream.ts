import type { InfiniteData, QueryClient } from '@tanstack/react-query'
import { streamMessageSchema, type Alert, type Case, type StreamMessage } from '@vonggac/contract'
import { useSyncExternalStore } from 'react'
import type { Reply } from './api.ts'
import { refresh } from './queries.ts'
import type { Feed } from './stream-feed.ts'

export type StreamState = 'live' | 'reconnecting'

let state: StreamState = 'reconnecting'
const listeners = new Set<() => void>()

function become(next: StreamState): void {
  if (next === state) return
  state = next
  for (const listener of listeners) listener()
}

export function useStreamState(): StreamState {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => state,
  )
}

type Area = 'alerts' | 'cases' | 'sources' | 'rules'
const areaOf = { alert: 'alerts', case: 'cases', ledger: 'sources', rules: 'rules' } as const satisfies Record<
  Exclude<StreamMessage['type'], 'refetch'>,
  Area
>

/** Lists are asked for again at most this often however fast messages come. */
const refreshMs = 800
/**
 * Keeps the cache as new as the server while it runs: a record on screen is patched at once, lists and counts are asked for again, and everything
 * is after a reconnection, since messages were missed. Returns the function that ends it.
 */
export function followStream(client: QueryClient, feed: Feed): () => void {
  const dirty = new Set<Area>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let missed = false

  const flush = () => {
    timer = undefined
    for (const area of dirty) void refresh(client, area)
    dirty.clear()
  }
  const take = (message: StreamMessage) => {
    if (message.type === 'refetch') return void client.invalidateQueries()
    if (message.type === 'alert') patchAlert(client, message.alert)
    if (message.type === 'case') patchCase(client, message.case)
    dirty.add(areaOf[message.type])
    timer ??= setTimeout(flush, refreshMs)
  }
  const stop = feed((signal) => {
    if (signal.kind === 'message') {
      const message = readMessage(signal)
      if (message) take(message)
    } else if (signal.kind === 'refused') void client.invalidateQueries({ queryKey: ['session'] })
    else {
      become(signal.kind === 'open' ? 'live' : 'reconnecting')
      if (signal.kind === 'open' && missed) void client.invalidateQueries()
      missed = signal.kind === 'lost'
    }
  })

  return () => {
    clearTimeout(timer)
    stop()
    become('reconnecting')
  }
}

/** undefined for a message of a newer server that this console does not know. */
export function readMessage({ type, data }: { readonly type: string; readonly data: string }): StreamMessage | undefined {
  try {
    const parsed = streamMessageSchema.safeParse({ type, ...(JSON.parse(data) as object) })
    return parsed.success ? parsed.data : undefined
  } catch {
    return undefined
  }
}

type AlertList = Reply<'listAlerts'>

function patchAlert(client: QueryClient, alert: Alert): void {
  const newer = (old: Alert) => (old.id === alert.id && old.version < alert.version ? alert : old)
  client.setQueryData<Reply<'readAlert'>>(['readAlert', { params: { id: alert.id } }], (old) => old && { ...old, alert: newer(old.alert) })
  client.setQueriesData<AlertList | InfiniteData<AlertList>>({ queryKey: ['listAlerts'] }, (old) => {
    if (!old) return old
    if ('pages' in old) return { ...old, pages: old.pages.map((page) => ({ ...page, items: page.items.map(newer) })) }
    return { ...old, items: old.items.map(newer) }
  })
}

function patchCase(client: QueryClient, changed: Case): void {
  client.setQueryData<Reply<'readCase'>>(['readCase', { params: { id: changed.id } }], (old) =>
    old && old.case.version < changed.version ? { ...old, case: changed } : old,
  )
}
