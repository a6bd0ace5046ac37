import { describe, expect, it } from 'vitest'
import type { Test } from './expression.ts'
import { spansOf } from './spans.ts'

const marked = (test: Test, value: string | number) => spansOf(test, value).map(([start, end]) => String(value).slice(start, end))

describe('spansOf', () => {
  it.each<[Test, string | number, string[]]>([
    [{ kind: 'contains', value: 'select' }, 'SELECT a; select b', ['SELECT', 'select']],
    [{ kind: 'contains', value: 'select', cased: true }, 'SELECT a; select b', ['select']],
    [{ kind: 'prefix', value: '/admin' }, '/Admin/login', ['/Admin']],
    [{ kind: 'suffix', value: '.php' }, '/a.php.php', ['.php']],
    [{ kind: 'equals', value: '4625' }, 4625, ['4625']],
    [{ kind: 'regex', source: '(?:\\d+)\\s+or', flags: 'i' }, "id=1 OR 2 or 'x'", ['1 OR', '2 or']],
    [{ kind: 'regex', source: 'x*', flags: '' }, 'axxb', ['xx']],
  ])('marks what %o finds', (test, value, expected) => expect(marked(test, value)).toEqual(expected))

  it('marks by UTF-16 units, and where folding makes text longer', () => {
    expect(marked({ kind: 'contains', value: 'cơ sở' }, '🔥 CƠ SỞ')).toEqual(['CƠ SỞ'])
    expect(marked({ kind: 'contains', value: 'admin' }, 'İİ admin')).toEqual(['admin'])
    expect(marked({ kind: 'regex', source: 's.', flags: '' }, '🔥 sở')).toEqual(['sở'])
  })

  it('has nothing to mark for tests that are not of a stretch of text', () => {
    expect(spansOf({ kind: 'exists' }, 'a')).toEqual([])
    expect(spansOf({ kind: 'compare', operator: 'gt', value: 1 }, 2)).toEqual([])
  })

  it('stops counting what repeats', () => expect(spansOf({ kind: 'contains', value: 'a' }, 'a'.repeat(10_000))).toHaveLength(50))
})

it.each<[Test, string | null]>([
  [{ kind: 'contains', value: '' }, 'a'],
  [{ kind: 'prefix', value: 'b' }, 'ab'],
  [{ kind: 'suffix', value: 'a' }, 'ab'],
  [{ kind: 'contains', value: 'null' }, null],
])('has nothing to mark by %o in %j', (test, value) => expect(spansOf(test, value)).toEqual([]))

it('marks all of a letter whose fold is longer, wherever it stands', () => {
  expect(spansOf({ kind: 'contains', value: 'İx' }, 'aİİx🔥b')).toEqual([[2, 4]])
  expect(spansOf({ kind: 'suffix', value: '🔥b' }, 'aİİx🔥b')).toEqual([[4, 7]])
  expect(spansOf({ kind: 'prefix', value: 'aİ' }, 'aİİx🔥b')).toEqual([[0, 2]])
})
