// @vitest-environment happy-dom
import { cleanup, fireEvent, screen } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import { renderSignedIn } from '../lib/testing.tsx'
import { LabelChoice } from './label-choice.tsx'

afterEach(cleanup)

it('offers the labels that the session is cleared for, each with what it means', async () => {
  const chosen = vi.fn<(label: string) => void>()
  await renderSignedIn(<LabelChoice label="Nhãn chia sẻ" value="TLP:GREEN" disabled={false} onChange={chosen} />, {
    clearance: 'TLP:AMBER',
  })
  const field = screen.getByRole('combobox', { name: 'Nhãn chia sẻ' })
  expect(document.getElementById(field.getAttribute('aria-describedby')!)?.textContent).toBe(
    'Trong cộng đồng an toàn thông tin, không công bố',
  )
  fireEvent.click(field)
  expect((await screen.findAllByRole('option')).map(({ textContent }) => textContent)).toEqual([
    'TLP:CLEARCông khai, không hạn chế',
    'TLP:GREENTrong cộng đồng an toàn thông tin, không công bố',
    'TLP:AMBERTrong cơ quan nhận và những bên cần biết để hỗ trợ',
  ])
  fireEvent.click(screen.getByRole('option', { name: /TLP:AMBER/ }))
  expect(chosen.mock.calls).toEqual([['TLP:AMBER']])
})
