import { Select } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useTexts } from '../../lib/i18n/index.ts'
import { lastOf, type HuntSearch } from './search.ts'
import { TimeRange } from './time-range.tsx'
import classes from './search-tools.module.css'

interface SearchToolsProps {
  readonly search: HuntSearch
  readonly onChange: (part: { readonly [K in keyof HuntSearch]?: HuntSearch[K] | undefined }) => void
  readonly onRefresh: () => void
}

const paces = ['off', '10', '30', '60'] as const
type Pace = (typeof paces)[number]

/** The period, and whether the search runs again by itself. */
export function SearchTools({ search, onChange, onRefresh }: SearchToolsProps) {
  const { t } = useTexts()
  const [pace, setPace] = useState<Pace>('off')
  const ended = lastOf(search) === undefined
  useRefresh(pace === 'off' || ended ? undefined : Number(pace) * 1_000, onRefresh)
  return (
    <div className={classes.tools}>
      <TimeRange search={search} onChange={onChange} />
      <Select
        size="sm"
        className={classes.pace ?? ''}
        aria-label={t('hunting.refresh')}
        title={ended ? t('hunting.refreshEnded') : t('hunting.refresh')}
        data={paces.map((value) => ({
          value,
          label: value === 'off' ? t('hunting.refreshOff') : t('hunting.refreshEvery', { seconds: value }),
        }))}
        value={ended ? 'off' : pace}
        disabled={ended}
        onChange={(value) => setPace((value ?? 'off') as Pace)}
        allowDeselect={false}
      />
    </div>
  )
}

/** Not while nobody sees the page: a forgotten tab would search all night. */
function useRefresh(everyMs: number | undefined, refresh: () => void): void {
  const latest = useRef(refresh)
  useEffect(() => {
    latest.current = refresh
  })
  useEffect(() => {
    if (everyMs === undefined) return
    const timer = setInterval(() => {
      if (!document.hidden) latest.current()
    }, everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
}
