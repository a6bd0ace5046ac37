// @vitest-environment happy-dom
import { afterEach, describe, expect, it } from 'vitest'
import { fold } from './fold.ts'
import { listIn, parseSearch, stringifySearch } from './search.ts'
import { forgetSetupToken, setupToken, takeSetupToken } from './setup-token.ts'

describe('the address', () => {
  it('stays readable and gives back what it was made of', () => {
    const search = { status: 'all', severity: 'high,critical', entity: 'quản trị & co' }
    expect(stringifySearch(search)).toContain('severity=high,critical')
    expect(parseSearch(stringifySearch(search))).toEqual(search)
    expect(stringifySearch({ status: undefined, entity: '' })).toBe('')
  })

  it('takes only known members of a list', () => {
    expect(listIn('critical,nonsense,low', ['low', 'critical'])).toEqual(['low', 'critical'])
    expect(listIn(undefined, ['low'])).toEqual([])
  })
})

describe('the set-up token', () => {
  afterEach(forgetSetupToken)

  function visit(path: string) {
    const url = new URL(path, 'http://console.test')
    const replaced: string[] = []
    const history = { replaceState: (_state: unknown, _title: string, address: string) => replaced.push(address) }
    takeSetupToken({ pathname: url.pathname, search: url.search, hash: url.hash } as Location, history as unknown as History)
    return replaced
  }

  it('is taken from the query or the fragment and leaves the address', () => {
    expect(visit('/setup?token=abc')).toEqual(['/setup'])
    expect(setupToken()).toBe('abc')
    expect(visit('/setup#token=def')).toEqual(['/setup'])
    expect(setupToken()).toBe('def')
  })

  it('is not looked for on other pages', () => {
    expect(visit('/alerts?token=abc')).toEqual([])
    expect(setupToken()).toBe('')
  })
})

it('fold finds Vietnamese as people type it', () => {
  expect(fold('Đăng nhập thất bại – ĐƯỜNG DẪN')).toBe('dang nhap that bai – duong dan')
})
