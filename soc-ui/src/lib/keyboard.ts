import { useEffect, useRef } from 'react'

/** What a key does; `g a` is `g`, then `a` within a second. */
export type KeyMap = Readonly<Record<string, (event: KeyboardEvent) => void>>

const sequenceMs = 1_000

/** A key is for the page only when no field takes text, no dialog is open and no browser shortcut is meant. */
export function isForPage(event: KeyboardEvent, root: Document = document): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return false
  const target = event.target as HTMLElement | null
  if (
    target?.closest(
      'input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true], [role=menu], [role=listbox], [role=dialog]',
    )
  )
    return false
  return root.querySelector('[role=dialog][aria-modal=true], [aria-modal=true] [role=dialog]') === null
}

/** Follows keys one by one and calls what the map names for them. `now` is injected for tests. */
export function createKeyReader(now: () => number = () => performance.now()): (event: KeyboardEvent, map: KeyMap) => void {
  let prefix: { key: string; at: number } | undefined
  return (event, map) => {
    const key = event.key === ' ' ? 'Space' : event.key
    const full = prefix && now() - prefix.at <= sequenceMs ? `${prefix.key} ${key}` : key
    prefix = undefined
    const action = map[full] ?? map[key]
    if (action) {
      event.preventDefault()
      action(event)
    } else if (Object.keys(map).some((name) => name.startsWith(`${key} `))) {
      prefix = { key, at: now() }
    }
  }
}

/** Binds keys to the page while the component is on screen. */
export function useKeys(map: KeyMap): void {
  const latest = useRef(map)
  useEffect(() => {
    latest.current = map
  })
  useEffect(() => {
    const read = createKeyReader()
    const listen = (event: KeyboardEvent) => {
      if (isForPage(event)) read(event, latest.current)
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])
}
