/** A case as analysts leave it, for tests of its papers. */
import type { CaseFacts } from './values.ts'

export const exampleFacts: CaseFacts = {
  incident: {
    id: 'VG-2026-0001',
    number: 'VG-2026-0001',
    agency: 'stttt',
    tlp: 'TLP:AMBER',
    title: 'Yêu cầu web vượt thư mục (203.0.113.66)',
    summary:
      'Hệ thống giám sát phát hiện: Yêu cầu web vượt thư mục. Ghi nhận 42 sự kiện từ 10 giờ 37 phút 40 giây ngày 22/11/2026 đến 10 giờ 38 phút 24 giây ngày 22/11/2026.\nKẻ tấn công tải lên một tập lệnh và gọi tập lệnh đó.',
    severity: 'high',
    status: 'contained',
    serious: true,
    detectedAt: '2026-11-22T03:37:41.000Z',
    alerts: [],
    tasks: [
      { id: 't1', title: { vi: 'Bảo toàn chứng cứ', en: 'Preserve evidence' }, status: 'done' },
      { id: 't2', title: { vi: 'Cô lập máy chủ bị ảnh hưởng', en: 'Isolate the affected server' }, status: 'done' },
      { id: 't3', title: { vi: 'Tìm web shell', en: 'Look for web shells' }, status: 'doing' },
    ],
    notes: [],
    forms: { 'incident-notice': { 'notifier-address': 'Số 59 Lý Tự Trọng, phường Sài Gòn, Thành phố Hồ Chí Minh' } },
    fulfilled: {},
    createdAt: '2026-11-22T03:40:00.000Z',
    createdBy: 'an',
    updatedAt: '2026-11-22T03:40:00.000Z',
    version: 4,
  },
  agency: { vi: 'Trung tâm An ninh mạng Thành phố', en: 'City Cybersecurity Centre' },
  systems: ['Cổng thông tin công dân'],
  hosts: ['congdan-web-01', 'congdan.example.gov.vn'],
  attackers: ['203.0.113.66'],
}
