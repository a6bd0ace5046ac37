import { useBlocker } from '@tanstack/react-router'
import { ConfirmDialog } from '../../components/confirm-dialog.tsx'
import { useTexts } from '../../lib/i18n/index.ts'

/** Asks before the page is left while something on it would be lost; the browser asks in its own words when its window is closed. */
export function LeaveGuard({ on, loss }: { on: boolean; loss: string }) {
  const { t } = useTexts()
  const { status, proceed, reset } = useBlocker({ shouldBlockFn: () => on, enableBeforeUnload: on, withResolver: true })
  return (
    <ConfirmDialog
      opened={status === 'blocked'}
      title={t('connect.leave')}
      action={t('connect.leaveAnyway')}
      busy={false}
      onClose={() => reset?.()}
      onConfirm={() => proceed?.()}
    >
      {loss}
    </ConfirmDialog>
  )
}
