import { inflateRawSync } from 'node:zlib'
import { fileURLToPath } from 'node:url'
import { configSchema, type Routes } from '@vonggac/contract'
import { expect, it } from 'vitest'
import { analyst, attackFrom, openTestSoc } from '../alerts/testing.ts'
import { alertsHandlers } from '../alerts/index.ts'
import { casesHandlers } from '../cases/index.ts'
import { readLegalProfile } from '../obligations/index.ts'
import type { Handler } from '../platform/handler.ts'
import { readPlaybooks } from '../playbooks/index.ts'
import { documentOf } from './document.ts'
import { renderDocx } from './docx.ts'
import { readForm } from './form.ts'
import { reportsHandlers } from './handlers.ts'
import { noticeOf } from './notice.ts'
import { breakable, renderPdf } from './pdf.ts'
import { roman } from './roman.ts'
import { exampleFacts } from './testing.ts'

const content = fileURLToPath(new URL('../../../playbooks', import.meta.url))
const form = await readForm(`${content}/forms/incident-notice.yml`)
const now = new Date('2026-11-22T04:00:00Z')

/** The text of `word/document.xml` in a DOCX, which is a ZIP archive: its tags taken out. */
function textOf(docx: Uint8Array): string {
  const bytes = Buffer.from(docx)
  const end = bytes.lastIndexOf('PK\u0005\u0006')
  for (let at = bytes.readUInt32LE(end + 16); at < end;) {
    const [nameLength, extra, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset)) as [number, number, number]
    if (bytes.toString('utf8', at + 46, at + 46 + nameLength) === 'word/document.xml') {
      const local = bytes.readUInt32LE(at + 42)
      const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
      const packed = bytes.subarray(start, start + bytes.readUInt32LE(at + 20))
      return inflateRawSync(packed)
        .toString()
        .replaceAll(/<\/w:p>/g, '\n')
        .replaceAll(/<[^>]*>/g, '')
    }
    at += 46 + nameLength + extra + comment
  }
  throw new Error('no word/document.xml in the archive')
}

it('takes from the case what it knows, and names what is still missing', () => {
  const notice = noticeOf(form, exampleFacts, 'vi')
  const value = (id: string) => notice.fields.find((field) => field.id === id)
  expect(value('detected-at')).toMatchObject({ value: '10 giờ 37 phút 41 giây ngày 22/11/2026', origin: 'case' })
  expect(value('notifier-address')).toMatchObject({ value: 'Số 59 Lý Tự Trọng, phường Sài Gòn, Thành phố Hồ Chí Minh', origin: 'person' })
  expect(value('result')?.value).toBe(
    'Đã ngăn chặn, đang tiếp tục xử lý.\nCác biện pháp đã thực hiện:\n- Bảo toàn chứng cứ;\n- Cô lập máy chủ bị ảnh hưởng.',
  )
  expect(value('proposals')).toMatchObject({ value: '', origin: 'none' })
  expect(notice.missing).toEqual(['contact', 'operator', 'owner'])
  expect(notice).toMatchObject({ official: false, confidence: 'recalled', version: 4 })
})

it('writes the DOCX as an official Vietnamese paper, missing values marked', async () => {
  const text = textOf(await renderDocx(documentOf(form, exampleFacts, 'vi', now)))
  for (const part of [
    'CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM',
    'Độc lập - Tự do - Hạnh phúc',
    'TRUNG TÂM AN NINH MẠNG THÀNH PHỐ',
    'Thành phố Hồ Chí Minh, ngày 22 tháng 11 năm 2026',
    'THÔNG BÁO SỰ CỐ AN NINH MẠNG',
    '(Biểu mẫu tham khảo, chưa phải mẫu chính thức)',
    '7. Đơn vị vận hành: [Chưa có thông tin, cần bổ sung]',
    'Kẻ tấn công tải lên một tập lệnh và gọi tập lệnh đó.',
    'Nơi nhận:',
  ]) {
    expect(text).toContain(part)
  }
})

it('lets no control character and no turned direction into the file', async () => {
  const summary = 'a\u0000b\u202Ec\uD800d\r\ne & <f>'
  const text = textOf(await renderDocx(documentOf(form, { ...exampleFacts, incident: { ...exampleFacts.incident, summary } }, 'vi', now)))
  expect(text).toContain('10. Mô tả sự cố: a\uFFFDb\uFFFDc\uFFFDd\ne &amp; &lt;f&gt;')
})

it('keeps pasted text from filling pages and from holding the process', async () => {
  const pasted = `cột\tgiá trị\n\n\n${'dòng\n'.repeat(500)}`
  const written = { 'incident-notice': { contact: pasted, owner: 'A'.repeat(20_000) } }
  const paper = documentOf(form, { ...exampleFacts, incident: { ...exampleFacts.incident, forms: written } }, 'vi', now)
  const entries = paper.sections.flatMap((section) => section.entries)
  const { lines } = entries.find((entry) => entry.lines[0] === 'cột giá trị')!
  expect(lines).toHaveLength(200)
  expect(lines.join(' ').match(/dòng/g)).toHaveLength(500)
  expect(
    breakable('A'.repeat(20_000))
      .split('\u200B')
      .map((part) => part.length),
  ).toEqual([...Array<number>(100).fill(200), 0])
  expect(breakable('từng chữ một')).toBe('từng chữ một')
  expect((await renderPdf(paper)).length).toBeGreaterThan(10_000)
})

it('writes it in English too', async () => {
  const text = textOf(await renderDocx(documentOf(form, exampleFacts, 'en', now)))
  expect(text).toContain('Independence - Freedom - Happiness')
  expect(text).toContain('11. Time of detection: 22 November 2026 at 10:37:41 (UTC+7)')
  expect(text).toContain('8. Owner: [Missing: to be filled in]')
})

it('writes a PDF', async () => {
  const pdf = Buffer.from(await renderPdf(documentOf(form, exampleFacts, 'vi', now)))
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
  expect(pdf.toString('latin1').trimEnd().endsWith('%%EOF')).toBe(true)
})

it('writes dates as Decree 30/2020 asks, in the city’s time', () => {
  const dated = (iso: string) => documentOf(form, exampleFacts, 'vi', new Date(iso)).placeAndDate
  expect(dated('2026-12-31T17:30:00Z')).toBe('Thành phố Hồ Chí Minh, ngày 01 tháng 01 năm 2027')
  expect(dated('2026-03-09T00:00:00Z')).toBe('Thành phố Hồ Chí Minh, ngày 09 tháng 3 năm 2026')
})

it('goes from an alert to a notice that people fill in and download', async () => {
  const name = (text: string) => ({ vi: text, en: text })
  const source = {
    id: 'portal',
    name: name('Cổng'),
    agency: 'stttt',
    system: 'Cổng thông tin công dân',
    transport: 'syslog',
    parsers: ['nginx'],
  }
  const config = configSchema.parse({ agencies: [{ id: 'stttt', name: name('Sở Khoa học và Công nghệ') }], sources: [source] })
  const soc = openTestSoc(now)
  const cases = casesHandlers({
    ...soc,
    config,
    playbooks: await readPlaybooks([content]),
    profile: await readLegalProfile(`${content}/obligations/vn-2026.yml`),
  })
  const handlers = reportsHandlers({ ...soc, config, catalogue: { all: config.sources }, form })
  const call = <Name extends keyof typeof handlers>(route: Name, request: object) =>
    (handlers[route] as Handler<Routes[Name]>)(
      { params: undefined, query: undefined, body: undefined, ...request } as never,
      analyst,
      undefined as never,
    )
  await soc.receive(attackFrom('203.0.113.7'))
  const { items } = await alertsHandlers(soc).listAlerts(
    { params: undefined, body: undefined, query: { limit: 1 } },
    analyst,
    undefined as never,
  )
  const { id } = await cases.escalateAlert({ params: { id: items[0]!.id }, query: undefined, body: {} }, analyst, undefined as never)

  const notice = await call('readNotice', { params: { id } })
  expect(notice.missing).toEqual(['notifier-address', 'contact', 'operator', 'owner', 'result'])
  const values = { 'notifier-address': 'a', contact: 'b', operator: 'c', owner: 'd', result: 'e' }
  const filled = await call('fillNotice', { params: { id }, body: { values, version: notice.version } })
  expect(filled.missing).toEqual([])
  await expect(call('fillNotice', { params: { id }, body: { values: { x: 'y' }, version: 2 } })).rejects.toMatchObject({
    code: 'invalid-request',
  })
  await expect(call('fillNotice', { params: { id }, body: { values, version: 1 } })).rejects.toMatchObject({ code: 'conflict' })

  const download = (await call('noticeDocx', { params: { id }, query: { language: 'vi' } })) as { fileName: string; bytes: Uint8Array }
  expect(download.fileName).toBe('incident-notice-VG-2026-0001-vi.docx')
  expect(textOf(download.bytes)).toContain('4. Tên hệ thống thông tin: Cổng thông tin công dân')
  expect(soc.audited.at(-1)).toMatchObject({ action: 'report.download', detail: { format: 'docx', missing: [] } })
})

it('numbers sections in Roman', () => {
  expect([1, 4, 5, 9, 14, 39].map(roman)).toEqual(['I', 'IV', 'V', 'IX', 'XIV', 'XXXIX'])
})
