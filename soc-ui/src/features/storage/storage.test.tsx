// @vitest-environment happy-dom
import { cleanup, screen } from '@testing-library/react'
import type { Storage } from '@vonggac/contract'
import { afterEach, describe, expect, it } from 'vitest'
import { renderSignedIn } from '../../lib/testing.tsx'
import { Health } from './health.tsx'
import { Jobs } from './jobs.tsx'
import { Parts } from './parts.tsx'

afterEach(cleanup)

const storage: Storage = {
  engine: 'embedded',
  state: 'ready',
  detail: '',
  events: 2_000_000,
  bytes: 260_000_000,
  oldest: '2026-11-01T00:00:00.000Z',
  newest: '2026-11-22T00:00:00.000Z',
  disk: { freeBytes: 40_000_000_000, budgetBytes: 300_000_000, daysLeft: 6.8 },
  parts: [
    { name: '2026-11-21', events: 10, bytes: 1_300, state: 'ready' },
    { name: '2026-11-02', events: 20, bytes: 2_600, state: 'failed', detail: 'The checksum of 07.parquet is wrong.' },
  ],
  documents: { engine: 'embedded', state: 'ready', detail: '' },
  retention: { days: 365, exceptions: [] },
  holds: [],
  jobs: [],
  able: { backup: true, check: true },
}
const job: Storage['jobs'][number] = {
  kind: 'back-up',
  state: 'running',
  startedAt: '2026-11-22T00:00:00.000Z',
  startedBy: 'u1',
  progress: 0.425,
  notes: [],
}

describe('the health of the stores', () => {
  it('says how much there is, what an event takes, and when the disk is full', async () => {
    await renderSignedIn(<Health storage={storage} />)
    expect(screen.getByText('Kho sự kiện nhận, lưu và tìm kiếm bình thường.')).toBeTruthy()
    expect(screen.getByText('130 B mỗi sự kiện')).toBeTruthy()
    expect(screen.getByText('Còn khoảng 6 ngày nữa là đầy, với tốc độ hiện nay')).toBeTruthy()
    expect(screen.getByText(/Đã dùng 260 MB trong 300 MB được phép/)).toBeTruthy()
  })

  it('says what is wrong and what to do', async () => {
    await renderSignedIn(<Health storage={{ ...storage, state: 'degraded', detail: 'Free 20 GB on /data.' }} />)
    expect(screen.getByText('Cần chú ý')).toBeTruthy()
    expect(screen.getByText('Free 20 GB on /data.')).toBeTruthy()
  })

  it('shows the parts that are wrong first', async () => {
    await renderSignedIn(<Parts parts={storage.parts} />)
    const [, first] = screen.getAllByRole('row')
    expect(first?.textContent).toContain('2026-11-02')
    expect(first?.textContent).toContain('The checksum of 07.parquet is wrong.')
  })
})

describe('back-ups and checks', () => {
  const start = () => screen.getByTestId('start-back-up') as HTMLButtonElement

  it('are started by administrators, one at a time', async () => {
    await renderSignedIn(<Jobs jobs={[]} able={storage.able} />, { role: 'administrator' })
    expect(start().disabled).toBe(false)
    cleanup()
    await renderSignedIn(<Jobs jobs={[job]} able={storage.able} />, { role: 'administrator' })
    expect(start().disabled).toBe(true)
    expect(screen.getByTestId('job').textContent).toContain('42%')
  })

  it('are seen by managers', async () => {
    await renderSignedIn(<Jobs jobs={[{ ...job, state: 'failed', notes: ['The folder is full.'] }]} able={storage.able} />, {
      role: 'manager',
    })
    expect(screen.queryByTestId('start-back-up')).toBeNull()
    expect(screen.getByText('The folder is full.')).toBeTruthy()
  })

  it('are left to Elasticsearch where it has its own', async () => {
    await renderSignedIn(<Jobs jobs={[]} able={{ backup: false, check: false }} />, { role: 'administrator' })
    expect(screen.getByText(/Elasticsearch tự sao lưu/)).toBeTruthy()
    expect(screen.queryByTestId('start-back-up')).toBeNull()
  })
})
