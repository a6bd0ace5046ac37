import type { Language } from './language.ts'

/** ECS fields in words, for the sentences that explain an alert. A field that is not here is shown by its name. */
const labels: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  'client.ip': { vi: 'Địa chỉ máy khách', en: 'The client address' },
  'destination.ip': { vi: 'Địa chỉ đích', en: 'The destination address' },
  'destination.port': { vi: 'Cổng đích', en: 'The destination port' },
  'dns.question.name': { vi: 'Tên miền được hỏi', en: 'The domain name asked for' },
  'event.action': { vi: 'Hành động', en: 'The action' },
  'event.category': { vi: 'Nhóm sự kiện', en: 'The event category' },
  'event.code': { vi: 'Mã sự kiện', en: 'The event code' },
  'event.dataset': { vi: 'Loại log', en: 'The log type' },
  'event.outcome': { vi: 'Kết quả', en: 'The outcome' },
  'event.original': { vi: 'Dòng log gốc', en: 'The original line' },
  'event.reason': { vi: 'Lý do', en: 'The reason' },
  'event.type': { vi: 'Kiểu sự kiện', en: 'The event type' },
  'file.hash.sha256': { vi: 'Mã băm của tệp', en: 'The file hash' },
  'file.name': { vi: 'Tên tệp', en: 'The file name' },
  'file.path': { vi: 'Đường dẫn tệp', en: 'The file path' },
  'host.name': { vi: 'Tên máy', en: 'The host name' },
  'http.request.body.content': { vi: 'Nội dung yêu cầu', en: 'The request body' },
  'http.request.method': { vi: 'Phương thức HTTP', en: 'The HTTP method' },
  'http.request.referrer': { vi: 'Trang giới thiệu', en: 'The referrer' },
  'http.response.body.bytes': { vi: 'Số byte trả lời', en: 'The size of the reply' },
  'http.response.status_code': { vi: 'Mã trả lời HTTP', en: 'The HTTP status' },
  message: { vi: 'Thông điệp', en: 'The message' },
  'network.protocol': { vi: 'Giao thức', en: 'The protocol' },
  'process.command_line': { vi: 'Dòng lệnh', en: 'The command line' },
  'process.executable': { vi: 'Tệp thực thi', en: 'The executable' },
  'process.name': { vi: 'Tiến trình', en: 'The process' },
  'process.parent.name': { vi: 'Tiến trình cha', en: 'The parent process' },
  'source.geo.country_iso_code': { vi: 'Quốc gia của địa chỉ nguồn', en: 'The country of the source address' },
  'source.ip': { vi: 'Địa chỉ nguồn', en: 'The source address' },
  'source.port': { vi: 'Cổng nguồn', en: 'The source port' },
  'url.domain': { vi: 'Tên miền', en: 'The domain' },
  'url.extension': { vi: 'Phần mở rộng của đường dẫn', en: 'The extension of the path' },
  'url.full': { vi: 'Địa chỉ URL', en: 'The URL' },
  'url.original': { vi: 'Địa chỉ được yêu cầu', en: 'The requested address' },
  'url.path': { vi: 'Đường dẫn', en: 'The path' },
  'url.query': { vi: 'Chuỗi truy vấn', en: 'The query' },
  'user.name': { vi: 'Tài khoản', en: 'The account' },
  'user_agent.original': { vi: 'Chương trình truy cập (user agent)', en: 'The user agent' },
  '@timestamp': { vi: 'Thời điểm', en: 'The time' },
}

/** undefined for a field that has no words of its own. */
export function fieldLabel(field: string, language: Language): string | undefined {
  return Object.hasOwn(labels, field) ? labels[field]?.[language] : undefined
}
