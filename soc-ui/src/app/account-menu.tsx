import { Popover, SegmentedControl, UnstyledButton, useMantineColorScheme, type MantineColorScheme } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { BookOpen, ChevronDown, KeyRound, LogOut } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { LanguageChoice } from '../components/language-choice.tsx'
import { api } from '../lib/api.ts'
import { useTexts } from '../lib/i18n/index.ts'
import { showError } from '../lib/notify.ts'
import { useAgencyName } from '../lib/people.ts'
import { useSession } from '../lib/session.ts'
import classes from './account-menu.module.css'

const PasswordDialog = lazy(() => import('./password-dialog.tsx').then((module) => ({ default: module.PasswordDialog })))

export function AccountMenu() {
  const { t } = useTexts()
  const { user } = useSession()
  const agencyName = useAgencyName()
  const signOut = useSignOut()
  const [opened, menu] = useDisclosure(false)
  const [passwordOpen, password] = useDisclosure(false)
  return (
    <>
      <Popover width={272} position="bottom-end" shadow="md" trapFocus returnFocus opened={opened} onChange={menu.set}>
        <Popover.Target>
          <UnstyledButton
            className={classes.button}
            onClick={menu.toggle}
            aria-label={`${t('account.menu')}: ${user.displayName}`}
            data-testid="account-menu"
          >
            <span className={classes.initials} data-initials={initialsOf(user.displayName)} aria-hidden />
            <span className={classes.name}>{user.displayName}</span>
            <ChevronDown size={14} aria-hidden />
          </UnstyledButton>
        </Popover.Target>
        <Popover.Dropdown className={classes.menu ?? ''} aria-label={t('account.menu')}>
          <div className={classes.who}>
            <strong>{user.displayName}</strong>
            {t(`role.${user.role}`)} · {agencyName(user.agency)}
          </div>
          <LanguageChoice />
          <ThemeChoice />
          <hr className={classes.rule} />
          <a className={classes.item} href="/api/docs" target="_blank" rel="noreferrer">
            <BookOpen size={15} aria-hidden /> {t('account.apiDocs')}
          </a>
          <button
            type="button"
            className={classes.item}
            data-testid="change-password"
            onClick={() => {
              menu.close()
              password.open()
            }}
          >
            <KeyRound size={15} aria-hidden /> {t('account.changePassword')}
          </button>
          <button type="button" className={classes.item} onClick={signOut} data-testid="sign-out">
            <LogOut size={15} aria-hidden /> {t('account.signOut')}
          </button>
        </Popover.Dropdown>
      </Popover>
      {passwordOpen && (
        <Suspense fallback={null}>
          <PasswordDialog opened onClose={password.close} />
        </Suspense>
      )}
    </>
  )
}

function useSignOut(): () => void {
  const client = useQueryClient()
  const navigate = useNavigate()
  return () => {
    api
      .call('signOut', {})
      .then(() => navigate({ to: '/sign-in' }))
      // Nothing of the session stays for whoever signs in next.
      .then(() => client.clear(), showError)
  }
}

function ThemeChoice() {
  const { t } = useTexts()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <div className={classes.choice}>
      <span id="choose-theme">{t('account.theme')}</span>
      <SegmentedControl
        size="xs"
        fullWidth
        aria-labelledby="choose-theme"
        value={colorScheme}
        onChange={(value) => setColorScheme(value as MantineColorScheme)}
        data={(['light', 'dark', 'auto'] as const).map((value) => ({ value, label: t(`account.${value}`) }))}
      />
    </div>
  )
}

/** Vietnamese names end with the given name: «Nguyễn Thị Lan» is NL. */
function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/)
  return ((words[0]?.[0] ?? '') + (words.length > 1 ? (words.at(-1)?.[0] ?? '') : '')).toUpperCase()
}
