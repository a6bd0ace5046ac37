import { scopeCovers, type Agency, type Config } from '@vonggac/contract'
import type { Handlers } from '../platform/index.ts'

const operatorsUsualName = { vi: 'Trung tâm An ninh thông tin', en: 'Information Security Centre' }

/** Every agency of the installation, the operator first. */
export function agenciesOf({ operator, agencies }: Pick<Config, 'operator' | 'agencies'>): readonly Agency[] {
  const named = agencies.find(({ id }) => id === operator) ?? { id: operator, name: operatorsUsualName }
  return [named, ...agencies.filter(({ id }) => id !== operator)]
}

export interface AgencyDependencies {
  /** The operator first. */
  readonly agencies: readonly Agency[]
  readonly version: string
}

export function agencyHandlers({ agencies, version }: AgencyDependencies): Pick<Handlers, 'listAgencies' | 'about'> {
  return {
    async listAgencies(_request, scope) {
      return { items: agencies.filter(({ id }) => scopeCovers(scope, id)) }
    },
    async about() {
      return { name: 'Vọng Gác', version, operator: agencies[0]!.name }
    },
  }
}
