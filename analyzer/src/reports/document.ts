import type { LocalizedText } from '@vonggac/contract'
import type { Form } from './form.ts'
import { noticeOf } from './notice.ts'
import type { CaseFacts, Language } from './values.ts'

/** What stands on the paper, in one language and in order; DOCX and PDF are two renderings of it. */
export interface OfficialDocument {
  readonly language: Language
  readonly organisation: string
  readonly symbol: string
  readonly nation: string
  readonly motto: string
  readonly placeAndDate: string
  readonly title: string
  /** Says that the form is not an official one; empty for one that is. */
  readonly label: string
  readonly reference: string
  readonly addressee: string
  readonly opening: string
  readonly sections: readonly { readonly title: string; readonly entries: readonly Entry[] }[]
  readonly closing: string
  readonly copiesTitle: string
  readonly copies: readonly string[]
  readonly signature: string
  readonly signatureHint: string
  readonly signatory: string
  readonly page: string
}

export interface Entry {
  /** `1`, `2` … through the whole document. */
  readonly number: number
  readonly label: string
  /** One a line. */
  readonly lines: readonly string[]
  /** A required value that nobody has given yet: `lines` then holds the words that mark the place. */
  readonly missing: boolean
}

const words = {
  // The national title and motto, as Decree 30/2020/NĐ-CP has them.
  nation: { vi: 'CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM', en: 'SOCIALIST REPUBLIC OF VIET NAM' },
  motto: { vi: 'Độc lập - Tự do - Hạnh phúc', en: 'Independence - Freedom - Happiness' },
  missing: { vi: '[Chưa có thông tin, cần bổ sung]', en: '[Missing: to be filled in]' },
  reference: { vi: 'Mã vụ việc', en: 'Case' },
  copies: { vi: 'Nơi nhận:', en: 'Copies:' },
  page: { vi: 'Trang', en: 'Page' },
} as const satisfies Record<string, LocalizedText>

/** Where an optional value may be written by hand. */
const dots = '…'.repeat(16)

export function documentOf(form: Form, facts: CaseFacts, language: Language, now: Date): OfficialDocument {
  const { layout } = form
  const values = new Map(noticeOf(form, facts, language).fields.map((field) => [field.id, field]))
  let number = 0
  const sections = form.sections.flatMap(({ title, fields }) => {
    const entries = fields
      .filter(({ id }) => id !== layout.signatory)
      .map(({ id, label, required }): Entry => {
        const value = printable(values.get(id)?.value ?? '')
        const empty = required ? words.missing[language] : dots
        return { number: ++number, label: label[language], lines: linesOf(value || empty), missing: required && value === '' }
      })
    return entries.length > 0 ? [{ title: title[language], entries }] : []
  })
  return {
    language,
    organisation: facts.agency[language].toLocaleUpperCase(language),
    symbol: layout.symbol[language],
    nation: words.nation[language],
    motto: words.motto[language],
    placeAndDate: `${layout.place[language]}, ${dateIn(language, now)}`,
    title: form.title[language].toLocaleUpperCase(language),
    label: form.official ? '' : form.label[language],
    reference: `${words.reference[language]}: ${facts.incident.number}`,
    addressee: layout.addressee[language],
    opening: `${layout.opening[language]}:`,
    sections,
    closing: layout.closing[language],
    copiesTitle: words.copies[language],
    copies: layout.copies.map((copy, index) => `- ${copy[language]}${index === layout.copies.length - 1 ? '.' : ';'}`),
    signature: layout.signature[language],
    signatureHint: layout.signatureHint[language],
    signatory: printable(values.get(layout.signatory)?.value ?? ''),
    page: words.page[language],
  }
}

/** Lines that one value may have on the paper: pages of the same pasted log are no notice. */
const maxLines = 200

/** Without empty lines; those beyond the bound follow each other in the last. */
function linesOf(text: string): string[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  return lines.length <= maxLines ? lines : [...lines.slice(0, maxLines - 1), lines.slice(maxLines - 1).join(' ')]
}

/**
 * Values come from attackers too: control characters would break the file, and characters that turn the direction of writing would make it say something else.
 * The mark U+FFFD shows where one stood.
 */
function printable(text: string): string {
  return text
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll('\t', ' ')
    .replaceAll(/[^\P{C}\n]/gu, '\uFFFD')
}

/** `ngày 05 tháng 01 năm 2026`: days below 10 and the months 1 and 2 get a zero, as Decree 30/2020/NĐ-CP asks. */
function dateIn(language: Language, now: Date): string {
  if (language === 'en') return new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'Asia/Ho_Chi_Minh' }).format(now)
  const [year, month, day] = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Ho_Chi_Minh' }).format(now).split('-').map(Number) as [
    number,
    number,
    number,
  ]
  return `ngày ${day < 10 ? `0${day}` : day} tháng ${month < 3 ? `0${month}` : month} năm ${year}`
}
