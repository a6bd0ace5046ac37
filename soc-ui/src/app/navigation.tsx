import { Link, type LinkProps } from '@tanstack/react-router'
import type { Role } from '@vonggac/contract'
import {
  BellRing,
  BookLock,
  Braces,
  Building2,
  Crosshair,
  Database,
  FolderKanban,
  LayoutDashboard,
  RadioTower,
  ScrollText,
  Users,
  type LucideIcon,
} from 'lucide-react'
import { useTexts } from '../lib/i18n/index.ts'
import { useMay } from '../lib/session.ts'
import classes from './navigation.module.css'

type Page = 'overview' | 'alerts' | 'cases' | 'hunting' | 'rules' | 'systems' | 'sources' | 'parsers' | 'storage' | 'users' | 'audit'
interface Entry {
  readonly page: Page
  readonly to: NonNullable<LinkProps['to']>
  readonly icon: LucideIcon
}

const groups: readonly {
  readonly name: 'groupWatch' | 'groupContent' | 'groupManage'
  readonly role: Role
  readonly entries: readonly Entry[]
}[] = [
  {
    name: 'groupWatch',
    role: 'viewer',
    entries: [
      { page: 'overview', to: '/', icon: LayoutDashboard },
      { page: 'alerts', to: '/alerts', icon: BellRing },
      { page: 'cases', to: '/cases', icon: FolderKanban },
      { page: 'hunting', to: '/hunting', icon: Crosshair },
    ],
  },
  {
    name: 'groupContent',
    role: 'viewer',
    entries: [
      { page: 'rules', to: '/rules', icon: ScrollText },
      { page: 'systems', to: '/systems', icon: Building2 },
      { page: 'sources', to: '/sources', icon: RadioTower },
      { page: 'parsers', to: '/parsers', icon: Braces },
    ],
  },
  {
    name: 'groupManage',
    role: 'manager',
    entries: [
      { page: 'storage', to: '/storage', icon: Database },
      { page: 'audit', to: '/audit', icon: BookLock },
    ],
  },
  { name: 'groupManage', role: 'administrator', entries: [{ page: 'users', to: '/users', icon: Users }] },
]

/** `wide` keeps the words where the side bar would show icons only. */
export function Navigation({ wide = false, onNavigate }: { wide?: boolean; onNavigate?: () => void }) {
  const { t } = useTexts()
  const may = { viewer: true, analyst: useMay('analyst'), manager: useMay('manager'), administrator: useMay('administrator') }
  const shown = groups.filter((group) => may[group.role])
  return (
    <nav aria-label={t('nav.main')} className={classes.nav} data-wide={wide || undefined}>
      {shown.map((group, index) => (
        <div key={group.entries[0]?.page} className={classes.group}>
          {shown[index - 1]?.name !== group.name && <div className={classes.groupName}>{t(`nav.${group.name}`)}</div>}
          {group.entries.map(({ page, to, icon: Icon }) => (
            <Link
              key={page}
              to={to}
              activeOptions={{ exact: to === '/', includeSearch: false }}
              className={classes.link ?? ''}
              title={t(`nav.${page}`)}
              onClick={() => onNavigate?.()}
            >
              <Icon size={18} aria-hidden />
              <span className={classes.text}>{t(`nav.${page}`)}</span>
            </Link>
          ))}
        </div>
      ))}
    </nav>
  )
}
