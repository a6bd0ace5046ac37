/** An installation of two agencies with something of everything in each, and a user of every role in each and in neither: for tests of who may do what. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  batchHeaderName,
  configSchema,
  csrfHeader,
  everyAgency,
  formatEventId,
  linkPaths,
  rejectedKind,
  roles,
  routes,
  type BatchHeader,
  type Method,
  type Role,
  type RouteName,
  type Session,
  type Tlp,
} from '@vonggac/contract'
import { pino } from 'pino'
import { startAnalyzer, type RunningAnalyzer } from '../start.ts'

export const agencies = ['congdan', 'khodulieu'] as const
export type Tenant = (typeof agencies)[number]
export const linkSecret = 'a secret for this test alone'
export const password = 'mật khẩu đủ dài'
const operator = 'attt'

export const sourceOf = { congdan: 'congdan-web', khodulieu: 'khodulieu-api' } as const
const attackerOf = { congdan: '203.0.113.9', khodulieu: '198.51.100.9' } as const

/** What an agency owns, by its ids. */
export interface Estate {
  readonly agency: Tenant
  readonly event: string
  readonly alert: string
  readonly case: string
  readonly task: string
  readonly obligation: string
  readonly user: string
  readonly source: string
  /** None of these may ever reach the other agency. */
  readonly marks: readonly string[]
}

export interface Input {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string | number>>
  readonly body?: unknown
}

export interface Answer {
  readonly status: number
  readonly code: string | undefined
  readonly text: string
  readonly body: Record<string, never>
}

export class Person {
  readonly #base: string
  readonly name: string
  cookie = ''
  csrf = ''

  constructor(base: string, name: string) {
    this.#base = base
    this.name = name
  }

  async call(name: RouteName, input: Input = {}, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const { method, path } = routes[name]
    const filled = path.replace(/:(\w+)/g, (_, key: string) => encodeURIComponent(input.params?.[key] ?? 'none'))
    const query = new URLSearchParams(Object.entries(input.query ?? {}).map(([key, value]) => [key, String(value)]))
    return this.send(method, query.size > 0 ? `${filled}?${query}` : filled, input.body, headers)
  }

  /** A header given as empty is left out. Each person comes from an address of their own, as the proxy in front would say. */
  async send(method: Method, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const all = { cookie: this.cookie, [csrfHeader]: this.csrf, 'x-forwarded-for': addressOf(this.name), ...headers }
    const reply = await fetch(`${this.#base}${path}`, {
      method,
      headers: {
        ...Object.fromEntries(Object.entries(all).filter(([, value]) => value !== '')),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await reply.text()
    const json = /[/+]json/.test(reply.headers.get('content-type') ?? '') && text !== ''
    const parsed = (json ? JSON.parse(text) : {}) as Answer['body'] & { code?: string }
    const cookie = reply.headers.getSetCookie()[0]?.split(';')[0]
    if (cookie !== undefined) this.cookie = cookie
    return { status: reply.status, code: parsed.code, text, body: parsed }
  }

  async signIn(): Promise<Answer> {
    const answer = await this.call('signIn', { body: { userName: this.name, password } })
    this.csrf = (answer.body as unknown as Session).csrfToken
    return answer
  }
}

function addressOf(name: string): string {
  const sum = [...name].reduce((total, letter) => (total * 31 + letter.charCodeAt(0)) % 65_000, 7)
  return `10.1.${sum >> 8}.${sum & 255}`
}

export interface Town {
  readonly base: string
  /** Everything that was logged. */
  readonly log: readonly string[]
  readonly admin: Person
  readonly estates: Readonly<Record<Tenant, Estate>>
  /** `person('congdan', 'viewer')`; `*` for those of every agency. */
  person(agency: Tenant | '*', role: Role): Person
  /** A new user of the agency, signed in, cleared for everything unless told otherwise. */
  newcomer(agency: Tenant | '*', role: Role, clearance?: Tlp): Promise<Person>
  close(): Promise<void>
}

export async function openTown(): Promise<Town> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'vonggac-town-'))
  const name = (text: string) => ({ vi: text, en: text })
  const config = configSchema.parse({
    dataFolder,
    operator,
    console: { port: 0 },
    link: { port: 0 },
    agencies: agencies.map((id) => ({ id, name: name(id) })),
    sources: agencies.map((agency) => ({
      id: sourceOf[agency],
      name: name(agency),
      agency,
      system: `Hệ thống ${agency}`,
      transport: 'http',
      parsers: ['nginx'],
    })),
  })
  const log: string[] = []
  const analyzer = await startAnalyzer(config, {
    linkSecret,
    logger: pino({ level: 'trace' }, { write: (line: string) => void log.push(line) }),
  })
  await deliver(analyzer)
  const stopTrying = tryParsers(analyzer)

  const admin = new Person(analyzer.console, 'quan.tri')
  const token = new URL(analyzer.setup!).hash.replace('#token=', '')
  await admin.call('setup', { body: { token, userName: admin.name, displayName: 'Quản trị', password } })
  await admin.signIn()

  const people = new Map<string, Person>()
  let newcomers = 0
  const join_ = async (userName: string, agency: string, role: Role, clearance: Tlp = 'TLP:RED') => {
    const made = await admin.call('createUser', { body: { userName, displayName: userName, password, role, agency, clearance } })
    if (made.status !== 200) throw new Error(made.text)
    const person = new Person(analyzer.console, userName)
    await person.signIn()
    return person
  }
  for (const agency of [everyAgency, ...agencies]) {
    for (const role of roles) {
      people.set(`${agency} ${role}`, await join_(`${agency === everyAgency ? 'city' : agency}.${role}`, agency, role))
    }
  }

  const estates = Object.fromEntries(await Promise.all(agencies.map(async (agency) => [agency, await estateOf(admin, agency)])))
  return {
    base: analyzer.console,
    log,
    admin,
    estates: estates as Record<Tenant, Estate>,
    person: (agency, role) => people.get(`${agency} ${role}`)!,
    newcomer: (agency, role, clearance) => join_(`newcomer.${++newcomers}`, agency, role, clearance),
    async close() {
      stopTrying()
      await analyzer.close()
      rmSync(dataFolder, { recursive: true, force: true })
    },
  }
}

async function estateOf(admin: Person, agency: Tenant): Promise<Estate> {
  const { items } = (await admin.call('listAlerts', { query: { agency } })).body as unknown as {
    items: { id: string; hits: { events: string[] } }[]
  }
  const alert = items[0]!
  const made = (await admin.call('escalateAlert', { params: { id: alert.id }, body: {} })).body as unknown as {
    id: string
    tasks: { id: string }[]
  }
  const detail = (await admin.call('readCase', { params: { id: made.id } })).body as unknown as { obligations: { id: string }[] }
  const event = alert.hits.events[0]!
  return {
    agency,
    event,
    alert: alert.id,
    case: made.id,
    task: made.tasks[0]!.id,
    obligation: detail.obligations[0]!.id,
    user: `${agency}.viewer`,
    source: sourceOf[agency],
    marks: [agency, event, alert.id, made.id, attackerOf[agency]],
  }
}

/** A collector that takes every parser for good. */
function tryParsers(analyzer: RunningAnalyzer): () => void {
  const stop = new AbortController()
  const headers = { authorization: `Bearer ${linkSecret}` }
  const work = async () => {
    while (!stop.signal.aborted) {
      const asked = await fetch(`${analyzer.link}${linkPaths.trials}`, { headers, signal: stop.signal })
      if (asked.status !== 200) continue
      const { id, lines } = (await asked.json()) as { id: string; lines: string[] }
      const result = { parser: 'parser', read: lines.length, lines: lines.length, events: lines.map((message) => ({ message })) }
      const body = JSON.stringify({ results: [result] })
      const json = { ...headers, 'content-type': 'application/json' }
      await fetch(`${analyzer.link}${linkPaths.trials}/${id}`, { method: 'POST', headers: json, body, signal: stop.signal })
    }
  }
  work().catch(() => {})
  return () => stop.abort()
}

/** One batch: for each agency a request that looks like SQL injection and a frame that could not be read, and a frame from nobody knows whom. */
async function deliver(analyzer: RunningAnalyzer): Promise<void> {
  const now = Date.now()
  const minute = new Date(Math.floor(now / 60_000) * 60_000).toISOString()
  let position = 0
  const base = (agency: string, source: string, kind: string) => ({
    '@timestamp': new Date(now).toISOString(),
    'event.id': formatEventId(now, 'c1', position++),
    'event.created': new Date(now).toISOString(),
    'event.dataset': 'nginx.access',
    'event.kind': kind,
    'organization.id': agency,
    'vonggac.source.id': source,
  })
  const rejected = (agency: string, source: string, reason: string) => ({
    ...base(agency, source, rejectedKind),
    'error.code': reason,
    'event.original': `garbage of ${agency}`,
  })
  const events = [
    ...agencies.flatMap((agency) => [
      {
        ...base(agency, sourceOf[agency], 'event'),
        'vonggac.logsource.category': 'webserver',
        'vonggac.logsource.product': 'nginx',
        'source.ip': attackerOf[agency],
        'url.original': '/tra-cuu?ma=1%27%20UNION%20SELECT%20password%20FROM%20users',
        'url.path': '/tra-cuu',
        'url.query': 'ma=1%27%20UNION%20SELECT%20password%20FROM%20users',
        'http.request.method': 'GET',
        'http.response.status_code': 500,
      },
      rejected(agency, sourceOf[agency], 'unparsed'),
    ]),
    rejected(operator, 'unknown', 'unknown-source'),
  ]
  const header: BatchHeader = {
    collector: 'c1',
    first: 0,
    last: events.length - 1,
    count: events.length,
    tallies: [
      ...agencies.map((agency) => ({ source: sourceOf[agency], agency, minute, journaled: 2, rejected: { unparsed: 1 } })),
      { source: 'unknown', agency: operator, minute, journaled: 1, rejected: { 'unknown-source': 1 } },
    ],
  }
  const reply = await fetch(`${analyzer.link}${linkPaths.batches}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${linkSecret}`, 'content-type': 'application/x-ndjson', [batchHeaderName]: JSON.stringify(header) },
    body: events.map((event) => `${JSON.stringify(event)}\n`).join(''),
  })
  if (!reply.ok) throw new Error(await reply.text())
}
