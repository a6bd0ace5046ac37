import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { passwordSchema, userNameSchema } from '@vonggac/contract'
import { Info } from 'lucide-react'
import { Failure } from '../../components/states.tsx'
import { useTexts } from '../../lib/i18n/index.ts'
import { ask, useChange } from '../../lib/queries.ts'
import { useKeepSession } from '../../lib/session.ts'
import { forgetSetupToken, setupToken } from '../../lib/setup-token.ts'
import { Door } from './door.tsx'

export function SetupPage() {
  const { t } = useTexts()
  const state = useQuery(ask('setupState', {}))
  return (
    <Door title={t('session.setupTitle')} lead={t('session.setupLead')}>
      {state.data?.needed === false ? <Finished /> : <SetupForm />}
    </Door>
  )
}

function Finished() {
  const { t } = useTexts()
  return (
    <Stack gap="md">
      <Alert color="gray" icon={<Info size={18} aria-hidden />}>
        {t('session.setupDone')}
      </Alert>
      <Button component={Link} to="/sign-in" fullWidth>
        {t('session.goToSignIn')}
      </Button>
    </Stack>
  )
}

function SetupForm() {
  const { t } = useTexts()
  const navigate = useNavigate()
  const keep = useKeepSession()
  const setup = useChange('setup', { silent: true })
  const tokenOfLink = setupToken()
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { token: tokenOfLink, displayName: '', userName: '', password: '', again: '' },
    validate: {
      displayName: (value) => (value.trim() === '' ? t('session.displayNameMissing') : null),
      userName: (value) => (userNameSchema.safeParse(value).success ? null : t('session.userNameWrong')),
      password: (value) => (passwordSchema.safeParse(value).success ? null : t('session.passwordShort')),
      again: (value, values) => (value === values.password ? null : t('session.passwordDiffers')),
    },
  })
  const submit = form.onSubmit(({ token, userName, displayName, password }) =>
    setup.mutate(
      { body: { token, userName, displayName, password } },
      {
        onSuccess: (session) => {
          forgetSetupToken()
          keep(session)
          void navigate({ to: '/' })
        },
      },
    ),
  )
  return (
    <form onSubmit={submit} noValidate data-testid="setup-form">
      <Stack gap="md">
        {tokenOfLink === '' && (
          <TextInput
            key={form.key('token')}
            {...form.getInputProps('token')}
            label={t('session.setupToken')}
            description={t('session.setupTokenHint')}
            autoComplete="off"
          />
        )}
        <TextInput
          key={form.key('displayName')}
          {...form.getInputProps('displayName')}
          label={t('session.displayName')}
          description={t('session.displayNameHint')}
          autoComplete="name"
        />
        <TextInput
          key={form.key('userName')}
          {...form.getInputProps('userName')}
          label={t('session.userName')}
          description={t('session.userNameHint')}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
        />
        <PasswordInput
          key={form.key('password')}
          {...form.getInputProps('password')}
          label={t('session.password')}
          description={t('session.passwordHint')}
          autoComplete="new-password"
        />
        <PasswordInput
          key={form.key('again')}
          {...form.getInputProps('again')}
          label={t('session.passwordAgain')}
          autoComplete="new-password"
        />
        {setup.error && <Failure error={setup.error} />}
        <Button type="submit" size="md" fullWidth loading={setup.isPending}>
          {t('session.createAdministrator')}
        </Button>
      </Stack>
    </form>
  )
}
