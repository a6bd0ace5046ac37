import { Button, Group, PasswordInput, Select, Stack, Switch, TextInput } from '@mantine/core'
import { Dialog } from '../../components/dialog.tsx'
import { LabelChoice } from '../../components/label-choice.tsx'
import { useForm } from '@mantine/form'
import { everyAgency, passwordSchema, roles, userNameSchema, type Role, type Tlp, type User } from '@vonggac/contract'
import { useTexts } from '../../lib/i18n/index.ts'
import { showDone } from '../../lib/notify.ts'
import { useAgencies } from '../../lib/people.ts'
import { useChange } from '../../lib/queries.ts'
import { useSession } from '../../lib/session.ts'

export function UserDialog({ user, onClose }: { user: User | 'new' | undefined; onClose: () => void }) {
  const { t } = useTexts()
  const title = user === 'new' || user === undefined ? t('users.create') : t('users.edit', { user: user.displayName })
  return (
    <Dialog opened={user !== undefined} onClose={onClose} title={title}>
      {user !== undefined && <UserForm user={user === 'new' ? undefined : user} onDone={onClose} />}
    </Dialog>
  )
}

interface Values {
  userName: string
  displayName: string
  password: string
  role: Role
  agency: string
  clearance: Tlp
  disabled: boolean
}

function UserForm({ user, onDone }: { user: User | undefined; onDone: () => void }) {
  const { t } = useTexts()
  const own = useSession().user
  const self = own.id === user?.id
  const agencies = useAgencies()
  const create = useChange('createUser')
  const change = useChange('changeUser')
  const form = useForm<Values>({
    initialValues: {
      userName: user?.userName ?? '',
      displayName: user?.displayName ?? '',
      password: '',
      role: user?.role ?? 'analyst',
      agency: user?.agency ?? everyAgency,
      clearance: user?.clearance ?? own.clearance,
      disabled: user?.disabled ?? false,
    },
    validate: {
      userName: (value) => (user || userNameSchema.safeParse(value).success ? null : t('session.userNameWrong')),
      displayName: (value) => (value.trim() === '' ? t('session.displayNameMissing') : null),
      password: (value) => ((user && value === '') || passwordSchema.safeParse(value).success ? null : t('session.passwordShort')),
    },
  })
  const submit = form.onSubmit(({ userName, password, displayName, role, agency, clearance, disabled }) => {
    const common = { displayName: displayName.trim(), role, agency, clearance }
    if (!user) {
      create.mutate(
        { body: { ...common, userName, password } },
        {
          onSuccess: () => {
            showDone(t('users.created'))
            onDone()
          },
        },
      )
      return
    }
    const body = { ...common, disabled, version: user.version, ...(password === '' ? {} : { password }) }
    change.mutate(
      { params: { id: user.id }, body },
      {
        onSuccess: () => {
          showDone(t('common.saved'))
          onDone()
        },
      },
    )
  })
  return (
    <form onSubmit={submit} noValidate data-testid="user-form">
      <Stack gap="md">
        <TextInput {...form.getInputProps('displayName')} label={t('session.displayName')} autoComplete="off" data-autofocus />
        {!user && (
          <TextInput
            {...form.getInputProps('userName')}
            label={t('session.userName')}
            description={t('session.userNameHint')}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
          />
        )}
        <PasswordInput
          {...form.getInputProps('password')}
          label={user ? t('users.newPassword') : t('session.password')}
          description={user ? t('users.newPasswordHint') : t('session.passwordHint')}
          autoComplete="new-password"
        />
        <Select
          {...form.getInputProps('role')}
          label={t('users.role')}
          description={t(`users.roleHint.${form.values.role}`)}
          data={roles.map((value) => ({ value, label: t(`role.${value}`) }))}
          allowDeselect={false}
          disabled={self}
        />
        <Select
          {...form.getInputProps('agency')}
          label={t('common.agency')}
          data={[{ value: everyAgency, label: t('common.everyAgency') }, ...agencies]}
          allowDeselect={false}
          searchable
          disabled={self}
        />
        <LabelChoice
          label={t('users.clearance')}
          description={t('users.clearanceHint')}
          value={form.values.clearance}
          disabled={self}
          onChange={(clearance) => form.setFieldValue('clearance', clearance)}
        />
        {user && !self && <Switch {...form.getInputProps('disabled', { type: 'checkbox' })} label={t('users.disable')} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={create.isPending || change.isPending}>
            {user ? t('common.save') : t('users.create')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
