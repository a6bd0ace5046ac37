import { Button, Group } from '@mantine/core'
import type { UseInfiniteQueryResult } from '@tanstack/react-query'
import { useTexts } from '../lib/i18n/index.ts'

type Paged = Pick<UseInfiniteQueryResult, 'hasNextPage' | 'isFetchingNextPage'> & { readonly fetchNextPage: () => Promise<unknown> }

/** Under a list that comes page by page, while there is more of it. */
export function MoreButton({ query, testId }: { query: Paged; testId?: string }) {
  const { t } = useTexts()
  if (!query.hasNextPage) return null
  return (
    <Group justify="center">
      <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()} data-testid={testId}>
        {t('common.more')}
      </Button>
    </Group>
  )
}
