import { notifications } from '@mantine/notifications'
import { chosenLanguage, i18n } from './i18n/index.ts'
import { describeError } from './describe-error.ts'
import { isNotSignedIn } from './problem.ts'

/** Mantine gives the closing button no name of its own. */
const closing = () => ({ closeButtonProps: { 'aria-label': i18n.t('common.close') } })

/** A failed action, told in the corner. A lost session is not told: the sign-in page itself says so. */
export function showError(error: unknown): void {
  if (isNotSignedIn(error)) return
  const { title, detail } = describeError(error, i18n.t, chosenLanguage())
  notifications.show({ title, message: detail, color: 'danger', autoClose: 10_000, role: 'alert', ...closing() })
}

export function showDone(message: string): void {
  notifications.show({ message, color: 'watch', autoClose: 4_000, role: 'status', ...closing() })
}
