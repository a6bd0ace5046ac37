// @vitest-environment happy-dom
import { cleanup, fireEvent, screen } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import { renderSignedIn } from '../lib/testing.tsx'
import { CrashPage } from './failures.tsx'

afterEach(() => {
  cleanup()
  vi.restoreAllMocks()
})

it('offers to load the console anew when a part of it is gone from the server', async () => {
  const reload = vi.spyOn(window.location, 'reload').mockImplementation(() => undefined)
  const reset = vi.fn()
  const error = new TypeError('Failed to fetch dynamically imported module: http://127.0.0.1/assets/alert-page-Bx1.js')
  await renderSignedIn(<CrashPage error={error} reset={reset} />)
  fireEvent.click(screen.getByRole('button', { name: 'Tải lại' }))
  expect(reload).toHaveBeenCalledOnce()
  expect(reset).not.toHaveBeenCalled()
})

it('offers to try again after another error', async () => {
  const reset = vi.fn()
  await renderSignedIn(<CrashPage error={new Error('x is undefined')} reset={reset} />)
  fireEvent.click(screen.getByRole('button', { name: 'Thử lại' }))
  expect(reset).toHaveBeenCalledOnce()
})
