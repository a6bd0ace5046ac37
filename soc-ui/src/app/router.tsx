import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router'
import type { QueryClient } from '@tanstack/react-query'
import { readAlertSearch } from '../features/alerts/search.ts'
import { readAuditSearch } from '../features/audit/search.ts'
import { readCaseListSearch, readCaseSearch } from '../features/cases/search.ts'
import { readHuntSearch } from '../features/hunting/search.ts'
import { readNewSourceSearch, readParserListSearch, readParserSearch } from '../features/onboarding/search.ts'
import { readOverviewSearch } from '../features/overview/search.ts'
import { readRuleListSearch } from '../features/rules/search.ts'
import { readSignInSearch } from '../features/session/search.ts'
import { isNotSignedIn } from '../lib/problem.ts'
import { ask } from '../lib/queries.ts'
import { parseSearch, stringifySearch } from '../lib/search.ts'
import { CrashPage, CrashScreen, NotFoundPage, NotFoundScreen } from './failures.tsx'
import { Shell } from './shell.tsx'

const root = createRootRouteWithContext<{ queries: QueryClient }>()({
  component: Outlet,
  notFoundComponent: NotFoundScreen,
  errorComponent: CrashScreen,
})

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: readSignInSearch,
  component: lazyRouteComponent(() => import('../features/session/sign-in-page.tsx'), 'SignInPage'),
})

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  component: lazyRouteComponent(() => import('../features/session/setup-page.tsx'), 'SetupPage'),
})

/** Everything behind the sign-in: asks who is signed in, and sends nobody to the sign-in page and back. */
const console = createRoute({
  getParentRoute: () => root,
  id: 'console',
  component: Shell,
  errorComponent: CrashScreen,
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queries.ensureQueryData({ ...ask('session', {}), revalidateIfStale: true })
    } catch (error) {
      if (isNotSignedIn(error)) throw redirect({ to: '/sign-in', search: { next: location.href } })
      throw error
    }
  },
})

const overview = createRoute({
  getParentRoute: () => console,
  path: '/',
  validateSearch: readOverviewSearch,
  component: lazyRouteComponent(() => import('../features/overview/overview-page.tsx'), 'OverviewPage'),
})
const alerts = createRoute({
  getParentRoute: () => console,
  path: '/alerts',
  validateSearch: readAlertSearch,
  component: lazyRouteComponent(() => import('../features/alerts/alert-list-page.tsx'), 'AlertListPage'),
})
const alert = createRoute({
  getParentRoute: () => console,
  path: '/alerts/$id',
  validateSearch: readAlertSearch,
  component: lazyRouteComponent(() => import('../features/alerts/alert-page.tsx'), 'AlertPage'),
})
const cases = createRoute({
  getParentRoute: () => console,
  path: '/cases',
  validateSearch: readCaseListSearch,
  component: lazyRouteComponent(() => import('../features/cases/case-list-page.tsx'), 'CaseListPage'),
})
const case_ = createRoute({
  getParentRoute: () => console,
  path: '/cases/$id',
  validateSearch: readCaseSearch,
  component: lazyRouteComponent(() => import('../features/cases/case-page.tsx'), 'CasePage'),
})
const hunting = createRoute({
  getParentRoute: () => console,
  path: '/hunting',
  validateSearch: readHuntSearch,
  component: lazyRouteComponent(() => import('../features/hunting/hunting-page.tsx'), 'HuntingPage'),
})
const savedHunts = createRoute({
  getParentRoute: () => console,
  path: '/hunting/saved',
  component: lazyRouteComponent(() => import('../features/hunting/saved-hunts-page.tsx'), 'SavedHuntsPage'),
})
const retroHunts = createRoute({
  getParentRoute: () => console,
  path: '/hunting/history',
  component: lazyRouteComponent(() => import('../features/hunting/retro-hunts-page.tsx'), 'RetroHuntsPage'),
})
const retroHunt = createRoute({
  getParentRoute: () => console,
  path: '/hunting/history/$id',
  component: lazyRouteComponent(() => import('../features/hunting/retro-hunt-page.tsx'), 'RetroHuntPage'),
})
const rules = createRoute({
  getParentRoute: () => console,
  path: '/rules',
  validateSearch: readRuleListSearch,
  component: lazyRouteComponent(() => import('../features/rules/rule-list-page.tsx'), 'RuleListPage'),
})
const rule = createRoute({
  getParentRoute: () => console,
  path: '/rules/$id',
  component: lazyRouteComponent(() => import('../features/rules/rule-page.tsx'), 'RulePage'),
})
const sources = createRoute({
  getParentRoute: () => console,
  path: '/sources',
  component: lazyRouteComponent(() => import('../features/sources/source-list-page.tsx'), 'SourceListPage'),
})
const source = createRoute({
  getParentRoute: () => console,
  path: '/sources/$id',
  component: lazyRouteComponent(() => import('../features/sources/source-page.tsx'), 'SourcePage'),
})
const newSource = createRoute({
  getParentRoute: () => console,
  path: '/sources/new',
  validateSearch: readNewSourceSearch,
  component: lazyRouteComponent(() => import('../features/onboarding/register-page.tsx'), 'RegisterPage'),
})
const connect = createRoute({
  getParentRoute: () => console,
  path: '/sources/$id/connect',
  component: lazyRouteComponent(() => import('../features/onboarding/connect-page.tsx'), 'ConnectPage'),
})
const sourceSettings = createRoute({
  getParentRoute: () => console,
  path: '/sources/$id/settings',
  component: lazyRouteComponent(() => import('../features/onboarding/settings-page.tsx'), 'SettingsPage'),
})
const systems = createRoute({
  getParentRoute: () => console,
  path: '/systems',
  component: lazyRouteComponent(() => import('../features/onboarding/systems-page.tsx'), 'SystemsPage'),
})
const parsers = createRoute({
  getParentRoute: () => console,
  path: '/parsers',
  validateSearch: readParserListSearch,
  component: lazyRouteComponent(() => import('../features/onboarding/parser-list-page.tsx'), 'ParserListPage'),
})
const newParser = createRoute({
  getParentRoute: () => console,
  path: '/parsers/new',
  validateSearch: readParserSearch,
  component: lazyRouteComponent(() => import('../features/onboarding/parser-page.tsx'), 'NewParserPage'),
})
const parser = createRoute({
  getParentRoute: () => console,
  path: '/parsers/$id',
  validateSearch: readParserSearch,
  component: lazyRouteComponent(() => import('../features/onboarding/parser-page.tsx'), 'ParserPage'),
})
const storage = createRoute({
  getParentRoute: () => console,
  path: '/storage',
  component: lazyRouteComponent(() => import('../features/storage/storage-page.tsx'), 'StoragePage'),
})
const users = createRoute({
  getParentRoute: () => console,
  path: '/users',
  component: lazyRouteComponent(() => import('../features/users/users-page.tsx'), 'UsersPage'),
})
const audit = createRoute({
  getParentRoute: () => console,
  path: '/audit',
  validateSearch: readAuditSearch,
  component: lazyRouteComponent(() => import('../features/audit/audit-page.tsx'), 'AuditPage'),
})

const tree = root.addChildren([
  signIn,
  setup,
  console.addChildren([
    overview,
    alerts,
    alert,
    cases,
    case_,
    hunting,
    savedHunts,
    retroHunts,
    retroHunt,
    rules,
    rule,
    sources,
    newSource,
    source,
    connect,
    sourceSettings,
    systems,
    parsers,
    newParser,
    parser,
    storage,
    users,
    audit,
  ]),
])

export function makeRouter(queries: QueryClient) {
  return createRouter({
    routeTree: tree,
    context: { queries },
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    defaultErrorComponent: CrashPage,
    defaultNotFoundComponent: NotFoundPage,
    scrollRestoration: true,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>
  }
}
