import type { Hold } from '@vonggac/contract'
import { Dialog } from '../../components/dialog.tsx'
import { ReasonForm } from '../../components/reason-form.tsx'
import { useTexts } from '../../lib/i18n/index.ts'
import { showDone } from '../../lib/notify.ts'
import { useChange } from '../../lib/queries.ts'
import classes from './lift-dialog.module.css'

/** Lifting lets data go for good: it asks for the reason, and says what follows. */
export function LiftDialog({ hold, onClose }: { hold: Hold | undefined; onClose: () => void }) {
  const { t } = useTexts()
  return (
    <Dialog opened={hold !== undefined} onClose={onClose} title={t('storage.liftHold')}>
      {hold && <LiftForm hold={hold} onDone={onClose} />}
    </Dialog>
  )
}

function LiftForm({ hold, onDone }: { hold: Hold; onDone: () => void }) {
  const { t } = useTexts()
  const lift = useChange('liftHold')
  const submit = (reason: string) =>
    lift.mutate(
      { params: { id: hold.id }, query: { reason } },
      {
        onSuccess: () => {
          showDone(t('storage.lifted'))
          onDone()
        },
      },
    )
  return (
    <ReasonForm name="lift" action={t('storage.lift')} danger busy={lift.isPending} onCancel={onDone} onReason={submit}>
      <blockquote className={classes.hold}>{hold.reason}</blockquote>
      <p className={classes.lead}>{t('storage.liftLead')}</p>
    </ReasonForm>
  )
}
