// @vitest-environment happy-dom
import { cleanup, fireEvent, screen } from '@testing-library/react'
import type { CaseDetail, Notice, Role } from '@vonggac/contract'
import { afterEach, expect, it } from 'vitest'
import { ask } from '../../lib/queries.ts'
import { renderSignedIn } from '../../lib/testing.tsx'
import { NoticeTab } from './notice-tab.tsx'

afterEach(cleanup)

const notice: Notice = {
  form: 'incident-notice',
  title: { vi: 'Thông báo sự cố', en: 'Incident notice' },
  source: 'Thông tư 20/2017/TT-BTTTT',
  confidence: 'recalled',
  official: false,
  fields: [
    { id: 'system', label: { vi: 'Hệ thống', en: 'System' }, required: true, multiline: false, value: 'portal', origin: 'case' },
    { id: 'operator', label: { vi: 'Đơn vị vận hành', en: 'Operator' }, required: true, multiline: false, value: '', origin: 'none' },
    { id: 'proposals', label: { vi: 'Kiến nghị', en: 'Proposals' }, required: false, multiline: true, value: '', origin: 'none' },
  ],
  missing: ['operator'],
  version: 1,
}
const detail = { case: { id: 'c1' }, obligations: [] } as unknown as CaseDetail

function show(role: Role) {
  return renderSignedIn(<NoticeTab detail={detail} />, {
    role,
    answers: (client) => client.setQueryData(ask('readNotice', { params: { id: 'c1' } }).queryKey, notice),
  })
}

it('counts and names what is missing, and how far the form is to be trusted', async () => {
  await show('analyst')
  expect(screen.getByTestId('notice-missing').textContent).toContain('Còn thiếu 1 mục bắt buộc')
  expect(screen.getByTestId('notice-missing').textContent).toContain('Đơn vị vận hành')
  expect(screen.getByText('Mẫu này chưa phải mẫu chính thức')).toBeTruthy()
  expect(screen.getByText('Chưa đối chiếu văn bản gốc')).toBeTruthy()
})

it('says when it is complete and that a download lacks what is not saved', async () => {
  await show('analyst')
  const save = screen.getByTestId<HTMLButtonElement>('save-notice')
  expect(save.disabled).toBe(true)
  fireEvent.change(screen.getByTestId('notice-field-operator'), { target: { value: 'Trung tâm dữ liệu' } })
  expect(screen.getByTestId('notice-complete')).toBeTruthy()
  expect(screen.getByText(/bản tải về chưa có những thay đổi này/)).toBeTruthy()
  expect(save.disabled).toBe(false)
})

it('lets a viewer read, neither change nor download', async () => {
  await show('viewer')
  expect(screen.getByTestId<HTMLInputElement>('notice-field-operator').readOnly).toBe(true)
  expect(screen.queryByTestId('save-notice')).toBeNull()
  expect(screen.queryByTestId('download-docx')).toBeNull()
})
