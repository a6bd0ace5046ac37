import { Button } from '@mantine/core'
import { Link, type ErrorComponentProps } from '@tanstack/react-router'
import { RotateCw } from 'lucide-react'
import { Empty, Failure } from '../components/states.tsx'
import { Page } from '../components/page.tsx'
import classes from './failures.module.css'
import { useTexts } from '../lib/i18n/index.ts'
import { isStalePage } from '../lib/stale.ts'

/** Outside the console's frame, where there is no main landmark yet. */
export function NotFoundScreen() {
  return (
    <main className={classes.screen}>
      <NotFoundPage />
    </main>
  )
}

export function CrashScreen(props: ErrorComponentProps) {
  return (
    <main className={classes.screen}>
      <CrashPage {...props} />
    </main>
  )
}

export function NotFoundPage() {
  const { t } = useTexts()
  return (
    <Page title={t('failure.notFound')}>
      <Empty
        title={t('failure.notFound')}
        hint={t('failure.notFoundLead')}
        action={
          <Button component={Link} to="/" variant="default">
            {t('failure.home')}
          </Button>
        }
      />
    </Page>
  )
}

export function CrashPage({ error, reset }: ErrorComponentProps) {
  const { t } = useTexts()
  if (isStalePage(error)) return <StalePage />
  return (
    <Page title={t('failure.crashed')}>
      <Failure error={error} retry={reset} />
    </Page>
  )
}

/** After an upgrade of the server, an open console asks for files that are gone. */
function StalePage() {
  const { t } = useTexts()
  return (
    <Page title={t('failure.stale')}>
      <Empty
        title={t('failure.stale')}
        hint={t('failure.staleLead')}
        action={
          <Button leftSection={<RotateCw size={15} aria-hidden />} onClick={() => window.location.reload()}>
            {t('failure.reload')}
          </Button>
        }
      />
    </Page>
  )
}
