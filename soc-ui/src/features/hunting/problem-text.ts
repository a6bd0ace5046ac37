import type { KqlProblem } from '@vonggac/sigma/kql'
import type { Language } from '../../lib/i18n/language.ts'

/** The parser's sentences in Vietnamese; `{{what}}` is the text at the place. A code that is not here is told in the parser's own English. */
const vietnamese: Readonly<Record<string, string>> = {
  'condition-missing': 'Chỗ này còn thiếu một điều kiện.',
  'date-now': 'Chỗ này cần một thời điểm, ví dụ "2026-11-22T07:00:00Z" hoặc now-1h.',
  'escape-unknown': 'Sau dấu \\ không được là ký tự này; muốn tìm dấu \\ hãy viết \\\\.',
  'field-missing': 'Trước dấu hai chấm này còn thiếu tên trường.',
  'field-pattern': 'Tên trường ở đây không được có ký tự đại diện.',
  nested: 'Sự kiện ở đây phẳng, không có tài liệu lồng nhau: hãy viết tên trường đầy đủ thay cho dấu ngoặc nhọn.',
  'not-misplaced': '`not` đứng trước tên trường hoặc trong ngoặc: not trường: giá trị.',
  'operator-doubled': 'So sánh được viết không có dấu hai chấm.',
  'operator-missing': 'Trước «{{what}}» còn thiếu `and` hoặc `or`.',
  'parenthesis-empty': 'Trong cặp ngoặc này còn thiếu nội dung.',
  'parenthesis-open': 'Dấu ngoặc này chưa được đóng.',
  'parenthesis-unmatched': 'Dấu ngoặc đóng này không ứng với dấu mở nào.',
  'quote-open': 'Dấu nháy này chưa được đóng.',
  'range-address': 'So sánh lớn nhỏ không dùng được với địa chỉ; hãy viết một dải mạng như 10.0.0.0/8.',
  'range-value': 'So sánh lớn nhỏ cần một số hoặc một thời điểm.',
  'sign-misplaced': 'Ký tự «{{what}}» không có nghĩa ở đây; muốn tìm chính ký tự này hãy đặt trong dấu nháy kép.',
  'too-deep': 'Ngoặc và `not` lồng nhau quá sâu.',
  'too-long': 'Truy vấn quá dài.',
  'too-many-predicates': 'Truy vấn có quá nhiều điều kiện.',
  'value-group': 'Trong ngoặc sau tên trường chỉ có các giá trị; điều kiện có trường riêng phải đứng ngoài.',
  'value-missing': 'Chỗ này còn thiếu giá trị.',
}

export function problemText({ code, message, start, end }: KqlProblem, query: string, language: Language): string {
  if (language === 'en' || !Object.hasOwn(vietnamese, code)) return message
  return vietnamese[code]!.replace('{{what}}', query.slice(start, Math.min(end, start + 60)))
}

const around = 48

/** The place with what stands around it; a place behind the last sign is shown as a gap. */
export function excerptAround(text: string, start: number, end: number): { before: string; fault: string; after: string } {
  const from = Math.max(0, start - around)
  const to = Math.min(text.length, end + around)
  return {
    before: `${from > 0 ? '…' : ''}${text.slice(from, start)}`,
    fault: text.slice(start, end).trim() === '' ? '\u00a0\u00a0' : text.slice(start, end),
    after: `${text.slice(end, to)}${to < text.length ? '…' : ''}`,
  }
}
