import { csrfHeader, roleIncludes, roles, routes, streamPath, type Role, type RouteName } from '@vonggac/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { agencies, linkSecret, openTown, password, type Estate, type Input, type Person, type Town } from './testing/town.ts'

let town: Town
beforeAll(async () => {
  town = await openTown()
}, 60_000)
afterAll(() => town.close())

/**
 * To whom a route answers. A new route without a decision here fails.
 *
 * `record`: addresses something of one agency: the other agency's people are refused and told nothing of it.
 * `list`: shows what the caller's agency owns, whatever filter is asked for.
 * `shared`: the same for everybody with the role.
 * `installation`: changes something of all agencies: for people of every agency alone.
 * `own`: about the caller; `public`: open to everybody.
 */
interface Decision {
  readonly reach: 'record' | 'list' | 'shared' | 'installation' | 'own' | 'public'
  /** A request that succeeds for whoever may make it; asked for anew each time, as versions grow. */
  readonly input?: (estate: Estate) => Input | Promise<Input>
  /** The action in the audit chain, for whatever changes something or leaves the house. */
  readonly audited?: string
  /** Asks in a body, and changes nothing. */
  readonly asks?: true
}

const day = 86_400_000
const period = () => ({ from: new Date(Date.now() - day / 2).toISOString(), to: new Date(Date.now() + day / 24).toISOString() })
const versionOf = async (name: 'readCase' | 'readAlert', id: string) => {
  const { body } = await town.admin.call(name, { params: { id } })
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
      const { items } = (await town.admin.call('listUsers')).body as unknown as { items: { id: string; version: number }[] }
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
      const { id } = (await town.admin.call('placeHold', { body: holdOf(agency) })).body as unknown as { id: string }
      return { params: { id }, query: { reason: 'Xong' } }
    },
  },
  startStorageJob: {
    reach: 'installation',
    audited: 'storage.start-job',
    input: async () => {
      await expect.poll(async () => (await town.admin.call('readStorage')).text, { timeout: 10_000 }).not.toContain('"state":"running"')
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
      const { body } = await town.admin.call('issueToken', { params: { id } })
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
      const { body } = await town.admin.call('issueCertificate', { params: { id } })
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

const parserText = 'description: Bất kỳ\ndataset: bat.ky\nlogsource: {}\nsteps:\n  - set: { event.action: seen }\n'

function systemDraft(agency: string) {
  const person = { name: 'Anh Ba' }
  return { name: `Hệ thống ${++made}`, agency, level: 3, owner: person, operator: person, networks: ['10.0.0.0/8'] }
}

async function systemOf(agency: string): Promise<{ id: string; version: number }> {
  return (await town.admin.call('createSystem', { body: systemDraft(agency) })).body as unknown as { id: string; version: number }
}

async function sourceDraft(agency: string, transport = 'http') {
  const { id: system } = await systemOf(agency)
  const name = { vi: 'Nguồn', en: 'Source' }
  return { config: { id: `nguon-${++made}`, name, agency, transport, parsers: ['nginx'] }, system }
}

async function registeredOf(agency: string, transport?: string) {
  const { body } = await town.admin.call('registerSource', { body: await sourceDraft(agency, transport) })
  return body as unknown as { id: string; version: number; config: object; system: string }
}

async function parserOf(agency: string): Promise<{ name: string; version: number }> {
  const body = { agency, yaml: parserText, version: null }
  const answer = await town.admin.call('saveParser', { params: { id: `bo-doc-${++made}` }, body })
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
  return (await town.person(agency, 'manager').call('createHunt', { body: huntDraft() })).body as unknown as { id: string; version: number }
}

/** A run over history of the agency's own people that has not begun: its turn never comes in a test. */
async function retroHuntOf({ agency }: Estate): Promise<{ id: string }> {
  const person = town.person(agency, 'manager')
  const { items } = (await person.call('listRetroHunts')).body as unknown as { items: { id: string; state: string }[] }
  for (const { id } of items.filter(({ state }) => state === 'running'))
    await person.call('steerRetroHunt', { params: { id }, body: { action: 'cancel' } })
  const started = (await person.call('startRetroHunt', { body: { ...period(), rules: [await firstRule()] } })).body as unknown as {
    id: string
  }
  await person.call('steerRetroHunt', { params: { id: started.id }, body: { action: 'pause' } })
  return started
}

async function firstRule(): Promise<string> {
  const { items } = (await town.admin.call('listRules')).body as unknown as { items: { id: string; state: string }[] }
  return items.find(({ state }) => state === 'active')!.id
}

const names = Object.keys(routes) as RouteName[]
const withReach = (...reach: Decision['reach'][]) => names.filter((name) => reach.includes(decisions[name].reach))
const inputOf = async (name: RouteName, estate: Estate) => (await decisions[name].input?.(estate)) ?? {}
const mayCall = (name: RouteName) => roles.filter((role) => routes[name].role === 'public' || roleIncludes(role, routes[name].role as Role))
const othersOf = (agency: string) => agencies.find((other) => other !== agency)!

function expectNothingOf(estate: Estate, text: string, what: string): void {
  for (const mark of estate.marks) expect(text, what).not.toContain(mark)
}

test('every route has a decision, and every one that changes something says what the audit chain gets', () => {
  expect(Object.keys(decisions).toSorted()).toEqual(names.toSorted())
  const silent = names.filter((name) => routes[name].method !== 'GET' && decisions[name].audited === undefined && !decisions[name].asks)
  expect(silent).toEqual([])
})

describe('roles', () => {
  test.each(names)('%s is refused to roles below its own, whatever the agency', async (name) => {
    const tooLow = roles.filter((role) => !mayCall(name).includes(role))
    const input = await inputOf(name, town.estates.congdan)
    for (const role of tooLow) {
      for (const agency of ['*', 'congdan', 'khodulieu'] as const) {
        expect(await town.person(agency, role).call(name, input), `${agency} ${role}`).toMatchObject({ status: 403, code: 'forbidden' })
      }
    }
  })

  test.each(names.filter((name) => routes[name].role !== 'public'))('%s is nothing for those who are not signed in', async (name) => {
    const stranger = await town.person('*', 'viewer').call(name, await inputOf(name, town.estates.congdan), { cookie: 'vonggac=made-up' })
    expect(stranger).toMatchObject({ status: 401, code: 'not-signed-in' })
  })
})

describe('agencies', () => {
  test.each(withReach('record'))('%s: what belongs to the other agency does not exist', async (name) => {
    for (const agency of agencies) {
      const estate = town.estates[agency]
      for (const role of mayCall(name)) {
        const answer = await town.person(othersOf(agency), role).call(name, await inputOf(name, estate))
        expect([403, 404], `${role} ${answer.text}`).toContain(answer.status)
        // What the caller said is no secret to the caller.
        const asked = JSON.stringify(await inputOf(name, estate))
        const unsaid = { ...estate, marks: estate.marks.filter((mark) => !asked.includes(mark)) }
        expectNothingOf(unsaid, answer.text, `${name} for ${role}`)
      }
    }
  })

  test.each(withReach('record'))('%s: its own people and those of every agency get through', async (name) => {
    const estate = town.estates.congdan
    for (const agency of ['congdan', '*'] as const) {
      for (const role of mayCall(name)) {
        const { status, text } = await town.person(agency, role).call(name, await inputOf(name, estate))
        expect(status < 300 ? 'done' : text, `${agency} ${role}`).toBe('done')
      }
    }
  })

  test.each(withReach('list', 'shared'))('%s shows nothing of the other agency, also when asked for it', async (name) => {
    for (const agency of agencies) {
      for (const role of mayCall(name)) {
        for (const input of [{}, ...(await Promise.all(agencies.map((asked) => inputOf(name, town.estates[asked]))))]) {
          const answer = await town.person(agency, role).call(name, input)
          if (answer.status !== 200) expect(['invalid-request', 'not-found']).toContain(answer.code)
          else expectNothingOf(town.estates[othersOf(agency)], answer.text, `${name} for ${role}`)
        }
      }
    }
  })

  test.each(withReach('installation'))('%s is for people of every agency', async (name) => {
    for (const role of mayCall(name)) {
      const input = await inputOf(name, town.estates.congdan)
      expect(await town.person('congdan', role).call(name, input)).toMatchObject({ status: 403, code: 'forbidden' })
      expect((await town.person('*', role).call(name, input)).status).toBe(200)
    }
  })

  test('counts are of the caller’s agency alone', async () => {
    const events = async (person: Person) => {
      const { items } = (await person.call('volume', { query: period() })).body as unknown as { items: { events: number }[] }
      return items.reduce((sum, item) => sum + item.events, 0)
    }
    const alerts = async (person: Person) => {
      const { items } = (await person.call('listRules')).body as unknown as { items: { alerts: number }[] }
      return items.reduce((sum, item) => sum + item.alerts, 0)
    }
    expect(await Promise.all([...agencies, '*' as const].map((agency) => events(town.person(agency, 'viewer'))))).toEqual([2, 2, 5])
    const [one, two, all] = await Promise.all([...agencies, '*' as const].map((agency) => alerts(town.person(agency, 'viewer'))))
    expect(one).toBeGreaterThan(0)
    expect(one! + two!).toBe(all)
  })

  test('frames of unknown senders are the operator’s: other agencies do not see them', async () => {
    for (const name of ['readLedger', 'listRejected'] as const) {
      const input = { params: { id: 'unknown' }, ...(name === 'readLedger' ? { query: period() } : {}) }
      expect((await town.person('congdan', 'administrator').call(name, input)).status).toBe(404)
      expect((await town.person('*', 'viewer').call(name, input)).status).toBe(200)
    }
  })

  test('a case takes alerts of its own agency alone', async () => {
    const { congdan, khodulieu } = town.estates
    const both = { title: 'Hai cơ quan', severity: 'low', alerts: [congdan.alert, khodulieu.alert] }
    expect(await town.person('*', 'analyst').call('createCase', { body: both })).toMatchObject({ status: 400 })
    expect(await town.person('congdan', 'analyst').call('createCase', { body: both })).toMatchObject({ status: 404 })
    const into = { params: { id: congdan.alert }, body: { case: khodulieu.case } }
    expect(await town.person('*', 'analyst').call('escalateAlert', into)).toMatchObject({ status: 400 })
    expect(await town.person('congdan', 'analyst').call('escalateAlert', into)).toMatchObject({ status: 404 })
  })

  test('work is given to people who can see it', async () => {
    const { congdan } = town.estates
    const give = async (assignee: string) => [
      await town.person('congdan', 'analyst').call('changeCase', { ...(await ofCase(() => ({ assignee }))(congdan)) }),
      await town.person('congdan', 'analyst').call('changeCaseTask', { ...(await ofCase(() => ({ assignee }))(congdan)) }),
    ]
    for (const stranger of ['khodulieu.analyst', 'nobody', 'x'.repeat(5_000)]) {
      expect((await give(stranger)).map(({ status, code }) => [status, code])).toEqual([
        [400, 'invalid-request'],
        [400, 'invalid-request'],
      ])
    }
    for (const colleague of ['congdan.analyst', 'city.analyst'])
      expect((await give(colleague)).map(({ status }) => status)).toEqual([200, 200])
  })

  test('a taken user name is told as such, not whose it is', async () => {
    const body = { userName: 'khodulieu.viewer', displayName: 'Trùng', password, role: 'viewer', agency: 'congdan' }
    expect(await town.person('congdan', 'administrator').call('createUser', { body })).toMatchObject({
      status: 409,
      code: 'already-exists',
    })
  })
})

describe('forged requests', () => {
  const changing = names.filter((name) => routes[name].method !== 'GET')

  test.each(changing.filter((name) => routes[name].role !== 'public'))('%s needs the session’s CSRF token', async (name) => {
    const { admin } = town
    const input = await inputOf(name, town.estates.congdan)
    expect(await admin.call(name, input, { [csrfHeader]: '' })).toMatchObject({ status: 403, code: 'csrf-mismatch' })
    const foreign = town.person('*', 'administrator').csrf
    expect(await admin.call(name, input, { [csrfHeader]: foreign })).toMatchObject({ status: 403, code: 'csrf-mismatch' })
  })

  test.each(changing)('%s is refused to a page of another site', async (name) => {
    const answer = await town.admin.call(name, await inputOf(name, town.estates.congdan), { origin: 'https://evil.example' })
    expect(answer).toMatchObject({ status: 403, code: 'csrf-mismatch' })
  })
})

describe('the audit chain', () => {
  interface Entry {
    readonly actor: string
    readonly action: string
    readonly agency: string
  }
  const actionsBy = async (actor: string) => {
    const { items } = (await town.admin.call('listAudit', { query: { limit: 100 } })).body as unknown as { items: Entry[] }
    return items.filter((entry) => entry.actor === actor).map(({ action }) => action)
  }

  const kept = names.filter((name) => decisions[name].audited !== undefined && decisions[name].reach !== 'public')
  test.each(kept)('%s leaves an entry in the name of who did it', async (name) => {
    const { reach, audited } = decisions[name]
    const [agency, role] = reach === 'installation' ? (['*', 'administrator'] as const) : (['congdan', 'administrator'] as const)
    const person = await town.newcomer(agency, role)
    const input =
      name === 'changePassword'
        ? { body: { current: password, next: 'một mật khẩu khác' } }
        : name === 'escalateAlert'
          ? await escalatable()
          : await inputOf(name, town.estates.congdan)
    const { status, text } = await person.call(name, input)
    expect(status < 300 ? 'done' : text).toBe('done')
    expect(await actionsBy(person.name)).toContain(audited)
  })

  /** An alert leaves its case, so that putting it into one is a change. */
  async function escalatable(): Promise<Input> {
    const { alert, agency } = town.estates.congdan
    const fresh = await town.admin.call('createCase', { body: { title: 'Khác', severity: 'low', agency } })
    return { params: { id: alert }, body: { case: (fresh.body as unknown as { id: string }).id } }
  }

  test('holds after all this, and keeps no secret', async () => {
    const verdict = (await town.admin.call('verifyAudit')).body as unknown as { items: { intact: boolean; entries: number }[] }
    expect(verdict.items.every(({ intact }) => intact)).toBe(true)
    const text = (await town.admin.call('listAudit', { query: { limit: 500 } })).text
    for (const secret of [password, 'argon2', town.admin.csrf, town.admin.cookie.split('=')[1]!]) expect(text).not.toContain(secret)
  })
})

test('the log keeps no secret either, however much it is asked to say', async () => {
  const { cookie, csrf } = town.person('congdan', 'administrator')
  await town.admin.call('signIn', { body: { userName: 'quan.tri', password: 'một mật khẩu sai' } })
  await town.admin.send('POST', '/api/nothing', { password })
  const text = town.log.join('')
  expect(text).toContain('"level":')
  for (const secret of [password, 'một mật khẩu sai', 'argon2', cookie.split('=')[1]!, csrf, linkSecret]) expect(text).not.toContain(secret)
})

test('the event stream carries what the caller’s agency owns', async () => {
  const stop = new AbortController()
  const heard = new Map<string, string>()
  const listening = [...agencies, '*' as const].map(async (agency) => {
    const { cookie } = town.person(agency, 'viewer')
    const reply = await fetch(`${town.base}${streamPath}`, { headers: { cookie }, signal: stop.signal })
    const read = async () => {
      for await (const chunk of reply.body!.pipeThrough(new TextDecoderStream())) heard.set(agency, (heard.get(agency) ?? '') + chunk)
    }
    void read().catch(() => {})
  })
  await Promise.all(listening)
  for (const agency of agencies) await town.admin.call('addCaseNote', { params: { id: town.estates[agency].case }, body: { text: 'Tin' } })
  await expect.poll(() => [...heard].filter(([, text]) => text.includes('event: case')).length).toBe(3)
  await expect.poll(() => agencies.every((agency) => heard.get('*')!.includes(`"agency":"${agency}"`))).toBe(true)
  stop.abort()
  for (const agency of agencies) expectNothingOf(town.estates[othersOf(agency)], heard.get(agency)!, agency)
})
