import { describe, expect, it } from 'vitest'
import { alertQuery, countOf, isFiltered, readAlertSearch } from './search.ts'

describe('the alert list’s address', () => {
  it('shows what waits for somebody when nothing is said', () => {
    expect(readAlertSearch({})).toEqual({})
    expect(alertQuery({})).toMatchObject({ status: ['new', 'acknowledged'], severity: [] })
  })

  it('takes what it knows and drops the rest', () => {
    expect(readAlertSearch({ status: 'closed', severity: 'high,nonsense', entity: '10.0.0.1', evil: 'x' })).toEqual({
      status: 'closed',
      severity: 'high',
      entity: '10.0.0.1',
    })
    expect(readAlertSearch({ status: 'nonsense', entity: 'x'.repeat(400) })).toEqual({})
  })

  it('counts by view', () => {
    const counts = { new: 3, acknowledged: 2, closed: 5 }
    expect([countOf('open', counts), countOf('closed', counts), countOf('escalated', counts), countOf('all', counts)]).toEqual([
      5, 5, 0, 10,
    ])
  })

  it('knows whether more than the view is narrowed', () => {
    expect(isFiltered({ status: 'all' })).toBe(false)
    expect(isFiltered({ status: 'all', rule: 'r1' })).toBe(true)
  })
})
