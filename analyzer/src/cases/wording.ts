import type { Alert } from '@vonggac/contract'

/** What a case is called at first; people rename it. In Vietnamese, as its official papers are. */
export function titleOf({ rule, group }: Alert): string {
  const values = Object.values(group).filter((value) => value !== null && value !== '')
  const title = rule.titles?.vi ?? rule.title
  return (values.length > 0 ? `${title} (${values.join(', ')})` : title).slice(0, 300)
}

/** The first description of an incident: what was found, how often, when, and between whom. */
export function summaryOf({ rule, hits, entities }: Alert): string {
  const from = localTime(hits.firstAt)
  const to = localTime(hits.lastAt)
  const sentences = [
    `Hệ thống giám sát phát hiện: ${rule.titles?.vi ?? rule.title}.`,
    from === to ? `Ghi nhận ${hits.count} sự kiện vào lúc ${from}.` : `Ghi nhận ${hits.count} sự kiện từ ${from} đến ${to}.`,
    ...(entities.source.length > 0 ? [`Nguồn tấn công: ${entities.source.join(', ')}.`] : []),
    ...(entities.host.length > 0 ? [`Máy chủ liên quan: ${entities.host.join(', ')}.`] : []),
    ...(entities.user.length > 0 ? [`Tài khoản liên quan: ${entities.user.join(', ')}.`] : []),
  ]
  return sentences.join(' ')
}

const format = new Intl.DateTimeFormat('vi-VN', {
  timeZone: 'Asia/Ho_Chi_Minh',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  day: '2-digit',
  month: '2-digit',
  year: 'numeric',
})

/** `10 giờ 05 phút 09 giây ngày 22/11/2026`, the form of official papers. */
export function localTime(iso: string): string {
  const parts = Object.fromEntries(format.formatToParts(new Date(iso)).map(({ type, value }) => [type, value]))
  return `${parts['hour']} giờ ${parts['minute']} phút ${parts['second']} giây ngày ${parts['day']}/${parts['month']}/${parts['year']}`
}
