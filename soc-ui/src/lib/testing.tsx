import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createMemoryHistory, createRootRoute, createRoute, createRouter, RouterProvider } from '@tanstack/react-router'
import { render, type RenderResult } from '@testing-library/react'
import type { Role, Session, Tlp } from '@vonggac/contract'
import type { ReactNode } from 'react'
import { ask } from './queries.ts'

// Mantine's growing text areas listen to it; happy-dom has none.
if (!document.fonts) Object.defineProperty(document, 'fonts', { value: new EventTarget() })

/** For tests alone: shows a component as a page would, signed in, with answers already in the cache. */
export async function renderSignedIn(
  node: ReactNode,
  options: { role?: Role; clearance?: Tlp; answers?: (client: QueryClient) => void } = {},
): Promise<RenderResult> {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: Infinity } } })
  client.setQueryData(ask('session', {}).queryKey, sessionOf(options.role ?? 'analyst', options.clearance))
  client.setQueryData(ask('listUsers', {}).queryKey, { items: [sessionOf('analyst').user] })
  client.setQueryData(ask('listAgencies', {}).queryKey, { items: [{ id: 'attt', name: { vi: 'Trung tâm', en: 'Centre' } }] })
  client.setQueryData(ask('listPlaybooks', {}).queryKey, { items: [] })
  options.answers?.(client)
  const root = createRootRoute()
  const page = createRoute({ getParentRoute: () => root, path: '/', component: () => node })
  const router = createRouter({ routeTree: root.addChildren([page]), history: createMemoryHistory({ initialEntries: ['/'] }) })
  await router.load()
  return render(
    <MantineProvider env="test">
      <QueryClientProvider client={client}>
        <RouterProvider router={router as never} />
      </QueryClientProvider>
    </MantineProvider>,
  )
}

function sessionOf(role: Role, clearance: Tlp = 'TLP:RED'): Session {
  return {
    user: {
      id: 'u1',
      userName: 'lan.nt',
      displayName: 'Nguyễn Thị Lan',
      role,
      agency: '*',
      clearance,
      disabled: false,
      createdAt: '2026-11-01T00:00:00Z',
      version: 1,
    },
    csrfToken: 'token',
    expiresAt: '2026-11-23T00:00:00Z',
  }
}
