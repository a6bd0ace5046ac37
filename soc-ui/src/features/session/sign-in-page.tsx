import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import { Info } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { Failure } from '../../components/states.tsx'
import { useTexts } from '../../lib/i18n/index.ts'
import { ask, useChange } from '../../lib/queries.ts'
import { useKeepSession } from '../../lib/session.ts'
import { Door } from './door.tsx'

const route = getRouteApi('/sign-in')

export function SignInPage() {
  const { t } = useTexts()
  const { next } = route.useSearch()
  const router = useRouter()
  const keep = useKeepSession()
  const setup = useQuery(ask('setupState', {}))
  const signIn = useChange('signIn', { silent: true })
  const form = useForm({ mode: 'uncontrolled', initialValues: { userName: '', password: '' } })
  // Nothing stands before the form, so the keyboard may start in it.
  const userName = useRef<HTMLInputElement>(null)
  useEffect(() => userName.current?.focus(), [])
  const submit = form.onSubmit((body) =>
    signIn.mutate(
      { body },
      {
        onSuccess: (session) => {
          keep(session)
          router.history.push(next ?? '/')
        },
      },
    ),
  )
  return (
    <Door title={t('session.signInTitle')} lead={t('session.signInLead')}>
      <form onSubmit={submit} data-testid="sign-in-form">
        <Stack gap="md">
          {setup.data?.needed && (
            <Alert color="amber" icon={<Info size={18} aria-hidden />}>
              {t('session.setupNeeded')}
            </Alert>
          )}
          {next && !setup.data?.needed && next !== '/' && !signIn.error && (
            <Alert color="gray" icon={<Info size={18} aria-hidden />}>
              {t('session.signedOut')}
            </Alert>
          )}
          <TextInput
            key={form.key('userName')}
            ref={userName}
            {...form.getInputProps('userName')}
            label={t('session.userName')}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            required
            withAsterisk={false}
          />
          <PasswordInput
            key={form.key('password')}
            {...form.getInputProps('password')}
            label={t('session.password')}
            autoComplete="current-password"
            required
            withAsterisk={false}
          />
          {signIn.error && <Failure error={signIn.error} />}
          <Button type="submit" size="md" fullWidth loading={signIn.isPending}>
            {t('session.signIn')}
          </Button>
        </Stack>
      </form>
    </Door>
  )
}
