import { fieldId } from '../../field-names.ts'
import { textOf, type Draft, type Step } from '../draft.ts'
import { parseClf, parseClfLocal, parseCtime, parseIsoLocal, parseMonthDay, parseRfc3164, parseRfc3339 } from '../time.ts'

export const dateFormats = [
  'rfc3339',
  'iso-local',
  'clf',
  'clf-local',
  'ctime',
  'rfc3164',
  'month-day',
  'epoch-s',
  'epoch-ms',
  'epoch-ns',
] as const
type DateFormat = (typeof dateFormats)[number]

/** The field's time becomes the event's; the field goes. */
export function date(field: string, formats: readonly DateFormat[]): Step {
  const from = fieldId(field)
  return (draft) => {
    const text = textOf(draft.fields, from)
    if (text === undefined) return false
    for (const format of formats) {
      const at = readTime(format, text, draft)
      if (at === undefined || Math.abs(at) > 8.64e15) continue
      draft.timeMs = at
      draft.fields.delete(from)
      return true
    }
    return false
  }
}

function readTime(format: DateFormat, text: string, { receivedMs, timeZone }: Draft): number | undefined {
  switch (format) {
    case 'rfc3339':
      return parseRfc3339(text)
    case 'iso-local':
      return parseIsoLocal(text, timeZone)
    case 'clf':
      return parseClf(text)
    case 'rfc3164':
      return parseRfc3164(text, receivedMs, timeZone)
    case 'clf-local':
      return parseClfLocal(text, timeZone)
    case 'ctime':
      return parseCtime(text, timeZone)
    case 'month-day':
      return parseMonthDay(text, receivedMs, timeZone)
    case 'epoch-s':
      // A microsecond on top: the nearest number of a decimal fraction may lie below it.
      return /^\d{1,11}(\.\d{1,12})?$/.test(text) ? Math.floor(Number(text) * 1000 + 0.001) : undefined
    case 'epoch-ms':
      // Fewer digits are seconds.
      return /^\d{12,14}$/.test(text) ? Number(text) : undefined
    case 'epoch-ns':
      return /^\d{16,20}$/.test(text) ? Number(text.slice(0, -6)) : undefined
  }
}
