import { Alert, Button, Skeleton } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import { TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { describeError } from '../lib/describe-error.ts'
import { useTexts } from '../lib/i18n/index.ts'
import { Mark } from './mark.tsx'
import classes from './states.module.css'

/** What an empty list says: that it is empty, and what to do. */
export function Empty({ title, hint, action }: { title: string; hint?: string | undefined; action?: ReactNode }) {
  return (
    <div className={classes.empty} role="status">
      <span className={classes.emblem}>
        <Mark size={30} />
      </span>
      <p className={classes.emptyTitle}>{title}</p>
      {hint && <p className={classes.emptyHint}>{hint}</p>}
      {action}
    </div>
  )
}

export function Failure({ error, retry }: { error: unknown; retry?: (() => void) | undefined }) {
  const { t, language } = useTexts()
  const { title, detail } = describeError(error, t, language)
  return (
    <Alert color="danger" variant="light" icon={<TriangleAlert size={18} aria-hidden />} title={title} role="alert" m="sm">
      <p className={classes.detail}>{detail}</p>
      {retry && (
        <Button size="xs" variant="default" onClick={retry}>
          {t('common.retry')}
        </Button>
      )}
    </Alert>
  )
}

export function Loading({ rows = 6 }: { rows?: number }) {
  const { t } = useTexts()
  return (
    <div className={classes.loading} role="status" aria-label={t('common.loading')}>
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height={18} width={`${92 - ((row * 17) % 40)}%`} />
      ))}
    </div>
  )
}

type Answer<T> = Pick<UseQueryResult<T>, 'data' | 'error' | 'refetch'>

/** A question's three states. Data that is already there stays on screen when asking again fails. */
export function Answered<T>({ query, rows, children }: { query: Answer<T>; rows?: number; children: (data: T) => ReactNode }) {
  if (query.data !== undefined) return children(query.data)
  if (query.error) return <Failure error={query.error} retry={() => void query.refetch()} />
  return <Loading {...(rows === undefined ? {} : { rows })} />
}
