import { MantineProvider, localStorageColorSchemeManager } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { ApiError, isNotSignedIn } from '../lib/problem.ts'
import { makeRouter } from './router.tsx'
import { cssVariables, theme } from './theme.ts'

/** Only what may pass by itself is tried again: no answer, or a server that is busy. */
function mayPass(error: Error): boolean {
  return error instanceof ApiError && (error.code === 'unreachable' || error.status === 503)
}

function makeApp() {
  // Any reply that says the session is gone brings the sign-in page, and then back to where the person was.
  const onError = (error: Error) => {
    if (isNotSignedIn(error) && router.state.location.pathname !== '/sign-in') void leave()
  }
  const leave = async () => {
    await router.navigate({ to: '/sign-in', search: { next: router.state.location.href } })
    // Only when no page that needs the session is on screen any more.
    queries.removeQueries({ queryKey: ['session'] })
  }
  const queries = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: { staleTime: 5_000, retry: (times, error) => times < 2 && mayPass(error), refetchOnWindowFocus: true },
      mutations: { retry: false },
    },
  })
  const router = makeRouter(queries)
  return { queries, router }
}

const { queries, router } = makeApp()
const colorScheme = localStorageColorSchemeManager({ key: 'vonggac.theme' })

export function App() {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} colorSchemeManager={colorScheme} defaultColorScheme="auto">
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
      <Notifications position="bottom-right" limit={4} />
    </MantineProvider>
  )
}
