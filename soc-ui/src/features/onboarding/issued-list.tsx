import { Button } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { ConfirmDialog } from '../../components/confirm-dialog.tsx'
import { useTexts } from '../../lib/i18n/index.ts'
import { showDone } from '../../lib/notify.ts'
import classes from './credentials.module.css'

interface IssuedListProps {
  readonly label: string
  /** `about`: what is known of it. What was taken back stays in the list, usable no more. */
  readonly items: readonly { readonly id: string; readonly about: ReactNode; readonly usable: boolean }[]
  /** What the dialog asks, and what it says follows. */
  readonly title: string
  readonly lead: (id: string) => string
  /** What is said when it is taken back. */
  readonly revoked: string
  readonly busy: boolean
  /** `done`: it is taken back. */
  readonly onRevoke: (id: string, done: () => void) => void
  /** An item is `issued-<name>`, its button `revoke-<name>`. */
  readonly name: string
}

/** Tokens or certificates that were issued, each with the way to take it back. */
export function IssuedList({ label, items, title, lead, revoked, busy, onRevoke, name }: IssuedListProps) {
  const { t } = useTexts()
  const [revoking, setRevoking] = useState<string>()
  const close = () => setRevoking(undefined)
  const done = () => {
    close()
    showDone(revoked)
  }
  return (
    <>
      <ul className={classes.issued} aria-label={label}>
        {items.map(({ id, about, usable }) => (
          <li key={id} data-testid={`issued-${name}`}>
            <span className={classes.what}>{about}</span>
            {usable && (
              <Button
                size="compact-xs"
                variant="default"
                onClick={() => setRevoking(id)}
                aria-label={`${t('connect.revoke')}: ${id}`}
                data-testid={`revoke-${name}`}
              >
                {t('connect.revoke')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <ConfirmDialog
        opened={revoking !== undefined}
        title={title}
        action={t('connect.revoke')}
        busy={busy}
        onClose={close}
        onConfirm={() => revoking !== undefined && onRevoke(revoking, done)}
      >
        {lead(revoking ?? '')}
      </ConfirmDialog>
    </>
  )
}
