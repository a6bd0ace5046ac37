import { ActionIcon, Drawer, Tooltip, UnstyledButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQueryClient } from '@tanstack/react-query'
import { Outlet, useNavigate, useRouterState } from '@tanstack/react-router'
import { Keyboard, Menu } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { Mark } from '../components/mark.tsx'
import { useTexts } from '../lib/i18n/index.ts'
import { useKeys } from '../lib/keyboard.ts'
import { useSession } from '../lib/session.ts'
import { ownFeed, sharedFeed } from '../lib/stream-feed.ts'
import { followStream } from '../lib/stream.ts'
import { AccountMenu } from './account-menu.tsx'
import { LiveBadge } from './live-badge.tsx'
import { Navigation } from './navigation.tsx'
import { Shortcuts } from './shortcuts.tsx'
import classes from './shell.module.css'

/** The frame around every page behind the sign-in; while it stands, the server's stream is followed. */
export function Shell() {
  const { t } = useTexts()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [menuOpen, menu] = useDisclosure(false)
  const [helpOpen, help] = useDisclosure(false)
  const main = useFocusOnNavigation()
  const { user } = useSession()
  // Tabs of one person share a stream; another who signs in later does not get what the first may see.
  useEffect(() => followStream(client, sharedFeed(`vonggac.stream.${user.id}`, ownFeed(), navigator.locks)), [client, user.id])
  useKeys({
    '?': help.open,
    'g o': () => void navigate({ to: '/' }),
    'g a': () => void navigate({ to: '/alerts' }),
    'g c': () => void navigate({ to: '/cases' }),
    'g h': () => void navigate({ to: '/hunting' }),
    'g r': () => void navigate({ to: '/rules' }),
    'g s': () => void navigate({ to: '/sources' }),
  })
  return (
    <div className={classes.shell}>
      <a href="#main" className={classes.skip}>
        {t('nav.skip')}
      </a>
      <aside className={classes.side}>
        <Brand />
        <Navigation />
      </aside>
      <Drawer.Root opened={menuOpen} onClose={menu.close} size={264} classNames={{ content: classes.drawer ?? '' }}>
        <Drawer.Overlay />
        <Drawer.Content aria-label={t('nav.main')}>
          <div className={classes.drawerHead}>
            <Brand />
            <Drawer.CloseButton aria-label={t('nav.close')} />
          </div>
          <Navigation wide onNavigate={menu.close} />
        </Drawer.Content>
      </Drawer.Root>
      <div className={classes.column}>
        <header className={classes.header}>
          <ActionIcon
            className={classes.burger ?? ''}
            variant="subtle"
            color="gray"
            size="lg"
            onClick={menu.open}
            aria-label={t('nav.open')}
            aria-expanded={menuOpen}
          >
            <Menu size={20} aria-hidden />
          </ActionIcon>
          <span className={classes.smallBrand}>
            <span className={classes.emblem}>
              <Mark size={22} />
            </span>
            Vọng Gác
          </span>
          <div className={classes.tools}>
            <LiveBadge />
            <Tooltip label={t('account.shortcuts')}>
              <UnstyledButton className={classes.tool} onClick={help.open} aria-label={t('account.shortcuts')} data-testid="shortcuts">
                <Keyboard size={18} aria-hidden />
              </UnstyledButton>
            </Tooltip>
            <AccountMenu />
          </div>
        </header>
        <main id="main" ref={main} tabIndex={-1} className={classes.main}>
          <Outlet />
        </main>
      </div>
      <Shortcuts opened={helpOpen} onClose={help.close} />
    </div>
  )
}

function Brand() {
  const { t } = useTexts()
  return (
    <div className={classes.brand}>
      <Mark size={30} />
      <span className={classes.brandName}>{t('product.name')}</span>
    </div>
  )
}

/** After going to another page, the keyboard and the screen reader start at its content; within a page (filters in the URL) nothing moves. */
function useFocusOnNavigation() {
  const main = useRef<HTMLElement>(null)
  const path = useRouterState({ select: (state) => state.location.pathname })
  const shown = useRef(path)
  useEffect(() => {
    if (shown.current !== path) main.current?.focus({ preventScroll: true })
    shown.current = path
  }, [path])
  return main
}
