import { useQuery } from '@tanstack/react-query'
import { everyAgency } from '@vonggac/contract'
import { localized, useTexts } from './i18n/index.ts'
import { ask } from './queries.ts'

const slow = { staleTime: 60_000 } as const

/** A user's name by id; the system's own parts (`system:ingest`) and deleted users have names too. */
export function useUserName(): (id: string) => string {
  const { t } = useTexts()
  const { data } = useQuery({ ...ask('listUsers', {}), ...slow })
  return (id) => {
    if (id.startsWith('system:')) return t('common.system')
    return data?.items.find((user) => user.id === id)?.displayName ?? id
  }
}

/** Choices of an assignee field: those who may work on what belongs to the agency (on anything, without one), whoever is locked left out. */
export function useAssignees(agency?: string): { value: string; label: string }[] {
  const { data } = useQuery({ ...ask('listUsers', {}), ...slow })
  return (data?.items ?? [])
    .filter((user) => !user.disabled && user.role !== 'viewer')
    .filter((user) => agency === undefined || user.agency === everyAgency || user.agency === agency)
    .map((user) => ({ value: user.id, label: user.displayName }))
}

export function useAgencies(): { value: string; label: string }[] {
  const { language } = useTexts()
  const { data } = useQuery({ ...ask('listAgencies', {}), ...slow })
  return (data?.items ?? []).map((agency) => ({ value: agency.id, label: localized(agency.name, language) }))
}

export function useAgencyName(): (id: string) => string {
  const { t } = useTexts()
  const agencies = useAgencies()
  return (id) => (id === everyAgency ? t('common.everyAgency') : (agencies.find((agency) => agency.value === id)?.label ?? id))
}

export function usePlaybooks(): { value: string; label: string }[] {
  const { language } = useTexts()
  const { data } = useQuery({ ...ask('listPlaybooks', {}), ...slow })
  return (data?.items ?? []).map((playbook) => ({ value: playbook.name, label: localized(playbook.title, language) }))
}
