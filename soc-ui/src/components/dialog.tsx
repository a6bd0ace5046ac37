import { Modal, type MantineSize } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTexts } from '../lib/i18n/index.ts'
import classes from './dialog.module.css'

interface DialogProps {
  readonly opened: boolean
  readonly onClose: () => void
  readonly title: string
  readonly size?: MantineSize
  readonly children: ReactNode
}

/** A modal dialog. Mantine's own head is a `<header>`, which would be a second banner of the page: here it is a plain one. */
export function Dialog({ opened, onClose, title, size = 'md', children }: DialogProps) {
  const { t } = useTexts()
  return (
    <Modal.Root opened={opened} onClose={onClose} size={size} centered radius="md" classNames={{ content: classes.content ?? '' }}>
      <Modal.Overlay />
      <Modal.Content>
        <div className={classes.head}>
          <Modal.Title className={classes.title ?? ''}>{title}</Modal.Title>
          <Modal.CloseButton aria-label={t('common.close')} />
        </div>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}
