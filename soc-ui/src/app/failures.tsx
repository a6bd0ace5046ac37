import { Button } from '@mantine/core'
import { Link, type ErrorComponentProps } from '@tanstack/react-router'
import { Empty, Failure } from '../components/states.tsx'
import { Page } from '../components/page.tsx'
import classes from './failures.module.css'
import { useTexts } from '../lib/i18n/index.ts'

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
  return (
    <Page title={t('failure.crashed')}>
      <Failure error={error} retry={reset} />
    </Page>
  )
}
