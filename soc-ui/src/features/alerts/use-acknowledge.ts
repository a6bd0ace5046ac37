import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Alert } from '@vonggac/contract'
import { api } from '../../lib/api.ts'
import { useTexts } from '../../lib/i18n/index.ts'
import { showDone, showError } from '../../lib/notify.ts'
import { refresh } from '../../lib/queries.ts'

/** Acknowledges alerts, one or many; those that somebody changed in the meantime are left alone and told. */
export function useAcknowledge(assignee: string) {
  const { t } = useTexts()
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (alerts: readonly Alert[]) => {
      const open = alerts.filter((alert) => alert.status === 'new')
      const outcomes = await Promise.allSettled(
        open.map(({ id, version, assignee: present }) =>
          api.call('changeAlert', { params: { id }, body: { status: 'acknowledged', version, ...(present ? {} : { assignee }) } }),
        ),
      )
      const failed = outcomes.filter((outcome) => outcome.status === 'rejected')
      if (failed.length === open.length && failed[0]) throw failed[0].reason
      return { total: open.length, done: open.length - failed.length }
    },
    onSuccess: ({ total, done }) => {
      if (total === 0) return
      showDone(done === total ? t('alerts.acknowledged', { count: done }) : t('alerts.someFailed', { done, total }))
    },
    onError: showError,
    onSettled: () => refresh(client, 'alerts'),
  })
}
