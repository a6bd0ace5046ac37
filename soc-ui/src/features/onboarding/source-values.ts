import type { Calendar, MonitoredSystem, RegisteredSource, SourceDraft } from '@vonggac/contract'
import { valuesIn } from './lists.ts'
import { asWay, type Way } from './ways.ts'

/** A source as its form holds it: everything as a person types it. */
export interface SourceValues {
  name: string
  nameEn: string
  id: string
  /** Id of the system. */
  system: string
  parsers: string[]
  way: Way
  timeZone: string
  from: string
  hosts: string
  programs: string
  calendar: Calendar['kind']
  days: number[]
  opens: string
  closes: string
  restsOnHolidays: boolean
  silenceMinutes: number | string
  eventsPerDay: number | string
  /** Learned from the source's history; nobody types 168 numbers. */
  eventsPerHour: number[] | null
  retentionDays: number | string
}

export const newSource: SourceValues = {
  name: '',
  nameEn: '',
  id: '',
  system: '',
  parsers: [],
  way: 'syslog',
  timeZone: 'Asia/Ho_Chi_Minh',
  from: '',
  hosts: '',
  programs: '',
  calendar: 'always',
  days: [1, 2, 3, 4, 5],
  opens: '07:30',
  closes: '17:00',
  restsOnHolidays: true,
  silenceMinutes: 15,
  eventsPerDay: '',
  eventsPerHour: null,
  retentionDays: '',
}

export function valuesOf({ config, system, expectation, retentionDays }: RegisteredSource): SourceValues {
  const { calendar } = expectation
  const many = (values: readonly string[] | undefined) => (values ?? []).join('\n')
  return {
    ...newSource,
    name: config.name.vi,
    nameEn: config.name.en === config.name.vi ? '' : config.name.en,
    id: config.id,
    system,
    parsers: [...config.parsers],
    way: asWay(config.transport) ?? newSource.way,
    timeZone: config.timeZone,
    from: 'from' in config ? many(config.from) : '',
    hosts: 'hosts' in config ? many(config.hosts) : '',
    programs: 'programs' in config ? many(config.programs) : '',
    calendar: calendar.kind,
    ...(calendar.kind === 'hours' && {
      days: [...calendar.days],
      opens: calendar.from,
      closes: calendar.to,
      restsOnHolidays: calendar.restsOnHolidays,
    }),
    silenceMinutes: expectation.silenceMinutes,
    eventsPerDay: expectation.eventsPerDay ?? '',
    eventsPerHour: expectation.eventsPerHour,
    retentionDays: retentionDays ?? '',
  }
}

/** What the API takes. The agency is the system's; of a source that sends in a way that the form does not offer (`known`), all of its own stays. */
export function draftOf(
  values: SourceValues,
  system: Pick<MonitoredSystem, 'id' | 'name' | 'agency'>,
  known?: SourceDraft['config'],
): Omit<SourceDraft, 'paused' | 'pauseReason'> {
  const { name, nameEn, id, parsers, timeZone } = values
  const texts = { vi: name.trim(), en: nameEn.trim() || name.trim() }
  const common = { id: id.trim(), name: texts, agency: system.agency, system: system.name, parsers: [...parsers], timeZone }
  return {
    config: known && asWay(known.transport) === undefined ? { ...known, ...common } : configOf(values, common),
    system: system.id,
    expectation: {
      calendar: calendarOf(values),
      silenceMinutes: Number(values.silenceMinutes),
      eventsPerDay: values.eventsPerDay === '' ? null : Number(values.eventsPerDay),
      eventsPerHour: values.eventsPerHour,
    },
    retentionDays: values.retentionDays === '' ? null : Number(values.retentionDays),
  }
}

function configOf(
  { way, from, hosts, programs }: SourceValues,
  common: Pick<SourceDraft['config'], 'id' | 'name' | 'agency' | 'system' | 'parsers' | 'timeZone'>,
): SourceDraft['config'] {
  if (way === 'http') return { ...common, transport: way }
  if (way !== 'syslog') return { ...common, transport: way, from: valuesIn(from) }
  return { ...common, transport: way, from: valuesIn(from), hosts: valuesIn(hosts), programs: valuesIn(programs) }
}

function calendarOf({ calendar, days, opens, closes, restsOnHolidays }: SourceValues): Calendar {
  if (calendar === 'always') return { kind: 'always' }
  return { kind: 'hours', days: days.toSorted((a, b) => a - b), from: opens, to: closes, restsOnHolidays }
}
