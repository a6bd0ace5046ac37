import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  configSchema,
  emptyCounts,
  sourceSchema,
  VonggacError,
  type CollectorCounters,
  type FlatEvent,
  type LedgerCounts,
  type Scope,
} from '@vonggac/contract'
import type { LogSource } from '@vonggac/sigma'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listingAudit } from '../audit/testing.ts'
import type { WatchingRule } from '../detection/index.ts'
import { TestClock } from '../platform/testing.ts'
import type { EventStore } from '../storage/event-store.ts'
import { openTestDocuments } from '../storage/testing.ts'
import { Authority } from './authority/index.ts'
import { openOnboarding, type Onboarding } from './onboarding.ts'
import { ParserLibrary } from './parsers/library.ts'
import { SourceCatalogue } from './registry/catalogue.ts'

const parsersFolder = fileURLToPath(new URL('../../../collector/parsers', import.meta.url))
const name = { vi: 'Nguồn', en: 'Source' }
const person = { name: 'An', phone: '', email: '' }
const manager: Scope = { agency: 'congdan', role: 'manager', tlp: 'TLP:RED', actor: 'an' }
const other: Scope = { ...manager, agency: 'khodulieu', actor: 'binh' }
const centre: Scope = { ...manager, agency: '*', actor: 'chi' }
const always = { calendar: { kind: 'always' as const }, silenceMinutes: 15, eventsPerDay: null, eventsPerHour: null }
const declared = sourceSchema.parse({ id: 'khai-bao', name, agency: 'congdan', transport: 'http', parsers: ['nginx'] })

let folder: string
let clock: TestClock
let onboarding: Onboarding
let catalogue: SourceCatalogue
let delivered: readonly LogSource[] | undefined
let audited: ReturnType<typeof listingAudit>['audited']
let system: string
/** The store finds nothing for a while. */
let away = false
const world = {
  events: [] as FlatEvent[],
  lastHour: emptyCounts() as LedgerCounts,
  collectors: [] as CollectorCounters[],
  rules: [] as WatchingRule[],
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vonggac-onboarding-'))
  clock = new TestClock('2026-11-22T03:00:00.000Z')
  const documents = openTestDocuments(clock)
  const find = documents.find.bind(documents)
  documents.find = (...given) => (away ? Promise.reject(new VonggacError('store-failed', 'away')) : find(...given))
  away = false
  const listing = listingAudit(documents)
  audited = listing.audited
  catalogue = new SourceCatalogue([declared])
  Object.assign(world, { events: [], lastHour: emptyCounts(), collectors: [], rules: [] })
  onboarding = await openOnboarding({
    documents,
    events: {
      search: async (_scope: Scope, { limit }: { limit: number }) => ({ items: limit > 100 ? world.events : [], next: null }),
    } as unknown as EventStore,
    audit: listing.audit,
    clock,
    agencies: ['attt', 'congdan', 'khodulieu'].map((id) => ({ id, name })),
    collector: configSchema.parse({}).collector,
    retention: { days: 365, exceptions: [] },
    sharedStores: false,
    authority: await Authority.open(join(folder, 'authority'), clock),
    catalogue,
    library: await ParserLibrary.open(parsersFolder, 'attt'),
    ledger: world,
    lastHourOf: async () => world.lastHour,
    learnedVolume: async () => ({ days: 0, eventsPerDay: null, eventsPerHour: null }),
    watchingRules: () => world.rules,
    onDelivered: (all) => (delivered = all),
  })
  system = (await call('createSystem', { body: systemDraft() })).id
})
afterEach(() => rmSync(folder, { recursive: true }))

type Handlers = Onboarding['handlers']
function call<Name extends keyof Handlers>(route: Name, request: object, scope = manager): ReturnType<Handlers[Name]> {
  const handler = onboarding.handlers[route] as unknown as (request: object, scope: Scope, exchange: never) => ReturnType<Handlers[Name]>
  return handler({ params: undefined, query: undefined, body: undefined, ...request }, scope, undefined as never)
}

function systemDraft(more: object = {}) {
  return { name: 'Cổng', agency: 'congdan', level: 3, owner: person, operator: person, description: '', networks: [], ...more }
}

function draft(config: object = {}, more: object = {}) {
  const { system: _system, ...base } = sourceSchema.parse({ id: 'cong', name, agency: 'congdan', transport: 'http', parsers: ['nginx'] })
  return { config: { ...base, ...config }, system, expectation: always, retentionDays: null, paused: false, pauseReason: '', ...more }
}

const register = (config: object = {}, more: object = {}, scope = manager) => call('registerSource', { body: draft(config, more) }, scope)

describe('a source', () => {
  it.each([
    ['another agency’s', { agency: 'khodulieu' }, 'forbidden', 'registered by its own people'],
    ['with a parser that is not there', { parsers: ['nginx', 'lạ'] }, 'invalid-request', 'config.parsers.1: there is no parser "lạ"'],
    ['in a zone of no place', { timeZone: 'Sao/Hỏa' }, 'invalid-request', 'config.timeZone: "Sao/Hỏa" is no time zone'],
    [
      'of a network that is none',
      { transport: 'syslog', from: ['10.0.0.0/8', '10.0.0/33'], hosts: [], programs: [] },
      'invalid-request',
      'config.from.1: "10.0.0/33"',
    ],
    ['with the id of one in vonggac.yml', { id: 'khai-bao' }, 'already-exists', 'is taken'],
    ['with a name that the platform uses', { id: 'unknown' }, 'invalid-request', 'choose another id'],
    ['that collectors fetch themselves', { transport: 'poll', url: 'http://10.0.0.1/' }, 'forbidden', 'people of every agency'],
  ])('%s is refused with a sentence', async (_what, config, code, sentence) => {
    await expect(register(config)).rejects.toMatchObject({ code, message: expect.stringContaining(sentence) })
    expect(catalogue.all).toEqual([declared])
  })

  it('of a system of another agency is refused, and says nothing of that', async () => {
    const theirs = await call('createSystem', { body: systemDraft({ agency: 'khodulieu', name: 'Kho bí mật' }) }, other)
    await expect(register({}, { system: theirs.id })).rejects.toMatchObject({ code: 'not-found' })
    await expect(register({}, { system: theirs.id }, centre)).rejects.toMatchObject({ code: 'invalid-request' })
  })

  it('is known everywhere once it is registered, and no more once it is removed', async () => {
    const { version } = await register({}, { retentionDays: 30 })
    expect(catalogue.all.map(({ id, system: of }) => [id, of])).toEqual([
      ['khai-bao', undefined],
      ['cong', 'Cổng'],
    ])
    expect(delivered).toContainEqual(expect.objectContaining({ category: 'webserver', product: 'nginx' }))
    await call('removeRegisteredSource', { params: { id: 'cong' }, query: { version } })
    expect(catalogue.all).toEqual([declared])
    await expect(call('readRegisteredSource', { params: { id: 'cong' } })).rejects.toMatchObject({ code: 'not-found' })
  })

  it('that was kept and could not be told is told a little later', async () => {
    away = true
    await expect(register()).rejects.toMatchObject({ code: 'store-failed' })
    away = false
    expect(catalogue.all).toEqual([declared])
    await onboarding.refresh()
    expect(catalogue.all.map(({ id }) => id)).toEqual(['khai-bao', 'cong'])
  })

  it('leaves its id to its agency alone, for its events carry it', async () => {
    const { version } = await register()
    await call('removeRegisteredSource', { params: { id: 'cong' }, query: { version } })
    const theirs = await call('createSystem', { body: systemDraft({ agency: 'khodulieu' }) }, other)
    const taken = { code: 'already-exists', message: 'The source id cong is taken; choose another.' }
    await expect(register({ agency: 'khodulieu' }, { system: theirs.id }, other)).rejects.toMatchObject(taken)
    expect(await register()).toMatchObject({ id: 'cong', version: 3, tokens: [] })
  })

  it('is not changed over somebody else’s head, and keeps its id and agency', async () => {
    await register()
    const change = (version: number, config: object = {}) =>
      call('changeRegisteredSource', { params: { id: 'cong' }, body: { ...draft(config, { paused: true }), version } })
    await change(1)
    expect(onboarding.assignments.current).toMatchObject({ paused: ['cong'], sources: [{ id: 'cong' }] })
    await expect(change(1)).rejects.toMatchObject({ code: 'conflict' })
    await expect(change(2, { id: 'khac' })).rejects.toMatchObject({ code: 'invalid-request' })
  })
})

describe('credentials', () => {
  it('are a token shown once, known to collectors by its digest, two at most', async () => {
    await register()
    const { token, source } = await call('issueToken', { params: { id: 'cong' } })
    expect(Buffer.from(token, 'base64url')).toHaveLength(32)
    expect(JSON.stringify([source, onboarding.assignments.current, audited])).not.toContain(token)
    expect(onboarding.assignments.current.tokens).toHaveLength(1)
    const second = await call('issueToken', { params: { id: 'cong' } })
    await expect(call('issueToken', { params: { id: 'cong' } })).rejects.toMatchObject({ code: 'conflict' })
    await call('revokeToken', { params: { id: 'cong' }, body: { token: source.tokens[0]!.id } })
    expect((await call('readRegisteredSource', { params: { id: 'cong' } })).tokens).toEqual([second.source.tokens[1]])
  })

  it('are certificates, which count no more when they or their source are gone', async () => {
    await register({ transport: 'syslog', from: [], hosts: [], programs: [] })
    const first = await call('issueCertificate', { params: { id: 'cong' } })
    const { source } = await call('issueCertificate', { params: { id: 'cong' } })
    expect(first.key).toContain('PRIVATE KEY')
    const [one, two] = source.certificates.map(({ serial }) => serial)
    const revoked = await call('revokeCertificate', { params: { id: 'cong' }, body: { serial: one } })
    expect(onboarding.assignments.current.revoked).toEqual([one])
    await call('removeRegisteredSource', { params: { id: 'cong' }, query: { version: revoked.version } })
    expect(onboarding.assignments.current.revoked).toEqual([one, two])
    await register({ transport: 'syslog', from: [], hosts: [], programs: [] })
    expect(onboarding.assignments.current.revoked).toEqual([one, two])
  })

  it('fit the transport', async () => {
    await register()
    await expect(call('issueCertificate', { params: { id: 'cong' } })).rejects.toThrow('issue a token')
    await expect(call('readSnippet', { params: { id: 'cong', shipper: 'curl' } })).resolves.toMatchObject({ file: 'send.sh' })
  })
})

describe('a system', () => {
  it('with sources stays; without, it goes', async () => {
    const { version } = await register()
    await expect(call('removeSystem', { params: { id: system }, query: { version: 1 } })).rejects.toThrow('has 1 sources')
    await call('removeRegisteredSource', { params: { id: 'cong' }, query: { version } })
    await call('removeSystem', { params: { id: system }, query: { version: 1 } })
    expect((await call('listSystems', {})).items).toEqual([])
  })

  it('gives its sources its name, also a new one', async () => {
    await register()
    await call('changeSystem', { params: { id: system }, body: { ...systemDraft({ name: 'Cổng mới' }), version: 1 } })
    expect(catalogue.all[1]).toMatchObject({ system: 'Cổng mới' })
    const wrong = { ...systemDraft({ networks: ['10.0.0.0/8', 'mạng'] }), version: 2 }
    await expect(call('changeSystem', { params: { id: system }, body: wrong })).rejects.toThrow('networks.1: "mạng"')
  })
})

describe('a parser of an agency’s own', () => {
  const yaml = 'description: Vé\ndataset: ve\nlogsource: { product: ve }\nsteps:\n  - set: { event.action: seen }\n'
  const save = (parser: string, more: object = {}, scope = manager) =>
    call('saveParser', { params: { id: parser }, body: { agency: 'congdan', yaml, version: null, ...more } }, scope)

  it('is seen and used by its agency, and told to collectors with a source that uses it', async () => {
    await save('ve')
    expect(onboarding.assignments.current.parsers).toEqual([])
    await register({ parsers: ['ve'] })
    expect(onboarding.assignments.current.parsers).toEqual([{ name: 've', yaml }])
    expect(delivered).toContainEqual({ product: 've' })
    const seen = async (scope: Scope) => (await call('listParsers', {}, scope)).items.filter(({ origin }) => origin === 'agency')
    expect(await seen(manager)).toMatchObject([{ name: 've', agency: 'congdan', dataset: 've', version: 1 }])
    expect(await seen(other)).toEqual([])
    await expect(call('readParser', { params: { id: 've' } }, other)).rejects.toMatchObject({ code: 'not-found' })
    await expect(call('removeParser', { params: { id: 've' }, query: { version: 1 } })).rejects.toThrow('used by cong')
  })

  it('does not take another’s name, nor what somebody else has changed', async () => {
    await expect(save('nginx')).rejects.toMatchObject({ code: 'already-exists' })
    await save('ve')
    await expect(save('ve', { agency: 'khodulieu' }, other)).rejects.toMatchObject({ code: 'already-exists' })
    await expect(save('ve')).rejects.toMatchObject({ code: 'conflict' })
    expect(await save('ve', { version: 1 })).toMatchObject({ version: 2 })
    await expect(save('khac', { yaml: 'a: [' })).rejects.toThrow('yaml: line 1')
  })

  it('that was removed can be saved anew', async () => {
    await save('ve')
    await call('removeParser', { params: { id: 've' }, query: { version: 1 } })
    await expect(call('readParser', { params: { id: 've' } })).rejects.toMatchObject({ code: 'not-found' })
    expect(await save('ve')).toMatchObject({ version: 3 })
  })

  it('cannot be tried without a collector, which is said', async () => {
    await expect(call('tryParser', { body: { yaml, lines: ['a'], framing: 'plain' } })).rejects.toThrow('No collector is connected')
  })
})

describe('the check', () => {
  const collector = (more: object = {}): CollectorCounters => ({
    collector: 'c1',
    at: clock.now().toISOString(),
    journaled: 0,
    acknowledged: 0,
    journalBytes: 0,
    assignment: onboarding.assignments.current.version,
    trouble: [],
    dropped: [],
    sources: [
      {
        source: 'cong',
        agency: 'congdan',
        received: 5,
        journaled: 5,
        forwarded: 5,
        lastReceived: clock.now().toISOString(),
        connections: 0,
      },
    ],
    ...more,
  })
  const check = () => call('checkSource', { params: { id: 'cong' } })
  const trouble = async () => (await check()).trouble.map(({ text }) => text)
  const rule = (title: string, field: string): WatchingRule => ({
    title,
    logSource: { product: 'nginx' },
    expression: { field, test: { kind: 'exists' } },
  })

  it('says which rules see, and what the others lack', async () => {
    await register({}, {})
    await call('issueToken', { params: { id: 'cong' } })
    world.collectors = [collector()]
    world.lastHour = { ...emptyCounts(), received: 5, stored: 5, evaluated: 3, rejected: { unparsed: 2 } }
    world.events = [{ 'vonggac.logsource.product': 'nginx', 'url.path': '/' }]
    world.rules = [rule('thấy', 'url.path'), rule('mù', 'user.name'), { ...rule('khác', 'url.path'), logSource: { product: 'windows' } }]
    const { steps } = await check()
    expect(await trouble()).toEqual([])
    expect(steps).toEqual([
      { step: 'connection', state: 'done', numbers: { connections: 0, secondsAgo: 0 }, names: [] },
      { step: 'frames', state: 'done', numbers: { received: 5, rejected: 2 }, names: [] },
      { step: 'parsed', state: 'problem', numbers: { read: 3, unread: 2 }, names: ['unparsed'] },
      { step: 'fields', state: 'done', numbers: { found: 1, missing: 1 }, names: ['user.name'] },
      { step: 'rules', state: 'done', numbers: { seeing: 1, blind: 1 }, names: ['thấy'] },
    ])
  })

  it('says of a change that collectors are about to take over that it is being applied, and later that something is in the way', async () => {
    await register()
    await call('issueToken', { params: { id: 'cong' } })
    const state = async (assignment: string) => {
      world.collectors = [collector({ assignment })]
      return (await check()).steps[0]!.state
    }
    expect(await state('older')).toBe('applying')
    clock.advance(59_000)
    expect(await state('older')).toBe('applying')
    clock.advance(1_000)
    expect(await state('older')).toBe('problem')
    expect(await state(onboarding.assignments.current.version)).toBe('done')
  })

  it('tells what keeps a source from working', async () => {
    await register()
    expect(await trouble()).toEqual([expect.stringContaining('no token yet'), expect.stringContaining('No collector has reported')])
    world.collectors = [
      collector({
        assignment: 'older',
        trouble: [
          { source: 'cong', message: 'hỏng' },
          { source: 'khac', message: 'bí mật' },
        ],
      }),
    ]
    expect((await trouble()).slice(1)).toEqual([
      'The collector c1 has not taken over the last change yet.',
      'The collector c1 cannot use it: hỏng',
    ])
    expect((await check()).steps[0]!.state).toBe('problem')
    clock.advance(60_000)
    expect((await trouble()).join()).toContain('No collector has reported')
  })
})
