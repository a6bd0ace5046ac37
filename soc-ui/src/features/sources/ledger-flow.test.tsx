// @vitest-environment happy-dom
import { cleanup, screen } from '@testing-library/react'
import type { LedgerCounts } from '@vonggac/contract'
import { afterEach, describe, expect, it } from 'vitest'
import { renderSignedIn } from '../../lib/testing.tsx'
import { bytesOf, hexDump } from './bytes.ts'
import { BalanceLabel, LedgerFlow, LedgerNotes } from './ledger-flow.tsx'
import { snippetFor } from './snippets.ts'

afterEach(cleanup)

function show(counts: LedgerCounts) {
  return renderSignedIn(
    <>
      <LedgerFlow counts={counts} name="Cổng" />
      <BalanceLabel counts={counts} />
      <LedgerNotes counts={counts} />
    </>,
  )
}

describe('the ledger', () => {
  it('says that it adds up, rejected ones included', async () => {
    await show({ received: 1000, journaled: 1000, forwarded: 1000, stored: 1000, evaluated: 998, rejected: { unparsed: 2 } })
    expect(screen.getByText('Khớp sổ')).toBeTruthy()
    expect(screen.getByTestId('count-received').textContent).toBe('1.000')
    expect(screen.getByTestId('count-rejected').textContent).toBe('2')
    expect(screen.getByText(/Không bộ phân tích nào đọc được/)).toBeTruthy()
  })

  it('shows between which stages something is missing', async () => {
    await show({ received: 1002, journaled: 1000, forwarded: 900, stored: 900, evaluated: 900, rejected: {} })
    expect(screen.getByText('Lệch 102')).toBeTruthy()
    expect(screen.getByText('2 sự kiện mất trước khi kịp ghi bền')).toBeTruthy()
    expect(screen.getByText('100 sự kiện đã ghi, chưa chuyển tới bộ phân tích')).toBeTruthy()
  })
})

describe('a rejected frame', () => {
  it('is shown by its kept bytes, else by its original line', () => {
    expect([...bytesOf({ 'vonggac.raw': btoa('\u00ff\u0000A'), 'event.original': '?' })]).toEqual([0xff, 0, 0x41])
    expect([...bytesOf({ 'event.original': 'đ' })]).toEqual([0xc4, 0x91])
    expect([...bytesOf({ 'vonggac.raw': 'not base64!', 'event.original': 'A' })]).toEqual([0x41])
  })

  it('is dumped sixteen bytes a line', () => {
    const dump = hexDump(new TextEncoder().encode('0123456789abcdef\n'))
    expect(dump.split('\n')).toEqual([
      '00000000  30 31 32 33 34 35 36 37 38 39 61 62 63 64 65 66  0123456789abcdef',
      `00000010  0a${' '.repeat(45)}  .`,
    ])
  })
})

describe('how to send', () => {
  it('prefers TCP with octet counting for syslog', () => {
    const snippet = snippetFor({ id: 'portal', transport: 'syslog', addresses: ['udp://10.0.0.5:5514', 'tcp://10.0.0.5:5515'] })
    expect(snippet).toContain('target="10.0.0.5"\n  port="5515"\n  protocol="tcp"')
    expect(snippet).toContain('TCP_Framing="octet-counted"')
  })

  it('says nothing about an address that it does not understand', () => {
    expect(snippetFor({ id: 'portal', transport: 'syslog', addresses: ['somewhere'] })).toBeUndefined()
  })
})
