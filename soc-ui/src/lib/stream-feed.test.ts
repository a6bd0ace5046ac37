import { afterEach, expect, it } from 'vitest'
import { sharedFeed, type Feed, type Signal } from './stream-feed.ts'

/** Web Locks in small: one holder, the others in a queue. */
function fakeLocks() {
  const waiting: (() => Promise<unknown>)[] = []
  let held = false
  const next = () => {
    const grant = waiting.shift()
    if (grant) void grant()
  }
  const request = (_name: string, { signal }: { signal: AbortSignal }, whenHeld: () => Promise<unknown>) => {
    return new Promise<unknown>((resolve, reject) => {
      const grant = async () => {
        held = true
        resolve(await whenHeld())
        held = false
        next()
      }
      signal.addEventListener('abort', () => {
        const at = waiting.indexOf(grant)
        if (at >= 0) waiting.splice(at, 1)
        reject(new DOMException('aborted', 'AbortError'))
      })
      waiting.push(grant)
      if (!held) next()
    })
  }
  return { request } as unknown as LockManager
}

/** A tab, and the connections that all tabs have opened. */
function browser() {
  const locks = fakeLocks()
  const connections: { tell: (signal: Signal) => void; open: boolean }[] = []
  const feed: Feed = (tell) => {
    const connection = { tell, open: true }
    connections.push(connection)
    return () => void (connection.open = false)
  }
  const openTab = () => {
    const heard: Signal[] = []
    const close = sharedFeed('test', feed, locks)((signal) => heard.push(signal))
    closeAll.push(close)
    return { heard, close }
  }
  return { connections, openTab }
}

const closeAll: (() => void)[] = []
afterEach(() => closeAll.splice(0).forEach((close) => close()))
const news: Signal = { kind: 'message', type: 'ledger', data: '{}' }

it('has one connection for all tabs, and each hears what it says', async () => {
  const { connections, openTab } = browser()
  const [first, second] = [openTab(), openTab()]
  connections[0]?.tell({ kind: 'open' })
  connections[0]?.tell(news)
  await expect.poll(() => second.heard).toEqual([{ kind: 'open' }, news])
  expect(first.heard).toEqual([{ kind: 'open' }, news])
  expect(connections).toHaveLength(1)
})

it('tells a new tab at once how the connection stands', async () => {
  const { connections, openTab } = browser()
  openTab()
  connections[0]?.tell({ kind: 'open' })
  const late = openTab()
  await expect.poll(() => late.heard).toEqual([{ kind: 'open' }])
})

it('hands the connection on when the tab that has it is closed, and says that messages may be missed', async () => {
  const { connections, openTab } = browser()
  const [first, second, third] = [openTab(), openTab(), openTab()]
  connections[0]?.tell({ kind: 'open' })
  await expect.poll(() => third.heard).toHaveLength(1)
  first.close()
  await expect.poll(() => connections.map(({ open }) => open)).toEqual([false, true])
  connections[1]?.tell({ kind: 'open' })
  await expect.poll(() => third.heard.slice(1)).toEqual([{ kind: 'lost' }, { kind: 'open' }])
  expect(second.heard.slice(1)).toEqual([{ kind: 'lost' }, { kind: 'open' }])
})

it('has a connection a tab where the page has no locks', () => {
  const feed: Feed = () => () => undefined
  expect(sharedFeed('test', feed, undefined)).toBe(feed)
})
