import { useQuery } from '@tanstack/react-query'
import { completeKql, type FieldInfo } from '@vonggac/sigma/kql'
import { useMemo } from 'react'
import type { Reply } from '../../lib/api.ts'
import { ask } from '../../lib/queries.ts'
import type { Run } from './use-search.ts'

export interface Suggestion {
  readonly kind: 'recent' | 'field' | 'operator' | 'value' | 'conjunction'
  /** Stands between `from` and `to` instead of what is there. */
  readonly text: string
  readonly from: number
  readonly to: number
  /** Where the cursor goes on writing at once: behind a space, or with the colon that most fields are followed by. */
  readonly behind: string
}

const types = { text: 'keyword', number: 'number', boolean: 'boolean', address: 'ip', time: 'date' } as const satisfies Record<
  Reply<'listFields'>['items'][number]['type'],
  FieldInfo['type']
>
const fresh = { staleTime: 300_000, retry: false } as const
const shownAtMost = 12

/** What may be written at the cursor: past queries in an empty bar, else what the language and the events know. */
export function useCompletion(text: string, cursor: number, run: Run, recent: readonly string[], wanted: boolean): readonly Suggestion[] {
  const { period, clock } = run
  const known = useQuery({ ...ask('listFields', { body: { ...period, clock, query: '' } }), ...fresh, enabled: wanted })
  const fields = useMemo(() => known.data?.items.map(({ name, type }): FieldInfo => ({ name, type: types[type] })) ?? [], [known.data])
  const { field, expects } = completeKql(text, cursor, { fields: [] })
  const named = expects.includes('value') && field !== undefined && fields.some(({ name }) => name === field) ? field : undefined
  const values = useQuery({
    ...ask('fieldValues', { body: { ...period, clock, query: '', field: named ?? '-', size: 50 } }),
    ...fresh,
    enabled: wanted && named !== undefined,
  })
  return useMemo(() => {
    if (!wanted) return []
    const past =
      text.trim() === ''
        ? recent.slice(0, 6).map((query) => ({ kind: 'recent' as const, text: query, from: 0, to: text.length, behind: '' }))
        : []
    const found = named === undefined ? undefined : values.data?.items.map(({ value }) => value).filter((value) => value !== null)
    const completion = completeKql(text, cursor, { fields, ...(found && { values: found }) })
    const { from, to } = completion
    const suggestions = completion.suggestions
      .filter((suggestion) => suggestion.text !== text.slice(from, to))
      .map(({ kind, text: put }) => ({
        kind,
        text: put,
        from,
        to,
        behind: behindOf(
          kind,
          text.slice(to),
          fields.find(({ name }) => name === put),
        ),
      }))
    return [...past, ...suggestions].slice(0, shownAtMost)
  }, [wanted, text, cursor, recent, fields, named, values.data])
}

function behindOf(kind: Suggestion['kind'], rest: string, field: FieldInfo | undefined): string {
  if (kind === 'field') {
    if (/^\s*[:<>]/.test(rest)) return ''
    return field?.type === 'number' || field?.type === 'date' ? ' ' : ': '
  }
  return rest.startsWith(' ') ? '' : ' '
}
