import { describe, expect, it } from 'vitest'
import { columnsOf, lastCovering, lastOf, nextOrder, orderIn, periodOf, readHuntSearch, usualColumns, withColumn } from './search.ts'

const now = Date.parse('2026-11-22T03:00:00Z')

describe('the address of a hunt', () => {
  it('says nothing of what is usual', () => {
    expect(readHuntSearch({ q: '', last: '1h', clock: 'received', order: 'newest', columns: '' })).toEqual({})
  })

  it('keeps a period by its ends before one that ends now', () => {
    const search = readHuntSearch({ last: '7d', from: '2026-11-20T00:00:00Z', to: '2026-11-21T00:00:00Z' })
    expect(search).toEqual({ from: '2026-11-20T00:00:00.000Z', to: '2026-11-21T00:00:00.000Z' })
    expect(lastOf(search)).toBeUndefined()
    expect(periodOf(search, now)).toEqual(search)
  })

  it.each([
    [{ from: 'yesterday', to: '2026-11-21T00:00:00Z' }],
    [{ from: '2026-11-22T00:00:00Z', to: '2026-11-21T00:00:00Z' }],
    [{ last: '2y', split: 'no.such', clock: 'sundial', order: 'sideways' }],
  ])('drops what makes no sense: %j', (given) => {
    expect(readHuntSearch(given)).toEqual({})
  })

  it('ends now otherwise', () => {
    expect(periodOf({}, now)).toEqual({ from: '2026-11-22T02:00:00.000Z', to: '2026-11-22T03:00:00.000Z' })
    expect(periodOf({ last: '30d' }, now).from).toBe('2026-10-23T03:00:00.000Z')
  })

  it('covers how far a saved hunt looks back', () => {
    expect([5, 60, 61, 43_200].map(lastCovering)).toEqual(['15m', '1h', '4h', '30d'])
  })

  it('adds a column behind the others and takes it out again', () => {
    const added = readHuntSearch({ columns: withColumn({}, 'url.path') })
    expect(columnsOf(added)).toEqual([...usualColumns, 'url.path'])
    expect(withColumn(added, 'url.path')).toBeUndefined()
  })

  it('orders by a column falling, rising, and by time again', () => {
    const first = nextOrder(undefined, 'source.port')
    const second = nextOrder(first, 'source.port')
    expect(orderIn(first)).toEqual({ field: 'source.port', direction: 'descending' })
    expect(orderIn(second)).toEqual({ field: 'source.port', direction: 'ascending' })
    expect(nextOrder(second, 'source.port')).toBeUndefined()
    expect(orderIn('oldest')).toBe('oldest')
  })
})
