import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { User } from '@vonggac/contract'
import { CircleCheck, Lock, Pencil, UserPlus } from 'lucide-react'
import { useState } from 'react'
import { DataTable, type Column } from '../../components/data-table.tsx'
import { Page } from '../../components/page.tsx'
import { Answered, Empty } from '../../components/states.tsx'
import { Status } from '../../components/status.tsx'
import { When } from '../../components/when.tsx'
import { useTexts } from '../../lib/i18n/index.ts'
import { useAgencyName } from '../../lib/people.ts'
import { ask } from '../../lib/queries.ts'
import { useMay, useSession } from '../../lib/session.ts'
import { UserDialog } from './user-dialog.tsx'
import classes from './users-page.module.css'

export function UsersPage() {
  const { t } = useTexts()
  const may = useMay('administrator')
  const [editing, setEditing] = useState<User | 'new'>()
  const query = useQuery(ask('listUsers', {}))
  const columns = useColumns(setEditing)
  if (!may) {
    return (
      <Page title={t('users.title')}>
        <Empty title={t('failure.forbidden')} hint={t('failure.forbiddenLead')} />
      </Page>
    )
  }
  return (
    <Page
      title={t('users.title')}
      actions={
        <Button leftSection={<UserPlus size={15} aria-hidden />} onClick={() => setEditing('new')} data-testid="new-user">
          {t('users.create')}
        </Button>
      }
    >
      <div className={classes.list}>
        <Answered query={query}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty title={t('users.empty')} />
            ) : (
              <DataTable label={t('users.list')} columns={columns} rows={items} rowKey={(user) => user.id} rowTestId="user-row" />
            )
          }
        </Answered>
      </div>
      <UserDialog user={editing} onClose={() => setEditing(undefined)} />
    </Page>
  )
}

function useColumns(edit: (user: User) => void): Column<User>[] {
  const { t } = useTexts()
  const agencyName = useAgencyName()
  const self = useSession().user.id
  return [
    {
      key: 'user',
      header: t('session.displayName'),
      narrow: 'line',
      cell: (user) => (
        <div>
          <strong>{user.displayName}</strong>
          {user.id === self && <span className={classes.quiet}> ({t('users.you')})</span>}
          <div className={`${classes.quiet} mono`}>{user.userName}</div>
        </div>
      ),
    },
    { key: 'role', header: t('users.role'), width: '12rem', cell: (user) => t(`role.${user.role}`) },
    { key: 'agency', header: t('common.agency'), width: '14rem', cell: (user) => agencyName(user.agency) },
    {
      key: 'state',
      header: t('users.state'),
      width: '10rem',
      cell: (user) => (
        <Status icon={user.disabled ? Lock : CircleCheck} tone={user.disabled ? 'warning' : 'good'}>
          {t(user.disabled ? 'users.disabled' : 'users.enabled')}
        </Status>
      ),
    },
    {
      key: 'created',
      header: t('common.created'),
      width: '11rem',
      wideOnly: true,
      narrow: 'hide',
      cell: (user) => <When at={user.createdAt} />,
    },
    {
      key: 'edit',
      header: t('users.edit', { user: '' }),
      quietHeader: true,
      width: '3.5rem',
      end: true,
      cell: (user) => (
        <Button
          size="compact-xs"
          variant="subtle"
          onClick={() => edit(user)}
          aria-label={t('users.edit', { user: user.displayName })}
          data-testid="edit-user"
        >
          <Pencil size={14} aria-hidden />
        </Button>
      ),
    },
  ]
}
