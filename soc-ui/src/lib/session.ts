import { useQuery, useQueryClient } from '@tanstack/react-query'
import { everyAgency, roleIncludes, type Role, type Session } from '@vonggac/contract'
import { ask } from './queries.ts'

/** Who is signed in. Only for pages behind the sign-in, where the router has asked already. */
export function useSession(): Session {
  const { data } = useQuery({ ...ask('session', {}), staleTime: 60_000 })
  if (!data) throw new Error('a page behind the sign-in was shown without a session')
  return data
}

/** Whether the session's role may do what needs `role`. The server decides; the console only hides what would be refused. */
export function useMay(role: Role): boolean {
  return roleIncludes(useSession().user.role, role)
}

/** Whether the session is of the centre that watches every agency: what all agencies share is changed by it alone. */
export function useSeesEveryAgency(): boolean {
  return useSession().user.agency === everyAgency
}

/** Puts a fresh session where `useSession` and the router look for it. */
export function useKeepSession(): (session: Session) => void {
  const client = useQueryClient()
  return (session) => {
    client.clear()
    client.setQueryData(ask('session', {}).queryKey, session)
  }
}
