import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { ask } from '../../lib/queries.ts'
import { useNow } from '../../lib/now.ts'
import { spans, type Period } from './search.ts'

/** The volume up to now. The period's ends move by whole buckets, so that a bucket is always the same stretch of time and answers are shared. */
export function useVolume(period: Period) {
  const { ms, buckets } = spans[period]
  const bucketMs = ms / buckets
  const to = (Math.floor(useNow(10_000) / bucketMs) + 1) * bucketMs
  return useQuery({
    ...ask('volume', { query: { from: new Date(to - ms).toISOString(), to: new Date(to).toISOString(), buckets } }),
    placeholderData: keepPreviousData,
    refetchInterval: 10_000,
  })
}
