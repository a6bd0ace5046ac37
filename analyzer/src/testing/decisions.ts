import type { RouteName } from '@vonggac/contract'
import { expect } from 'vitest'
import { password, type Estate, type Input, type Town } from './town.ts'

/**
 * To whom a route answers. A new route without a decision here fails.
 *
 * `record`: addresses something of one agency: the other agency's people are refused and told nothing of it.
 * `list`: shows what the caller's agency owns, whatever filter is asked for.
 * `shared`: the same for everybody with the role.
 * `installation`: changes something of all agencies: for people of every agency alone.
 * `own`: about the caller; `public`: open to everybody.
 */
export interface Decision {
  readonly reach: 'record' | 'list' | 'shared' | 'installation' | 'own' | 'public'
  /** A request that succeeds for whoever may make it; asked for anew each time, as versions grow. */
  readonly input?: (estate: Estate) => Input | Promise<Input>
  /** The action in the audit chain, for whatever changes something or leaves the house. */
  readonly audited?: string
  /** Asks in a body, and changes nothing. */
  readonly asks?: true
}

const day = 86_400_000
export const period = () => ({ from: new Date(Date.now() - day / 2).toISOString(), to: new Date(Date.now() + day / 24).toISOString() })
const parserText = 'description: Bất kỳ\ndataset: bat.ky\nlogsource: {}\nsteps:\n  - set: { event.action: seen }\n'

/** The decisions on all routes, asked for in a town that is open by the time that a request is made. */
export function decisionsIn(town: () => Town) {
  const versionOf = async (name: 'readCase' | 'readAlert', id: string) => {
    const { body } = await town().admin.call(name, { params: { id } })
    return ((body as Record<string, { version: number }>)[name === 'readCase' ? 'case' : 'alert'] as { version: number }).version
  }
  const ofCase = (more: (estate: Estate) => object) => async (estate: Estate) => ({
    params: { id: estate.case, task: estate.task, obligation: estate.obligation },
    body: { version: await versionOf('readCase', estate.case), ...more(estate) },
  })
  const caseId = (estate: Estate) => ({ params: { id: estate.case } })
  let made = 0

  const decisions: { readonly [Name in RouteName]: Decision } = {
    setupState: { reach: 'public' },
    setup: { reach: 'public', audited: 'user.set-up' },
    signIn: { reach: 'public', audited: 'session.sign-in' },
    about: { reach: 'public' },
    session: { reach: 'own' },
    signOut: { reach: 'own', audited: 'session.sign-out' },
    changePassword: { reach: 'own', audited: 'user.change' },
    listUsers: { reach: 'list' },
    listAgencies: { reach: 'list' },
    createUser: {
      reach: 'record',
      audited: 'user.create',
      input: ({ agency }) => ({ body: { userName: `made.${++made}`, displayName: 'Mới', password, role: 'viewer', agency } }),
    },
    changeUser: {
      reach: 'record',
      audited: 'user.change',
      input: async ({ user }) => {
        const { items } = (await town().admin.call('listUsers')).body as unknown as { items: { id: string; version: number }[] }
        const { version } = items.find(({ id }) => id === user)!
        return { params: { id: user }, body: { version, displayName: `Tên ${version}` } }
      },
    },
    listAlerts: { reach: 'list', input: ({ agency }) => ({ query: { agency } }) },
    readAlert: { reach: 'record', input: ({ alert }) => ({ params: { id: alert } }) },
    changeAlert: {
      reach: 'record',
      audited: 'alert.change',
      input: async ({ alert }) => ({ params: { id: alert }, body: { version: await versionOf('readAlert', alert), note: 'Ghi chú' } }),
    },
    escalateAlert: { reach: 'record', audited: 'alert.escalate', input: ({ alert }) => ({ params: { id: alert }, body: {} }) },
    listCases: { reach: 'list', input: ({ agency }) => ({ query: { agency } }) },
    createCase: {
      reach: 'record',
      audited: 'case.create',
      input: ({ agency }) => ({ body: { title: 'Vụ việc', severity: 'low', agency } }),
    },
    readCase: { reach: 'record', input: caseId },
    changeCase: { reach: 'record', audited: 'case.change', input: ofCase(() => ({ serious: true })) },
    addCaseNote: {
      reach: 'record',
      audited: 'case.add-note',
      input: (estate) => ({ ...caseId(estate), body: { text: 'Ghi chú' } }),
    },
    addCaseTask: { reach: 'record', audited: 'case.add-task', input: ofCase(() => ({ title: 'Việc' })) },
    changeCaseTask: { reach: 'record', audited: 'case.change-task', input: ofCase(() => ({ status: 'doing' })) },
    fulfilObligation: { reach: 'record', audited: 'case.fulfil-obligation', input: ofCase(() => ({ done: true })) },
    readNotice: { reach: 'record', input: caseId },
    fillNotice: { reach: 'record', audited: 'report.fill', input: ofCase(() => ({ values: { contact: 'Anh Ba' } })) },
    noticeDocx: { reach: 'record', audited: 'report.download', input: caseId },
    noticePdf: { reach: 'record', audited: 'report.download', input: caseId },
    listPlaybooks: { reach: 'shared' },
    listRules: { reach: 'shared' },
    readRule: { reach: 'shared', input: async () => ({ params: { id: await firstRule() } }) },
    changeRule: {
      reach: 'installation',
      audited: 'rule.change',
      input: async () => ({ params: { id: await firstRule() }, body: { enabled: true } }),
    },
    listSources: { reach: 'list' },
    readLedger: { reach: 'record', input: ({ source }) => ({ params: { id: source }, query: period() }) },
    listRejected: { reach: 'record', input: ({ source }) => ({ params: { id: source } }) },
    readEvent: { reach: 'record', input: ({ event }) => ({ params: { id: event } }) },
    volume: { reach: 'list', input: () => ({ query: period() }) },
    searchEvents: { reach: 'list', asks: true, input: () => ({ body: period() }) },
    countEvents: { reach: 'list', asks: true, input: () => ({ body: { ...period(), split: 'organization.id' } }) },
    listFields: { reach: 'list', asks: true, input: () => ({ body: period() }) },
    fieldValues: { reach: 'list', asks: true, input: () => ({ body: { ...period(), field: 'organization.id' } }) },
    exportEvents: { reach: 'list', audited: 'events.export', input: () => ({ query: period() }) },
    writeSigmaRule: {
      reach: 'shared',
      asks: true,
      input: () => ({ body: { query: 'source.ip: 192.0.2.77', title: 'Quy tắc', severity: 'low', logsource: { category: 'webserver' } } }),
    },
    listHunts: { reach: 'list' },
    createHunt: { reach: 'own', audited: 'hunt.create', input: () => ({ body: huntDraft() }) },
    readHunt: { reach: 'record', input: async (estate) => ({ params: { id: (await huntOf(estate)).id } }) },
    changeHunt: {
      reach: 'record',
      audited: 'hunt.change',
      input: async (estate) => {
        const { id, version } = await huntOf(estate)
        return { params: { id }, body: { ...huntDraft(), version } }
      },
    },
    removeHunt: {
      reach: 'record',
      audited: 'hunt.remove',
      input: async (estate) => {
        const { id, version } = await huntOf(estate)
        return { params: { id }, query: { version } }
      },
    },
    runHunt: { reach: 'record', audited: 'hunt.run', input: async (estate) => ({ params: { id: (await huntOf(estate)).id } }) },
    listRetroHunts: { reach: 'list' },
    startRetroHunt: { reach: 'own', audited: 'retro-hunt.start', input: () => ({ body: period() }) },
    readRetroHunt: { reach: 'record', input: async (estate) => ({ params: { id: (await retroHuntOf(estate)).id } }) },
    steerRetroHunt: {
      reach: 'record',
      audited: 'retro-hunt.cancel',
      input: async (estate) => ({ params: { id: (await retroHuntOf(estate)).id }, body: { action: 'cancel' } }),
    },
    listAudit: { reach: 'list', input: ({ agency }) => ({ query: { agency } }) },
    verifyAudit: { reach: 'list' },
    readStorage: { reach: 'list' },
    placeHold: { reach: 'record', audited: 'hold.place', input: ({ agency }) => ({ body: holdOf(agency) }) },
    liftHold: {
      reach: 'record',
      audited: 'hold.lift',
      input: async ({ agency }) => {
        const { id } = (await town().admin.call('placeHold', { body: holdOf(agency) })).body as unknown as { id: string }
        return { params: { id }, query: { reason: 'Xong' } }
      },
    },
    startStorageJob: {
      reach: 'installation',
      audited: 'storage.start-job',
      input: async () => {
        await expect.poll(async () => (await town().admin.call('readStorage')).text).not.toContain('"state":"running"')
        return { body: { kind: 'check' } }
      },
    },
    listSystems: { reach: 'list' },
    createSystem: { reach: 'record', audited: 'system.create', input: ({ agency }) => ({ body: systemDraft(agency) }) },
    changeSystem: {
      reach: 'record',
      audited: 'system.change',
      input: async ({ agency }) => {
        const { id, version } = await systemOf(agency)
        return { params: { id }, body: { ...systemDraft(agency), version } }
      },
    },
    removeSystem: {
      reach: 'record',
      audited: 'system.remove',
      input: async ({ agency }) => {
        const { id, version } = await systemOf(agency)
        return { params: { id }, query: { version } }
      },
    },
    registerSource: { reach: 'record', audited: 'source.register', input: async ({ agency }) => ({ body: await sourceDraft(agency) }) },
    readRegisteredSource: { reach: 'record', input: async ({ agency }) => ({ params: { id: (await registeredOf(agency)).id } }) },
    changeRegisteredSource: {
      reach: 'record',
      audited: 'source.change',
      input: async ({ agency }) => {
        const { id, version, config, system } = await registeredOf(agency)
        return { params: { id }, body: { config, system, paused: true, version } }
      },
    },
    removeRegisteredSource: {
      reach: 'record',
      audited: 'source.remove',
      input: async ({ agency }) => {
        const { id, version } = await registeredOf(agency)
        return { params: { id }, query: { version } }
      },
    },
    issueToken: {
      reach: 'record',
      audited: 'source.issue-token',
      input: async ({ agency }) => ({ params: { id: (await registeredOf(agency)).id } }),
    },
    revokeToken: {
      reach: 'record',
      audited: 'source.revoke-token',
      input: async ({ agency }) => {
        const { id } = await registeredOf(agency)
        const { body } = await town().admin.call('issueToken', { params: { id } })
        const { source } = body as unknown as { source: { tokens: { id: string }[] } }
        return { params: { id }, body: { token: source.tokens[0]!.id } }
      },
    },
    issueCertificate: {
      reach: 'record',
      audited: 'source.issue-certificate',
      input: async ({ agency }) => ({ params: { id: (await registeredOf(agency, 'syslog')).id } }),
    },
    revokeCertificate: {
      reach: 'record',
      audited: 'source.revoke-certificate',
      input: async ({ agency }) => {
        const { id } = await registeredOf(agency, 'syslog')
        const { body } = await town().admin.call('issueCertificate', { params: { id } })
        const { source } = body as unknown as { source: { certificates: { serial: string }[] } }
        return { params: { id }, body: { serial: source.certificates[0]!.serial } }
      },
    },
    readSnippet: { reach: 'record', input: async ({ agency }) => ({ params: { id: (await registeredOf(agency)).id, shipper: 'curl' } }) },
    checkSource: { reach: 'record', input: async ({ agency }) => ({ params: { id: (await registeredOf(agency)).id } }) },
    proposeVolume: { reach: 'record', input: async ({ agency }) => ({ params: { id: (await registeredOf(agency)).id } }) },
    listParsers: { reach: 'list' },
    readParser: { reach: 'record', input: async ({ agency }) => ({ params: { id: (await parserOf(agency)).name } }) },
    saveParser: {
      reach: 'record',
      audited: 'parser.save',
      input: ({ agency }) => ({ params: { id: `bo-doc-${++made}` }, body: { agency, yaml: parserText, version: null } }),
    },
    removeParser: {
      reach: 'record',
      audited: 'parser.remove',
      input: async ({ agency }) => {
        const { name, version } = await parserOf(agency)
        return { params: { id: name }, query: { version } }
      },
    },
    tryParser: { reach: 'shared', asks: true, input: () => ({ body: { yaml: parserText, lines: ['một'] } }) },
    detectFormat: { reach: 'list', asks: true, input: () => ({ body: { lines: ['một'] } }) },
  }

  function systemDraft(agency: string) {
    const person = { name: 'Anh Ba' }
    return { name: `Hệ thống ${++made}`, agency, level: 3, owner: person, operator: person, networks: ['10.0.0.0/8'] }
  }

  async function systemOf(agency: string): Promise<{ id: string; version: number }> {
    return (await town().admin.call('createSystem', { body: systemDraft(agency) })).body as unknown as { id: string; version: number }
  }

  async function sourceDraft(agency: string, transport = 'http') {
    const { id: system } = await systemOf(agency)
    const name = { vi: 'Nguồn', en: 'Source' }
    return { config: { id: `nguon-${++made}`, name, agency, transport, parsers: ['nginx'] }, system }
  }

  async function registeredOf(agency: string, transport?: string) {
    const { body } = await town().admin.call('registerSource', { body: await sourceDraft(agency, transport) })
    return body as unknown as { id: string; version: number; config: object; system: string }
  }

  async function parserOf(agency: string): Promise<{ name: string; version: number }> {
    const body = { agency, yaml: parserText, version: null }
    const answer = await town().admin.call('saveParser', { params: { id: `bo-doc-${++made}` }, body })
    return answer.body as unknown as { name: string; version: number }
  }

  function holdOf(agency: string) {
    return { agency, from: '2026-01-01T00:00:00.000Z', to: '2026-02-01T00:00:00.000Z', reason: 'Điều tra' }
  }

  function huntDraft() {
    const schedule = { everyMinutes: 60, lookbackMinutes: 60, severity: 'low' }
    return { title: 'Săn tìm', query: 'http.response.status_code >= 500', schedule }
  }

  /** A new hunt of the agency's own people. */
  async function huntOf({ agency }: Estate): Promise<{ id: string; version: number }> {
    return (await town().person(agency, 'manager').call('createHunt', { body: huntDraft() })).body as unknown as {
      id: string
      version: number
    }
  }

  /** A run over history of the agency's own people that was paused before it ended. */
  async function retroHuntOf({ agency }: Estate): Promise<{ id: string }> {
    const person = town().person(agency, 'manager')
    const { items } = (await person.call('listRetroHunts')).body as unknown as { items: { id: string; state: string }[] }
    for (const { id } of items.filter(({ state }) => state === 'running'))
      await person.call('steerRetroHunt', { params: { id }, body: { action: 'cancel' } })
    const rules = [await firstRule()]
    for (;;) {
      const started = (await person.call('startRetroHunt', { body: { ...period(), rules } })).body as unknown as { id: string }
      const paused = await person.call('steerRetroHunt', { params: { id: started.id }, body: { action: 'pause' } })
      if (paused.status === 200) return started
    }
  }

  async function firstRule(): Promise<string> {
    const { items } = (await town().admin.call('listRules')).body as unknown as { items: { id: string; state: string }[] }
    return items.find(({ state }) => state === 'active')!.id
  }

  return { decisions, ofCase }
}
