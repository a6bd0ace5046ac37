import { Button, Group, Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTexts } from '../lib/i18n/index.ts'
import { Dialog } from './dialog.tsx'

interface ConfirmDialogProps {
  readonly opened: boolean
  readonly title: string
  readonly children: ReactNode
  /** What the button does, as its label. */
  readonly action: string
  readonly busy: boolean
  readonly onConfirm: () => void
  readonly onClose: () => void
}

/** Asks before something that cannot be taken back; the focus is on the way out. */
export function ConfirmDialog({ opened, title, children, action, busy, onConfirm, onClose }: ConfirmDialogProps) {
  const { t } = useTexts()
  return (
    <Dialog opened={opened} onClose={onClose} title={title}>
      <Stack gap="md">
        <div>{children}</div>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t('common.cancel')}
          </Button>
          <Button color="danger" loading={busy} onClick={onConfirm} data-testid="confirm">
            {action}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
