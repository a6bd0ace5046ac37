import { streamPath, type StreamMessage } from '@vonggac/contract'

/**
 * The server's stream as the tabs of one browser share it. HTTP/1.1 allows a browser six connections to a host, so a stream a tab would leave none for
 * requests from the sixth tab on. One tab, the holder of a Web Lock, has the connection and passes on over a BroadcastChannel what it hears; when it is closed,
 * the lock, and with it the connection, goes to another. Where a page has no locks (plain HTTP to another machine), each tab has a connection of its own.
 */
export type Signal =
  | { readonly kind: 'open' }
  /** The connection is lost, or changes hands: messages may be missed until it is open again. */
  | { readonly kind: 'lost' }
  /** The server has ended it for good: only the session can tell whether to go on. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'message'; readonly type: string; readonly data: string }

/** Starts telling; returns the function that ends it. */
export type Feed = (tell: (signal: Signal) => void) => () => void

const messageTypes = ['alert', 'case', 'ledger', 'rules', 'refetch'] as const satisfies readonly StreamMessage['type'][]

/** After the server ended the stream for good (an expired session, a restart behind a proxy). */
const reopenMs = 3_000

/** A connection of this tab's own. */
export function ownFeed(open: (path: string) => EventSource = (path) => new EventSource(path)): Feed {
  return (tell) => {
    let source: EventSource
    let reopening: ReturnType<typeof setTimeout> | undefined
    const connect = () => {
      source = open(streamPath)
      source.addEventListener('open', () => tell({ kind: 'open' }))
      source.addEventListener('error', () => {
        tell({ kind: 'lost' })
        // The browser retries by itself unless the server refused.
        if (source.readyState !== source.CLOSED) return
        tell({ kind: 'refused' })
        clearTimeout(reopening)
        reopening = setTimeout(connect, reopenMs)
      })
      for (const type of messageTypes) source.addEventListener(type, ({ data }) => tell({ kind: 'message', type, data: String(data) }))
    }
    connect()
    return () => {
      clearTimeout(reopening)
      source.close()
    }
  }
}

type Locks = Pick<LockManager, 'request'>
type Passed = Signal | { readonly kind: 'hello' }

/** One connection for all tabs that share under this name; `feed` is how the one that leads gets it. */
export function sharedFeed(name: string, feed: Feed, locks: Locks | undefined): Feed {
  if (!locks) return feed
  return (tell) => {
    const channel = new BroadcastChannel(name)
    const ended = new AbortController()
    let followed = false
    let leads = false
    let state: Signal | undefined
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has no other origins
    const pass = (passed: Passed) => channel.postMessage(passed)
    const hear = (signal: Signal) => {
      if (signal.kind === 'open' || signal.kind === 'lost') {
        // A tab that has just come was told how it stands; the others know.
        if (signal.kind === state?.kind) return
        state = signal
      }
      tell(signal)
    }
    const lead = (signal: Signal) => {
      pass(signal)
      hear(signal)
    }
    channel.addEventListener('message', ({ data }: MessageEvent<Passed>) => {
      if (data.kind !== 'hello') {
        followed = true
        hear(data)
      } else if (leads && state) pass(state)
    })
    const leading = locks.request(name, { signal: ended.signal }, () => {
      if (ended.signal.aborted) return
      leads = true
      if (followed) lead({ kind: 'lost' })
      const stop = feed(lead)
      return new Promise<void>((release) => {
        ended.signal.addEventListener('abort', () => {
          stop()
          release()
        })
      })
    })
    // Ended while another tab still led.
    leading.catch(() => undefined)
    pass({ kind: 'hello' })
    return () => {
      ended.abort()
      channel.close()
    }
  }
}
