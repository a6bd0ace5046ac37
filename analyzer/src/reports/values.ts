import type { Case, CaseStatus, LocalizedText, Severity } from '@vonggac/contract'
import { localTime } from '../cases/index.ts'

export type Language = 'vi' | 'en'

/** What a form can take from a case by itself; names for `from` in a form's file. */
export const valueSources = [
  'agency.name',
  'systems',
  'hosts',
  'attackers',
  'case.number',
  'case.title',
  'case.summary',
  'case.detectedAt',
  'case.severity',
  'case.handling',
] as const
export type ValueSource = (typeof valueSources)[number]

/** A case with what its alerts and the configuration say about it. */
export interface CaseFacts {
  readonly incident: Case
  readonly agency: LocalizedText
  readonly systems: readonly string[]
  readonly hosts: readonly string[]
  readonly attackers: readonly string[]
}

/** Empty where nothing is known. */
export function valueOf(source: ValueSource, { incident, agency, systems, hosts, attackers }: CaseFacts, language: Language): string {
  switch (source) {
    case 'agency.name':
      return agency[language]
    case 'systems':
      return systems.join('; ')
    case 'hosts':
      return hosts.join(', ')
    case 'attackers':
      return attackers.join(', ')
    case 'case.number':
      return incident.number
    case 'case.title':
      return incident.title
    case 'case.summary':
      return incident.summary
    case 'case.detectedAt':
      return timeIn(language, incident.detectedAt)
    case 'case.severity':
      return severityIn(language, incident)
    case 'case.handling':
      return handlingIn(language, incident)
  }
}

function timeIn(language: Language, iso: string): string {
  if (language === 'vi') return localTime(iso)
  const format = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'medium', timeZone: 'Asia/Ho_Chi_Minh' })
  return `${format.format(new Date(iso))} (UTC+7)`
}

const severityNames: Readonly<Record<Severity, LocalizedText>> = {
  informational: { vi: 'Thông tin', en: 'Informational' },
  low: { vi: 'Thấp', en: 'Low' },
  medium: { vi: 'Trung bình', en: 'Medium' },
  high: { vi: 'Cao', en: 'High' },
  critical: { vi: 'Rất cao', en: 'Critical' },
}

/** The law's "nghiêm trọng" is a person's judgement and not the technical severity: both are told. */
function severityIn(language: Language, { severity, serious }: Case): string {
  const legal = {
    vi: serious ? 'sự cố nghiêm trọng' : 'chưa đánh giá là sự cố nghiêm trọng',
    en: serious ? 'serious incident' : 'not judged a serious incident',
  }
  return `${severityNames[severity][language]} (${legal[language]})`
}

const statusNames: Readonly<Record<CaseStatus, LocalizedText>> = {
  open: { vi: 'Đang xử lý', en: 'Being handled' },
  contained: { vi: 'Đã ngăn chặn, đang tiếp tục xử lý', en: 'Contained, handling continues' },
  resolved: { vi: 'Đã khắc phục', en: 'Resolved' },
  closed: { vi: 'Đã kết thúc', en: 'Closed' },
}

/** Nothing was handled yet while a case is open and no task is done: then a person says what is the matter. */
function handlingIn(language: Language, { status, tasks }: Case): string {
  const done = tasks.filter((task) => task.status === 'done')
  if (status === 'open' && done.length === 0) return ''
  const lines = done.map(({ title }) => `- ${title[language]};`)
  if (lines.length > 0) lines[lines.length - 1] = `${lines.at(-1)!.slice(0, -1)}.`
  const performed = { vi: 'Các biện pháp đã thực hiện:', en: 'Measures taken:' }
  return [`${statusNames[status][language]}.`, ...(lines.length > 0 ? [performed[language], ...lines] : [])].join('\n')
}
