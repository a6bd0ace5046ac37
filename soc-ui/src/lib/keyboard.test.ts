// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createKeyReader, isForPage } from './keyboard.ts'

afterEach(() => {
  document.body.innerHTML = ''
})

function press(key: string, options: KeyboardEventInit = {}): KeyboardEvent {
  return new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...options })
}

/** A key pressed while the first element of the page has the focus. */
function pressedIn(html: string, key = 'j'): KeyboardEvent {
  document.body.innerHTML = html
  const event = press(key)
  document.body.querySelector('[data-here]')?.dispatchEvent(event)
  return event
}

describe('isForPage', () => {
  it('leaves keys to fields that take text, and to menus', () => {
    for (const html of ['<input data-here>', '<textarea data-here></textarea>', '<div role="menu"><button data-here></button></div>']) {
      expect(isForPage(pressedIn(html))).toBe(false)
    }
  })

  it('takes keys from rows, links and check boxes', () => {
    for (const html of ['<a href="/" data-here>x</a>', '<input type="checkbox" data-here>', '<main tabindex="-1" data-here></main>']) {
      expect(isForPage(pressedIn(html))).toBe(true)
    }
  })

  it('leaves keys to an open dialog and to the browser’s shortcuts', () => {
    expect(isForPage(pressedIn('<a data-here></a><section role="dialog" aria-modal="true"></section>'))).toBe(false)
    document.body.innerHTML = ''
    expect(isForPage(press('c', { ctrlKey: true }))).toBe(false)
    expect(isForPage(press('c', { metaKey: true }))).toBe(false)
  })
})

describe('createKeyReader', () => {
  it('calls what a key means and keeps the browser from doing its own', () => {
    const next = vi.fn<() => void>()
    const event = press('j')
    createKeyReader()(event, { j: next })
    expect(next).toHaveBeenCalledOnce()
    expect(event.defaultPrevented).toBe(true)
  })

  it('follows a sequence within a second, and forgets it after', () => {
    let now = 0
    const go = vi.fn<() => void>()
    const acknowledge = vi.fn<() => void>()
    const read = createKeyReader(() => now)
    const map = { 'g a': go, a: acknowledge }
    read(press('g'), map)
    now = 500
    read(press('a'), map)
    expect([go.mock.calls.length, acknowledge.mock.calls.length]).toEqual([1, 0])
    read(press('g'), map)
    now = 2_000
    read(press('a'), map)
    expect([go.mock.calls.length, acknowledge.mock.calls.length]).toEqual([1, 1])
  })

  it('does nothing for other keys', () => {
    const event = press('q')
    createKeyReader()(event, { j: () => {} })
    expect(event.defaultPrevented).toBe(false)
  })
})
