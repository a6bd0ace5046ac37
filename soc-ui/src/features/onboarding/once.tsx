import { Alert, Button } from '@mantine/core'
import { TriangleAlert } from 'lucide-react'
import { useEffect, useRef, type ReactNode } from 'react'
import { useTexts } from '../../lib/i18n/index.ts'
import { LeaveGuard } from './leave-guard.tsx'
import classes from './credentials.module.css'

/** A secret that is on screen for this once, what that means, and the way to put it away. Leaving the page asks first. */
export function Once({ text, onKept, children }: { text: string; onKept: () => void; children: ReactNode }) {
  const { t } = useTexts()
  const frame = useRef<HTMLDivElement>(null)
  useEffect(() => {
    frame.current?.focus()
  }, [])
  return (
    <Alert
      ref={frame}
      tabIndex={-1}
      color="amber"
      mb="sm"
      icon={<TriangleAlert size={18} aria-hidden />}
      title={t('connect.once')}
      data-testid="once"
    >
      <LeaveGuard on loss={text} />
      <p className={classes.warning}>{text}</p>
      <div className={classes.secret}>{children}</div>
      <Button size="compact-xs" variant="default" mt="sm" onClick={onKept} data-testid="kept">
        {t('connect.kept')}
      </Button>
    </Alert>
  )
}
