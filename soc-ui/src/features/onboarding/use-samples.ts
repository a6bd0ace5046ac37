import { useSessionStorage } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { ask } from '../../lib/queries.ts'
import { framingOf, sampleLines } from './lists.ts'

export interface Samples {
  readonly text: string
  readonly framing: 'syslog' | 'plain'
  /** How many lines were taken from the source, once they were. */
  readonly taken: { readonly source: string; readonly count: number } | undefined
  readonly write: (text: string) => void
  readonly frame: (framing: 'syslog' | 'plain') => void
}

/** The sample lines of this tab: they stay while one goes from parser to parser. Those that the source could not read take their place, once. */
export function useSamples(source: string | undefined): Samples {
  const [text, write] = useSessionStorage({ key: 'vonggac.samples', defaultValue: '', getInitialValueInEffect: false })
  const [chosen, frame] = useState<'syslog' | 'plain'>()
  const written = useRef(false)
  const { data } = useQuery({
    ...ask('checkSource', { params: { id: source ?? '' } }),
    enabled: source !== undefined,
    staleTime: Infinity,
    retry: false,
  })
  useEffect(() => {
    if (source === undefined || !data || written.current) return
    written.current = true
    if (data.unread.length > 0) write(data.unread.join('\n'))
  }, [source, data, write])
  const taken = source !== undefined && data ? { source, count: data.unread.length } : undefined
  return { text, framing: chosen ?? framingOf(sampleLines(text)), taken, write, frame }
}
